import { type DurableEvent, NO_USAGE, type TurnOutcome, type Usage } from "@skein/protocol"
import { tainted } from "../transcript/taint.ts"

/** What one run of a child session came to so far, read off the events of its log. */
export class Tally {
  steps = 0
  tokens = 0
  microUsd = 0
  /** How its newest turn ended; undefined while one is open. */
  outcome: TurnOutcome | undefined
  /** The title of its newest call. */
  doing = ""
  readonly #changed = new Set<string>()
  #taint: readonly { readonly source: string }[] = []
  #said: { readonly step: string; readonly texts: readonly string[] } | undefined

  take(event: DurableEvent): void {
    switch (event.type) {
      case "turn.started":
        this.outcome = undefined
        return this.#read(event.taint)
      case "turn.steered":
        return this.#read(event.taint)
      case "turn.ended":
        this.outcome = event.outcome
        return
      case "item.completed":
        if (event.kind === "agent_message") this.#say(`${event.turnId}/${event.step}`, event.text)
        return
      case "call.requested":
        this.doing = event.title
        return
      case "call.settled":
        for (const { path } of event.changes ?? []) this.#changed.add(path)
        this.#taint = tainted(this.#taint, event.provenance)
        return
      case "files.changed":
        for (const { path } of event.changes) this.#changed.add(path)
        return
      default:
        return this.#spend(event)
    }
  }

  /** Its final message, or what it last said. */
  get text(): string {
    return (this.#said?.texts ?? []).join("\n\n")
  }

  get changedPaths(): readonly string[] {
    return [...this.#changed]
  }

  /** What it read that nobody may be steered by. */
  get taint(): readonly string[] {
    return this.#taint.map(({ source }) => source)
  }

  #spend(event: DurableEvent): void {
    switch (event.type) {
      case "step.ended":
        this.steps += 1
        return this.#pay(event.usage, event.microUsd)
      case "step.discarded":
      case "usage.recorded":
        return this.#pay(event.usage, event.microUsd)
      case "subagent.ended":
        this.tokens += event.tokens
        this.microUsd += event.microUsd
        for (const path of event.changedPaths) this.#changed.add(path)
        return this.#read(event.taint)
      default:
        return
    }
  }

  #pay({ input, cacheRead, cacheWrite, output }: Usage = NO_USAGE, microUsd = 0): void {
    this.tokens += input + cacheRead + cacheWrite + output
    this.microUsd += microUsd
  }

  #read(sources: readonly string[] = []): void {
    for (const source of sources) this.#taint = tainted(this.#taint, { source, isTrusted: false })
  }

  /** A message may come in several texts, with thoughts between them. */
  #say(step: string, text: string): void {
    if (text.trim() === "") return
    const before = this.#said?.step === step ? this.#said.texts : []
    this.#said = { step, texts: [...before, text] }
  }
}
