import type { ClientId, Engine, SessionId } from "@skein/protocol"

/** A session, and a person at the other end of a line. */
export interface Line {
  readonly engine: Engine
  readonly sessionId: SessionId
  readonly clientId: ClientId
  /** What the person types, a line each; ends with end-of-file. */
  readonly input: AsyncIterable<string>
  /** What is said before anything is typed. */
  readonly first?: string | undefined
  /** The terminal shows what is typed, its newline too; a pipe does not. */
  readonly isEchoing: boolean
  /** Text as it is, with the newlines it holds. */
  readonly write: (text: string) => void
  /** Milliseconds on any scale. */
  readonly now: () => number
  /** How wide the terminal is now. */
  readonly columns: () => Promise<number>
}
