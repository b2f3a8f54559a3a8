import type { DrawDiff } from "../diff-text.ts"
import type { LineInput } from "../line-input.ts"
import type { Reading } from "../reading.ts"
import type { Pending } from "./facts.ts"

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
  /** The first row that is shown of all of it; undefined while it is shown in short. */
  readonly scroll?: number | undefined
  /** How far it could be scrolled when it was last drawn: a key knows the rows, and not how wide they are. */
  readonly measured: { scrollMax: number }
  /** A no with a reason is being typed. */
  readonly feedback?: LineInput | undefined
  readonly note?: string | undefined
}
