import {
  addUsage,
  type CallId,
  type DurableDraft,
  type Id,
  type IdPrefix,
  NO_USAGE,
  type TurnId,
  type Usage,
} from "@skein/protocol"
import type { Beat } from "../beat.ts"
import type { Ledger } from "../ledger.ts"
import { boundedContent } from "./bound.ts"
import type { TimedDraft } from "./timed.ts"
import { callWords } from "./words.ts"

type Output = Extract<Beat, { kind: "thought" | "answered" | "called" }>
type Settled = Extract<Beat, { kind: "settled" }>
type Spent = Extract<Beat, { kind: "spent" }>

export interface StepFacts {
  readonly turnId: TurnId
  readonly step: number
  /** When the request left, as far as that can be told: the time of what came before. */
  readonly at: number
  readonly model: string
  readonly cwd: string
  readonly newId: <P extends IdPrefix>(prefix: P) => Id<P>
  readonly ledger: Ledger
}

/**
 * One reply of the model and the results of its calls, held until it is whole: in our log a step ends before its calls
 * start, in others their lines alternate.
 */
export class OpenStep {
  readonly #facts: StepFacts
  readonly #outputs: TimedDraft[] = []
  readonly #results: TimedDraft[] = []
  readonly #asides: TimedDraft[] = []
  readonly #open = new Map<string, { readonly callId: CallId; readonly at: number }>()
  #reply: string | undefined
  #usage: Usage | undefined
  #microUsd: number | undefined
  #hasCalls = false

  constructor(facts: StepFacts) {
    this.#facts = facts
  }

  /** Whether an output is of this reply: the log says so, or nothing that was asked for has been answered yet. */
  takes({ reply }: Output): boolean {
    if (reply !== undefined && this.#reply !== undefined) return reply === this.#reply
    return this.#results.length === 0 || this.#open.size > 0
  }

  add(beat: Output): void {
    this.#reply ??= beat.reply
    const { turnId, step, newId, ledger } = this.#facts
    const index = this.#outputs.length
    if (beat.kind === "called") return this.#call(beat, index)
    ledger.keep(beat.kind === "thought" ? "thoughts" : "messages")
    const kind = beat.kind === "thought" ? "reasoning" : "agent_message"
    const itemId = newId("itm")
    const { at, text } = beat
    const draft = { type: "item.completed", turnId, step, itemId, index, kind, text, status: "complete" } as const
    this.#outputs.push({ at, draft })
  }

  #call(beat: Extract<Output, { kind: "called" }>, index: number): void {
    const { turnId, step, newId, ledger, cwd } = this.#facts
    ledger.keep("calls")
    const callId = newId("cal")
    const { name, input, title, kind, locations } = callWords(beat.name, beat.input, cwd)
    const { inputText } = beat
    const message = "The arguments are no JSON, in the log this was imported from."
    const draft: DurableDraft = {
      type: "call.requested",
      ...{ turnId, step, callId, index, name, title, kind, locations: [...locations] },
      ...(inputText === undefined
        ? { input: input ?? {} }
        : { inputText, defect: { code: "call.invalid_input", message } }),
    }
    this.#hasCalls = true
    this.#outputs.push({ at: beat.at, draft })
    // A second call of the same id hides the first, whose result is then missing like any other.
    const hidden = this.#open.get(beat.id)
    if (hidden !== undefined) this.#missing(hidden)
    this.#open.set(beat.id, { callId, at: beat.at })
  }

  /** False when no open call has this id. */
  settle(beat: Settled): boolean {
    const call = this.#open.get(beat.id)
    if (call === undefined) return false
    this.#open.delete(beat.id)
    const { outcome, exitCode, at } = beat
    const durationMs = Math.round(beat.durationMs ?? Math.max(at - call.at, 0))
    const forModel = boundedContent(beat.content, this.#facts.ledger, beat.line)
    this.#results.push({ at: Math.max(at - durationMs, call.at), draft: { type: "call.started", callId: call.callId } })
    this.#results.push({
      at,
      draft: {
        type: "call.settled",
        ...{ callId: call.callId, outcome, forModel, durationMs },
        ...(outcome === "success" ? {} : { code: outcome === "error" ? "call.failed" : "call.cancelled" }),
        ...(exitCode === undefined ? {} : { exitCode }),
        // What another program let in was judged by its rules, not by ours.
        provenance: { source: "import", isTrusted: false },
      },
    })
    return true
  }

  spend({ usage, microUsd }: Spent): void {
    this.#usage = this.#reply === undefined && this.#usage !== undefined ? addUsage(this.#usage, usage) : usage
    if (microUsd !== undefined) this.#microUsd = microUsd
  }

  /** What was told while the step was under way, and is no part of it. */
  aside(timed: TimedDraft): void {
    this.#asides.push(timed)
  }

  /** The whole step as drafts, in our order. Calls without a result are settled here. */
  close(isInterrupted: boolean): TimedDraft[] {
    const { turnId, step, at, model, ledger } = this.#facts
    ledger.keep("steps")
    for (const call of this.#open.values()) this.#missing(call)
    this.#open.clear()
    const endedAt = this.#outputs.at(-1)?.at ?? at
    const isCut = isInterrupted && !this.#hasCalls
    const usage = this.#usage ?? { ...NO_USAGE, isEstimated: true }
    const tokens = usage.input + usage.cacheRead + usage.cacheWrite
    return [
      { at, draft: { type: "step.started", turnId, step, attempt: 1, model, tokens } },
      ...this.#outputs,
      {
        at: endedAt,
        draft: {
          type: "step.ended",
          ...{ turnId, step, usage, durationMs: Math.max(endedAt - at, 0) },
          outcome: isCut ? "interrupted" : "completed",
          stop: this.#hasCalls ? "calls" : isCut ? "interrupted" : "end",
          ...(this.#microUsd === undefined ? {} : { microUsd: this.#microUsd }),
        },
      },
      ...this.#results,
      ...this.#asides,
    ]
  }

  #missing({ callId, at }: { readonly callId: CallId; readonly at: number }): void {
    this.#facts.ledger.lose("call_without_result")
    const text =
      "The log this was imported from has no result of this call. It may have run; check before repeating it."
    const draft: DurableDraft = {
      type: "call.settled",
      ...{ callId, outcome: "error", code: "call.unknown_outcome", durationMs: 0 },
      forModel: [{ type: "text", text }],
    }
    this.#results.push({ at, draft })
  }
}
