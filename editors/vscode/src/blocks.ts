import type { Event, EventOf, InputPart } from "@skein/protocol"
import { hunksOf } from "./hunks.ts"
import type { Block, CallBlock } from "./shown.ts"

type Written<T> = { -readonly [K in keyof T]: T[K] }
type Said = Written<Extract<Block, { kind: "agent" | "thought" }>> & { readonly step: number }

/** What has been said and done in a session, folded from its events. `take` says from which block on it is another. */
export class Blocks {
  readonly #blocks: Block[] = []
  readonly #items = new Map<string, number>()
  readonly #calls = new Map<string, number>()
  readonly #questions = new Map<string, string>()
  #turnFrom = 0

  get all(): readonly Block[] {
    return this.#blocks
  }

  /** The title of a call, for who asks about it. */
  titleOf(callId: string | undefined): string | undefined {
    const block = this.#blocks[this.#calls.get(callId ?? "") ?? -1]
    return block?.kind === "call" ? block.title : undefined
  }

  /** Something of the extension's own, that no event says. */
  note(level: "info" | "warning" | "error", text: string): number {
    return this.#add({ kind: "notice", level, text })
  }

  /** Undefined when nothing that is shown changed. */
  take(event: Event): number | undefined {
    switch (event.type) {
      case "turn.started":
        this.#turnFrom = this.#blocks.length
        return this.#add({ kind: "user", text: textOf(event.input), isSteer: false })
      case "turn.steered": {
        const first = this.#blocks.length
        for (const { input } of event.inputs) this.#add({ kind: "user", text: textOf(input), isSteer: true })
        return first
      }
      case "item.started":
        return this.#item(event.itemId, event.kind, event.step, (said) => {
          said.isOpen = true
        })
      case "item.delta":
        return this.#item(event.itemId, event.channel === "text" ? "agent_message" : "reasoning", 0, (said) => {
          said.text += event.text
        })
      case "item.completed":
        return this.#item(event.itemId, event.kind, event.step, (said) => {
          said.text = event.text
          said.isOpen = false
        })
      case "session.snapshot":
        return this.#joined(event)
      case "step.discarded":
        return this.#discard(event.step)
      case "call.requested": {
        const isInner = event.parentCallId !== undefined
        this.#calls.set(event.callId, this.#blocks.length)
        return this.#add({ kind: "call", title: event.title, state: "running", hunks: [], isInner })
      }
      case "call.progress":
        return this.#call(event.callId, { said: event.preview })
      case "call.settled":
      case "shell.ended":
        return this.#settled(event)
      case "shell.started":
        this.#calls.set(event.callId, this.#blocks.length)
        return this.#add({ kind: "call", title: `! ${event.command}`, state: "running", hunks: [], isInner: false })
      case "approval.requested":
        if (event.callId === undefined) return undefined
        this.#questions.set(event.approvalId, event.callId)
        return this.#call(event.callId, { state: "waiting" })
      case "approval.resolved":
        return this.#call(this.#questions.get(event.approvalId), { state: "running" })
      case "notice.posted":
        return this.note(event.level, event.text)
      case "context.compacted":
        return this.note("info", "Older context left the model's view.")
      case "session.rewound":
        return this.note("info", "The conversation went back to an earlier place.")
      case "turn.ended":
        return this.#ended(event)
      default:
        return undefined
    }
  }

  #add(block: Block): number {
    return this.#blocks.push(block) - 1
  }

  #item(id: string, kind: "agent_message" | "reasoning", step: number, change: (said: Said) => void): number {
    const known = this.#items.get(id)
    const fresh: Said = {
      kind: kind === "reasoning" ? "thought" : "agent",
      text: "",
      isOpen: true,
      isDiscarded: false,
      step,
    }
    const at = known ?? this.#add(fresh)
    this.#items.set(id, at)
    const said = { ...(this.#blocks[at] as Said) }
    change(said)
    this.#blocks[at] = said
    return at
  }

  #joined({ openItems }: EventOf<"session.snapshot">): number | undefined {
    const places = openItems.map(({ itemId, kind, text }) =>
      this.#item(itemId, kind, 0, (said) => {
        said.text = text
      }),
    )
    return places.length === 0 ? undefined : Math.min(...places)
  }

  /** What was said of an attempt that counts for nothing stays, marked. */
  #discard(step: number): number | undefined {
    let first: number | undefined
    for (let at = this.#turnFrom; at < this.#blocks.length; at++) {
      const block = this.#blocks[at] as Said
      if ((block.kind !== "agent" && block.kind !== "thought") || block.step !== step || block.isDiscarded) continue
      this.#blocks[at] = { ...block, isDiscarded: true, isOpen: false }
      first ??= at
    }
    return first
  }

  #call(callId: string | undefined, changes: Partial<CallBlock>): number | undefined {
    const at = this.#calls.get(callId ?? "")
    const block = at === undefined ? undefined : this.#blocks[at]
    if (at === undefined || block?.kind !== "call") return undefined
    this.#blocks[at] = { ...block, ...changes }
    return at
  }

  #settled(event: EventOf<"call.settled" | "shell.ended">): number | undefined {
    const [said] = event.forModel
    const changes = "changes" in event ? (event.changes ?? []) : []
    const isFailure = event.outcome !== "success" && said?.type === "text"
    return this.#call(event.callId, {
      state: event.outcome,
      summary: event.forHuman?.summary,
      hunks: changes.flatMap(({ path, diff }) => (diff === undefined ? [] : hunksOf(diff, path))),
      said: isFailure ? said.text : event.type === "shell.ended" ? event.forHuman?.body : undefined,
    })
  }

  #ended({ outcome }: EventOf<"turn.ended">): number | undefined {
    switch (outcome.kind) {
      case "completed":
        return undefined
      case "interrupted":
        return this.note("info", outcome.message ?? "Stopped.")
      case "failed":
        return this.note("error", outcome.message)
      case "exhausted":
        return this.note("warning", outcome.message)
    }
  }
}

function textOf(input: readonly InputPart[]): string {
  return input.map((part) => (part.type === "text" ? part.text : `[image ${part.name ?? part.mediaType}]`)).join("\n\n")
}
