import { type CallId, type Event, type EventOf, type InputPart, type ItemId, isDurable } from "@skein/protocol"
import { type TurnRecord, turnAfter, turnBegun } from "@skein/protocol/turns"
import type { AnswerBlock, Block, CallBlock, ReasoningBlock } from "./block.ts"
import { requestedBlock, settledBlock, shellBlock } from "./call-block.ts"
import { endBlock } from "./end-block.ts"
import { hostedBlock, searchingBlock } from "./hosted-block.ts"
import { processBlock } from "./process-block.ts"
import { saidIn } from "./said.ts"

/**
 * What of a session is still to be drawn, folded from its events: blocks in their order, the first ones final or not. Whoever
 * draws takes the final ones from the front and keeps them; so a session of any length costs what is open of it.
 */
export class Transcript {
  readonly #blocks: Block[] = []
  readonly #places = new Map<string, number>()
  /** Final, and not taken yet. */
  #held: Block[] = []
  /** Those that are not final: what of the session goes on, however much of it is not taken yet. */
  readonly #unfinished = new Map<string, Block>()
  /** How many were taken or held; places count from the session's beginning. */
  #taken = 0
  #turn: TurnRecord | undefined
  #answer: string | undefined
  #hasExplained = false
  /** Why requests of the turn were refused, as far as it was told. */
  readonly #refusals = new Set<string>()
  /** They run beside turns, and would keep back all that comes after them. */
  readonly #shells = new Map<CallId, CallBlock>()
  readonly #begun = new Map<ItemId, number>()

  /** Not taken yet, and not held. */
  get open(): readonly Block[] {
    return this.#blocks
  }

  /** Commands of the person's own that run now: each has its place where it ends, and until then none. */
  get shells(): readonly CallBlock[] {
    return [...this.#shells.values()]
  }

  /** What was held, in order; `open` goes on from there. */
  get held(): readonly Block[] {
    return this.#held
  }

  /** The newest whole answer. */
  get answer(): string | undefined {
    return this.#answer
  }

  get turn(): TurnRecord | undefined {
    return this.#turn
  }

  /** The turn that runs already, where it is followed from its middle. */
  join(turn: TurnRecord): void {
    this.#turn = turn
  }

  /** Calls that run or wait, in order. */
  get calls(): readonly CallBlock[] {
    return [...this.#unfinished.values()].filter((block) => block.kind === "call")
  }

  /** The model says something now. */
  get isAnswering(): boolean {
    return this.#unfinished.values().some(({ kind }) => kind === "answer")
  }

  /** The model thinks now, and shows it. */
  get isThinking(): boolean {
    return this.#unfinished.values().some(({ kind }) => kind === "reasoning")
  }

  /** Its provider searches for it now: the only line that is not final. */
  get isSearching(): boolean {
    return this.#unfinished.values().some(({ kind }) => kind === "notice")
  }

  /** A block of the screen's own: what a command showed. */
  add(block: Block): void {
    this.#places.set(block.id, this.#taken + this.#blocks.length)
    this.#blocks.push(block)
    this.#follow(block)
  }

  /** The final blocks before the first that is not, which are forgotten here. */
  take(): readonly Block[] {
    this.hold()
    const taken = this.#held
    this.#held = []
    return taken
  }

  /** Sets what could be taken aside, for who will take it later: it is not looked at again until then. */
  hold(): void {
    const open = this.#blocks.findIndex(({ isFinal }) => !isFinal)
    const taken = this.#blocks.splice(0, open === -1 ? this.#blocks.length : open)
    this.#taken += taken.length
    for (const block of taken) {
      this.#places.delete(block.id)
      this.#held.push(block)
    }
  }

  apply(event: Event): void {
    if (this.#turn !== undefined && isDurable(event)) this.#turn = turnAfter(this.#turn, event)
    switch (event.type) {
      case "session.snapshot":
        for (const { itemId, kind, text } of event.openItems) this.#say(itemId, kind, text, event.at, "whole")
        for (const { startedAt, ...shell } of event.openShells ?? []) this.#shell({ ...shell, at: startedAt })
        return
      case "turn.started":
        this.#turn = turnBegun(event)
        this.#refusals.clear()
        return this.#prompted(event.inputId, event.input, event.source === "queue")
      case "turn.steered":
        for (const { inputId, input } of event.inputs) this.#prompted(inputId, input, true)
        return
      case "item.started":
        return this.#say(event.itemId, event.kind, "", event.at, "more")
      case "item.delta":
        return this.#say(
          event.itemId,
          event.channel === "reasoning" ? "reasoning" : "agent_message",
          event.text,
          event.at,
          "more",
        )
      case "item.completed":
        return this.#completed(event)
      case "step.discarded":
        this.#discarded()
        return event.retryInMs === undefined ? undefined : this.#refused(event)
      case "turn.ended":
        return this.#ended()
      case "context.compacted":
        if (event.kind === "micro") return
        return this.add({
          kind: "compaction",
          id: event.id,
          isFinal: true,
          tokensBefore: event.tokensBefore,
          tokensAfter: event.tokensAfter,
          summary: event.summary,
        })
      case "hosted_call.started":
        return this.#place(searchingBlock(event.itemId, event))
      case "hosted_call.completed":
        return this.#place(hostedBlock(event.itemId, event))
      case "process.matched":
      case "process.exited": {
        const told = processBlock(event)
        return told === undefined ? undefined : this.add(told)
      }
      case "notice.posted":
        return this.add({ kind: "notice", id: event.id, isFinal: true, level: event.level, text: event.text })
      default:
        return this.#called(event)
    }
  }

  #called(event: Event): void {
    switch (event.type) {
      case "call.requested":
        return this.add(requestedBlock({ ...event, toolKind: event.kind }))
      case "shell.started":
        return this.#shell(event)
      case "shell.ended":
        return this.#shellEnded(event)
      case "call.scheduled":
        return this.#amend(event.callId, (call) => ({ ...call, state: "scheduled" }))
      case "approval.requested":
        if (event.callId === undefined) return
        return this.#amend(event.callId, (call) => ({ ...call, state: "awaiting_approval" }))
      case "approval.resolved":
        return
      case "call.started":
        return this.#amend(event.callId, (call) => ({ ...call, state: "executing", startedAt: event.at }))
      case "call.progress":
        return this.#amend(event.callId, (call) => ({ ...call, bytes: event.bytes, preview: event.preview }))
      case "call.settled":
        this.#amend(event.callId, (call) => settledBlock(call, event))
        if (event.provenance?.isTrusted === false && event.outcome !== "cancelled") this.#explain(event.id)
        return
    }
  }

  /** Who joins late hears of it in a snapshot, who was there at its beginning. */
  #shell(started: Parameters<typeof shellBlock>[0]): void {
    if (!this.#shells.has(started.callId)) this.#put(shellBlock(started))
  }

  #shellEnded(event: EventOf<"shell.ended">): void {
    const shell = this.#shells.get(event.callId)
    this.#shells.delete(event.callId)
    if (shell !== undefined) this.add(settledBlock(shell, event))
  }

  #prompted(inputId: string, input: readonly InputPart[], isSteer: boolean): void {
    this.add({ kind: "prompt", id: inputId, isFinal: true, ...saidIn(input), isSteer })
  }

  #say(itemId: ItemId, kind: "agent_message" | "reasoning", text: string, at: number, how: "more" | "whole"): void {
    const known = this.#find(itemId)
    if (known === undefined) {
      this.#begun.set(itemId, at)
      const block: AnswerBlock | ReasoningBlock =
        kind === "reasoning"
          ? { kind, id: itemId, isFinal: false, text }
          : { kind: "answer", id: itemId, isFinal: false, text, status: "streaming" }
      return this.add(block)
    }
    if (known.kind !== "answer" && known.kind !== "reasoning") return
    this.#put({ ...known, text: how === "more" ? known.text + text : text })
  }

  #completed({ itemId, kind, text, status, at }: EventOf<"item.completed">): void {
    if (kind === "agent_message") this.#answer = text
    const begun = this.#begun.get(itemId)
    this.#begun.delete(itemId)
    const block: Block =
      kind === "reasoning"
        ? { kind, id: itemId, isFinal: true, text, durationMs: at - (begun ?? at) }
        : { kind: "answer", id: itemId, isFinal: true, text, status }
    this.#place(block)
  }

  /** Where it stands already, or at the end. */
  #place(block: Block): void {
    if (this.#find(block.id) === undefined) this.add(block)
    else this.#put(block)
  }

  /** What came of the attempt stays to be seen, marked; the model does not see it. */
  #discarded(): void {
    for (const block of [...this.#unfinished.values()]) {
      if (block.kind === "answer") this.#put({ ...block, isFinal: true, status: "discarded" })
      if (block.kind === "reasoning") this.#put({ ...block, isFinal: true, durationMs: 0 })
      if (block.kind === "notice") this.#put({ ...block, isFinal: true, text: `${block.text} stopped` })
    }
  }

  /** Why it is asked again, once a turn for each reason. Why nothing more is asked is said where the turn ends. */
  #refused({ id, message }: EventOf<"step.discarded">): void {
    if (this.#refusals.has(message)) return
    this.#refusals.add(message)
    this.add({ kind: "notice", id, isFinal: true, level: "warning", text: message })
  }

  #ended(): void {
    this.#discarded()
    const end = this.#turn === undefined ? undefined : endBlock(this.#turn)
    this.#turn = undefined
    if (end !== undefined) this.add(end)
  }

  /** What `untrusted` means, where it is first seen. */
  #explain(id: string): void {
    if (this.#hasExplained) return
    this.#hasExplained = true
    this.add({ kind: "notice", id: `untrusted:${id}`, isFinal: true, level: "info", text: UNTRUSTED })
  }

  #amend(callId: CallId, change: (call: CallBlock) => CallBlock): void {
    const call = this.#shells.get(callId) ?? this.#find(callId)
    if (call?.kind === "call") this.#put(change(call))
  }

  #find(id: string): Block | undefined {
    const place = this.#places.get(id)
    return place === undefined ? undefined : this.#blocks[place - this.#taken]
  }

  #put(block: Block): void {
    const place = this.#places.get(block.id)
    if (place !== undefined) this.#blocks[place - this.#taken] = block
    else if (block.kind === "call" && block.isPersons === true) this.#shells.set(block.callId, block)
    else return
    this.#follow(block)
  }

  #follow(block: Block): void {
    if (block.isFinal) this.#unfinished.delete(block.id)
    else this.#unfinished.set(block.id, block)
  }
}

/** In one line, with what says otherwise. */
const UNTRUSTED = "untrusted: from outside, so sending data out asks first; /network allow HOST"
