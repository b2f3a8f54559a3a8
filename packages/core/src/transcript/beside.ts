import type { CallId, EventOf, SessionId } from "@skein/protocol"

/** What the log says of a child session. */
export interface ChildRecord {
  readonly sessionId: SessionId
  readonly agent: string
  readonly description: string
  readonly callId: CallId | undefined
  readonly isBackground: boolean
  readonly startedAt: number
  /** Of all its runs that ended. */
  readonly microUsd: number
  /** How its newest run ended; undefined while it works. */
  readonly ended: EventOf<"subagent.ended"> | undefined
  /** The model does not know of that end yet, and no call of it will tell. */
  readonly isNews: boolean
}

/** A process that was begun. */
export interface OpenProcess {
  readonly callId: CallId
  readonly name: string
  readonly command: string
  readonly isPty: boolean
  readonly columns: number | undefined
  readonly rows: number | undefined
  readonly startedAt: number
}

export type ProcessNews = Pick<OpenProcess, "name" | "command"> &
  (
    | { readonly kind: "matched"; readonly pattern: string }
    | {
        readonly kind: "exited"
        readonly exitCode: number | undefined
        readonly signal: string | undefined
        readonly isLost: boolean
        readonly bytes: number
      }
  )
