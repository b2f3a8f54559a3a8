import type { Caret, Size, Surface } from "../frame.ts"
import type { Ability } from "./ability.ts"

export interface InlineOptions extends Partial<Ability> {
  /** All bytes of one commit, at once. */
  write(bytes: string): void
  readonly size: Size
  /**
   * With the first `draw` after a resize, ask the terminal where its cursor is (CSI 6 n) and paint when `settled` brings the
   * answers; and ask with each of the next frames that move something, to learn whether the terminal had another size when it
   * came there: resizes come in rows. Looked at each time: false while nobody listens. Without it the surface has to assume.
   */
  readonly asksCursor?: boolean | undefined
  /** So many answers are to be expected from what is written now. */
  asks?(answers: number): void
  /** What was written last may still be on its way to the terminal. */
  isUnderWay?(): boolean
}

export interface InlineSurface extends Surface {
  /**
   * What has become known of the terminal. The next `draw` is whole if colors changed, and the first one after this learns
   * where on the screen it is.
   */
  adapt(ability: Partial<Ability>): void
  /** It waits for the answer to its question for the cursor, with the newest frame in hand. */
  readonly isAsking: boolean
  /** Another screen is seen: answers are heard, and nothing is written before the next `draw`. */
  hide(): void
  /** What is still due will not come: an answer from now on is to what is asked from now on. */
  expire(): void
  /** Answers that are still to come, whether they are waited for or not. */
  readonly answersDue: number
  /** The next answer to the surface's questions for the cursor; without a place: none came in time, paint all the same. */
  settled(cursor?: Caret): void
}
