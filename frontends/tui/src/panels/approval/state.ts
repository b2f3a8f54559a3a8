import type { Input } from "@skein/term"
import type { DrawDiff } from "../diff-text.ts"
import type { LineInput } from "../line-input.ts"
import type { Reading } from "../reading.ts"
import type { Pending } from "./pending.ts"

/** Which question is shown, how much of it, and since when. */
export interface ApprovalState {
  /** In order; the first is the one that is asked. */
  readonly pending: readonly Pending[]
  /** Milliseconds on any scale. */
  readonly now: () => number
  readonly home: string | undefined
  readonly drawDiff: DrawDiff
  /** How long it can be read, without a key in between. */
  readonly reading: Reading
  /** What was typed last was meant for something else: the first yes counts for neither. */
  readonly isInterposed: boolean
  /** Something is typed in the line whose place this takes. */
  readonly isTyping: () => boolean
  /** A key that would answer, and may as well be the next letter of that line: pressed again, it is meant for this. */
  readonly held?: Extract<Input, { kind: "key" }> | undefined
  /** One such letter, as often as it came before this could be read and over an empty line: the beginning of one, or nothing. */
  readonly early?: readonly Extract<Input, { kind: "key" }>[] | undefined
  /** The first row that is shown of all of it; undefined while it is shown in short. */
  readonly scroll?: number | undefined
  /** As it was last drawn, since a key does not know how wide the rows are. */
  readonly measured: Measured
  /** A no with a reason is being typed. */
  readonly feedback?: LineInput | undefined
  /** What is typed there is which hunks are wanted instead. */
  readonly isChoosing?: true | undefined
  readonly note?: string | undefined
}

/** What the screen had room for. */
export interface Measured {
  /** How far it could be scrolled. */
  scrollMax: number
  /** Its head and something of what one judges by were drawn: a yes can be meant. */
  isJudgeable: boolean
}
