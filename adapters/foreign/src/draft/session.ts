import {
  type Id,
  type IdPrefix,
  type InputId,
  type SessionId,
  type Settings,
  shown,
  type TurnId,
  type TurnOutcome,
} from "@skein/protocol"
import type { Beat, Ending } from "../beat.ts"
import { sha256Of } from "../files/fingerprint.ts"
import type { Format } from "../format.ts"
import type { Ledger } from "../ledger.ts"
import { idsOf } from "./ids.ts"
import { OpenStep } from "./step.ts"
import type { TimedDraft } from "./timed.ts"

/** How the session begins. */
export interface Head {
  readonly sessionId: SessionId
  readonly at: number
  readonly workspace: Workspace
  readonly settings: Settings
  readonly version: string
  readonly isInteractive: boolean
  readonly source: { readonly format: Format; readonly path: string; readonly id: string; readonly sha256: string }
}

export interface Workspace {
  readonly path: string
  readonly gitRoot?: string | undefined
  readonly firstCommit?: string | undefined
  readonly folder?: { readonly inode: number; readonly bornMs: number } | undefined
}

/**
 * Beats as drafts of our events: a log that can be folded, shown and continued, whatever the beats are. Every call settles
 * once, every step and every turn ends.
 */
export async function* draftsOf(beats: AsyncIterable<Beat>, head: Head, ledger: Ledger): AsyncGenerator<TimedDraft> {
  const writer = new Writer(head, ledger)
  yield* writer.begin()
  for await (const beat of beats) yield* writer.take(beat)
  yield* writer.end()
}

interface OpenTurn {
  readonly id: TurnId
  steps: number
  step: OpenStep | undefined
  isAnswered: boolean
  /** The log says that it ended so. Taken back when the model goes on, as after a retry. */
  end: { readonly at: number; readonly end: Ending } | undefined
}

/** What may still belong to a turn that the log said had ended. */
const GOES_ON: ReadonlySet<Beat["kind"]> = new Set(["thought", "answered", "called", "settled", "spent", "modelled"])

class Writer {
  readonly #head: Head
  readonly #ledger: Ledger
  readonly #newId: <P extends IdPrefix>(prefix: P) => Id<P>
  #turn: OpenTurn | undefined
  /** For each turn, how many drafts stood before it. */
  readonly #turnsFrom: number[] = []
  #made: TimedDraft[] = []
  #count = 0
  #at: number
  #model: string
  #title = ""

  constructor(head: Head, ledger: Ledger) {
    this.#head = head
    this.#ledger = ledger
    this.#newId = idsOf(head.sessionId)
    this.#at = head.at
    this.#model = head.settings.model
  }

  begin(): TimedDraft[] {
    const { workspace, settings, version, isInteractive, source, at } = this.#head
    const versions = { skein: version }
    this.#put({ at, draft: { type: "session.created", workspace, settings, versions, isInteractive, source } as const })
    return this.#taken()
  }

  take(beat: Beat): TimedDraft[] {
    this.#one(beat)
    this.#at = Math.max(this.#at, beat.at)
    return this.#taken()
  }

  end(): TimedDraft[] {
    this.#endTurn()
    return this.#taken()
  }

  #one(beat: Beat): void {
    const { at } = beat
    if (this.#turn?.end !== undefined && beat.kind !== "ended" && !GOES_ON.has(beat.kind)) this.#endTurn()
    switch (beat.kind) {
      case "said":
        return this.#say(beat)
      case "thought":
      case "answered":
      case "called":
        return this.#output(beat)
      case "settled":
        if (this.#turn?.step?.settle(beat) !== true) this.#ledger.lose("result_without_call", beat.line)
        return
      case "spent":
        this.#turn?.step?.spend(beat)
        return
      case "ended":
        if (this.#turn !== undefined) this.#turn.end = { at, end: beat.end }
        return
      case "compacted":
        return this.#compact(beat)
      case "placed":
        return this.#place(beat)
      case "noted":
        return this.#aside({ at, draft: { type: "notice.posted", level: beat.level, text: beat.text } })
      case "named":
        return this.#name(at, beat.title)
      case "modelled":
        this.#model = beat.model
        return
      case "rewound":
        return this.#rewind(at, beat.turns)
    }
  }

  #say({ at, input, isSteer }: Extract<Beat, { kind: "said" }>): void {
    const inputId = this.#newId("inp")
    this.#ledger.keep("inputs")
    for (const part of input) if (part.type === "image") this.#ledger.keep("images")
    if (isSteer === true && this.#turn !== undefined) {
      this.#closeStep(false)
      const { id: turnId } = this.#turn
      return this.#put({ at, draft: { type: "turn.steered", turnId, inputs: [{ inputId, input: [...input] }] } })
    }
    this.#endTurn()
    this.#startTurn(at, inputId, input)
  }

  #startTurn(at: number, inputId: InputId, input: Extract<Beat, { kind: "said" }>["input"]): void {
    const id = this.#newId("trn")
    this.#ledger.keep("turns")
    this.#turnsFrom.push(this.#count)
    this.#turn = { id, steps: 0, step: undefined, isAnswered: false, end: undefined }
    this.#put({ at, draft: { type: "turn.started", turnId: id, inputId, input: [...input], source: "user" } })
  }

  #output(beat: Extract<Beat, { kind: "thought" | "answered" | "called" }>): void {
    // A log may begin in the middle of a conversation: the model speaks, and nobody has spoken before.
    if (this.#turn === undefined) this.#startTurn(beat.at, this.#newId("inp"), [])
    const turn = this.#turn
    if (turn === undefined) return
    if (turn.step?.takes(beat) === false) this.#closeStep(false)
    turn.step ??= this.#openStep(turn.id, ++turn.steps)
    turn.step.add(beat)
    turn.isAnswered = beat.kind === "answered"
    turn.end = undefined
  }

  #openStep(turnId: TurnId, step: number): OpenStep {
    const { workspace } = this.#head
    const facts = { turnId, step, at: this.#at, model: this.#model, cwd: workspace.path }
    return new OpenStep({ ...facts, newId: this.#newId, ledger: this.#ledger })
  }

  #closeStep(isInterrupted: boolean): void {
    const step = this.#turn?.step
    if (this.#turn === undefined || step === undefined) return
    this.#turn.step = undefined
    for (const timed of step.close(isInterrupted)) this.#put(timed)
  }

  #endTurn(): void {
    const turn = this.#turn
    if (turn === undefined) return
    // A log that does not tell: a turn whose last word is the model's answer was completed.
    const ending: Ending = turn.end?.end ?? { kind: turn.isAnswered ? "completed" : "interrupted" }
    this.#closeStep(ending.kind !== "completed")
    this.#turn = undefined
    this.#put({
      at: turn.end?.at ?? this.#at,
      draft: { type: "turn.ended", turnId: turn.id, outcome: outcomeOf(ending) },
    })
  }

  #compact({ at, summary, tokensBefore }: Extract<Beat, { kind: "compacted" }>): void {
    this.#closeStep(false)
    this.#ledger.keep("compactions")
    const tokensAfter = summary === undefined ? tokensBefore : Math.ceil(summary.length / 4)
    this.#put({
      at,
      draft: {
        type: "context.compacted",
        ...{ kind: "auto", elided: [], tokensBefore, tokensAfter },
        ...(summary === undefined ? {} : { summary }),
      },
    })
  }

  #place({ at, source, text }: Extract<Beat, { kind: "placed" }>): void {
    this.#closeStep(false)
    this.#ledger.keep("placed texts")
    const bytes = Buffer.byteLength(text)
    const section = { source, text, sha256: sha256Of(text), bytes, tokens: Math.ceil(text.length / 4) }
    this.#put({ at, draft: { type: "context.loaded", placement: "inline", cause: "touched", sections: [section] } })
  }

  #name(at: number, title: string): void {
    if (title === "" || title === this.#title) return
    this.#title = title
    this.#aside({ at, draft: { type: "session.changed", title } })
  }

  #aside(timed: TimedDraft): void {
    const step = this.#turn?.step
    if (step === undefined) this.#put(timed)
    else step.aside(timed)
  }

  #rewind(at: number, turns: number): void {
    this.#endTurn()
    const toSeq = this.#turnsFrom.splice(Math.max(this.#turnsFrom.length - turns, 0))[0]
    if (toSeq === undefined) return
    this.#ledger.keep("rewinds")
    this.#put({ at, draft: { type: "session.rewound", toSeq } })
  }

  /** Times never go back: a list of sessions sorts by them. */
  #put({ at, draft }: TimedDraft): void {
    this.#count += 1
    this.#lastAt = Math.max(this.#lastAt, at)
    this.#made.push({ at: this.#lastAt, draft: shown(draft) })
  }
  #lastAt = 0

  #taken(): TimedDraft[] {
    const made = this.#made
    this.#made = []
    return made
  }
}

function outcomeOf(end: Ending): TurnOutcome {
  if (end.kind !== "failed") return end
  return { kind: "failed", code: "provider.unavailable", message: end.message }
}
