import type { Input, TerminalFacts } from "@skein/term"
import type { Drawn } from "./screen.ts"

/** Whoever sits at the terminal. */
export interface Seated {
  draw(): Drawn
  take(inputs: readonly Input[]): void
  /** The terminal was away, or has another size: what is on it is read anew. */
  reread(): void
  /** The terminal was somebody else's: what it was given to keep may be gone. */
  returned(): void
  /** The terminal has told more of itself. */
  learned(facts: TerminalFacts): void
  isMoving(): boolean
}
