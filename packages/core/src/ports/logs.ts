import type { DurableEvent, SessionId } from "@skein/protocol"

/** The session logs: one append-only log each, the truth about its session. */
export interface LogsPort {
  /** Throws SkeinError `session.exists`. The caller holds the writer's lock until `close`. */
  create(sessionId: SessionId): Promise<LogPort>
  /**
   * Throws SkeinError `session.not_found`, `session.in_use` (naming the holder) or `session.corrupt`. A reader is given
   * what is in the log as it is read, so that a log of any length is held by nobody; then `LogPort.events` is empty.
   */
  open(sessionId: SessionId, reader?: LogReader): Promise<LogPort>
  /** Reads without a lock and writes nothing, not even a repair. A torn last line is left out. */
  read(sessionId: SessionId, from?: number): Promise<readonly DurableEvent[]>
  /**
   * Events from `from` on as a writer, in this process or another, adds them: first what is there, then each batch within
   * a second of its being written. Writes nothing. Ends when the signal aborts.
   */
  follow(sessionId: SessionId, from: number, signal: AbortSignal): AsyncIterable<readonly DurableEvent[]>
  /** Where the log of a session lies, for a person's own programs. Absent where nothing of sessions stays. */
  fileOf?(sessionId: SessionId): string | undefined
  /** Removes the log and what only it kept. Throws SkeinError `session.not_found` or `session.in_use`. */
  delete(sessionId: SessionId): Promise<void>
}

/** A cut of the fold: the state after event `seq`, as the core froze it. Not the truth: without it all is read again. */
export interface ReplayPoint {
  readonly seq: number
  readonly state: unknown
}

/** Takes a log's content as it is read. */
export interface LogReader {
  /** Before the first event: where reading begins; undefined at the start. */
  begin(point: ReplayPoint | undefined): void
  /** The events after it, in order. */
  take(event: DurableEvent): void
}

/** One log, held for writing. */
export interface LogPort {
  /** Where reading began; undefined when it was at the start. */
  readonly point?: ReplayPoint | undefined
  /** The events that were in it when it was opened, after `point`. */
  readonly events: readonly DurableEvent[]
  /** What had to be done to open it: bytes of a torn tail moved aside. */
  readonly repaired?: { readonly bytesDropped: number; readonly keptAt: string } | undefined
  /**
   * Writes the events in order. Resolves when they are written, and with `flush` when they are on disk: whatever was
   * acknowledged survives a kill, and with `flush` a power cut. Rejects with SkeinError `log.unwritable`, after which
   * nothing is acknowledged any more.
   */
  append(events: readonly DurableEvent[], options: { readonly flush: boolean }): Promise<void>
  /** Keeps a point for the next opening, in place of the one before. Never throws: only speed is lost with it. */
  savePoint(point: ReplayPoint): Promise<void>
  close(): Promise<void>
}
