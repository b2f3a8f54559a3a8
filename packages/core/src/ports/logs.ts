import type { DurableEvent, SessionId, SessionSummary } from "@skein/protocol"

/** The session logs: one append-only log each, the truth about its session. */
export interface LogsPort {
  /** Throws SkeinError `session.exists`. The caller holds the writer's lock until `close`. */
  create(sessionId: SessionId): Promise<LogPort>
  /** Throws SkeinError `session.not_found`, `session.in_use` (naming the holder) or `session.corrupt`. */
  open(sessionId: SessionId): Promise<LogPort>
  /** Reads without a lock and writes nothing, not even a repair. A torn last line is left out. */
  read(sessionId: SessionId, from?: number): Promise<readonly DurableEvent[]>
  /** Newest first, by last change. Unreadable logs are left out of the list and reported through the host's log. */
  list(filter: {
    readonly cwd?: string | undefined
    readonly limit?: number | undefined
  }): Promise<readonly SessionSummary[]>
}

/** One log, held for writing. */
export interface LogPort {
  /** The events that were in it when it was opened. */
  readonly events: readonly DurableEvent[]
  /** What had to be done to open it: bytes of a torn tail moved aside. */
  readonly repaired?: { readonly bytesDropped: number; readonly keptAt: string } | undefined
  /**
   * Writes the events in order. Resolves when they are written, and with `flush` when they are on disk: whatever was
   * acknowledged survives a kill, and with `flush` a power cut. Rejects with SkeinError `log.unwritable`, after which
   * nothing is acknowledged any more.
   */
  append(events: readonly DurableEvent[], options: { readonly flush: boolean }): Promise<void>
  close(): Promise<void>
}
