import type { LogPort, LogsPort, ReplayPoint } from "@skein/core/ports"
import { type DurableEvent, type SessionId, SkeinError } from "@skein/protocol"

/** One session's events, as they are read back. */
export type Log = readonly DurableEvent[]

/** Logs that a test, or a catalogue in memory, can look at all at once. */
export interface MemoryLogs extends LogsPort {
  /** Every session that holds something. */
  all(): readonly (readonly [SessionId, Log])[]
}

/**
 * Session logs in memory, with the promises of the ones on disk: same errors, one writer each, `seq` without gaps.
 * `given` are logs that are there already, as another process left them. `flushed` is awaited by every flush.
 */
export function memoryLogs(given: readonly Log[] = [], flushed?: () => Promise<void>): MemoryLogs {
  const kept = new Map<SessionId, Stored>()
  for (const events of given) {
    const [first] = events
    if (first !== undefined) kept.set(first.sessionId, { ...emptyLog(), events: [...events] })
  }
  return {
    async create(sessionId) {
      const stored = kept.get(sessionId)
      if (stored !== undefined && (stored.isHeld || stored.events.length > 0)) {
        throw new SkeinError("session.exists", `Cannot create session ${sessionId}: it is there already.`)
      }
      const made = emptyLog()
      kept.set(sessionId, made)
      return held(made, flushed)
    },
    async open(sessionId, reader) {
      const stored = kept.get(sessionId)
      if (stored?.isHeld) throw inUse(sessionId)
      const log = held(nonEmpty(sessionId, stored), flushed)
      if (reader === undefined) return log
      reader.begin(log.point)
      for (const event of log.events) reader.take(event)
      return { ...log, events: [] }
    },
    async read(sessionId, from = 1) {
      return nonEmpty(sessionId, kept.get(sessionId)).events.filter((event) => event.seq >= from)
    },
    follow: (sessionId, from, signal) => followed(sessionId, () => kept.get(sessionId), from, signal),
    async delete(sessionId) {
      const stored = nonEmpty(sessionId, kept.get(sessionId))
      if (stored.isHeld) throw inUse(sessionId)
      kept.delete(sessionId)
      stored.changed.resolve()
    },
    all: () => [...kept].filter(([, { events }]) => events.length > 0).map(([id, { events }]) => [id, events] as const),
  }
}

interface Stored {
  events: DurableEvent[]
  isHeld: boolean
  point?: ReplayPoint | undefined
  /** Resolves with the next change; then there is a new one. */
  changed: PromiseWithResolvers<void>
}

function emptyLog(): Stored {
  return { events: [], isHeld: false, changed: Promise.withResolvers() }
}

function held(stored: Stored, flushed: (() => Promise<void>) | undefined): LogPort {
  let isOpen = true
  stored.isHeld = true
  const { point } = stored
  return {
    point,
    events: stored.events.slice(point?.seq ?? 0),
    async append(events, { flush }) {
      if (!isOpen) throw new SkeinError("session.closed", "Cannot write: the session is closed.")
      for (const event of events) {
        const seq = stored.events.length + 1
        if (event.seq !== seq) throw new Error(`Event ${event.type} has seq ${event.seq} where ${seq} belongs`)
        // A copy through JSON, as a disk would give it back.
        stored.events.push(JSON.parse(JSON.stringify(event)))
      }
      const { changed } = stored
      stored.changed = Promise.withResolvers()
      changed.resolve()
      if (flush) await flushed?.()
    },
    async savePoint({ seq, state }) {
      if (isOpen && seq <= stored.events.length) stored.point = { seq, state: JSON.parse(JSON.stringify(state)) }
    },
    async close() {
      if (isOpen) stored.isHeld = false
      isOpen = false
    },
  }
}

async function* followed(sessionId: SessionId, find: () => Stored | undefined, from: number, signal: AbortSignal) {
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener("abort", () => resolve(), { once: true })
  })
  let next = from
  while (!signal.aborted) {
    const stored = nonEmpty(sessionId, find())
    const changed = stored.changed.promise
    const events = stored.events.filter((event) => event.seq >= next)
    if (events.length > 0) yield events
    next += events.length
    await Promise.race([changed, aborted])
  }
}

function inUse(sessionId: SessionId): SkeinError {
  return new SkeinError("session.in_use", `Cannot open ${sessionId}: in use by this process.`)
}

function nonEmpty(sessionId: SessionId, stored: Stored | undefined): Stored {
  if (stored !== undefined && stored.events.length > 0) return stored
  throw new SkeinError("session.not_found", `Cannot find session ${sessionId}.`)
}
