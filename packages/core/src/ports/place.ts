import type { SessionId } from "@skein/protocol"

/** Where tools, skills and hooks are looked for: what a folder has, and what the client of a session brought to it. */
export interface Place {
  /** Absolute, resolved. */
  readonly cwd: string
  /** Absent before there is a session. */
  readonly sessionId?: SessionId | undefined
}
