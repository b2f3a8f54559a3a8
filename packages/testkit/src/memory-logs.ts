import type { LogPort, LogsPort, ReplayPoint } from "@skein/core/ports"
import { type DurableEvent, type SessionId, SkeinError } from "@skein/protocol"

export interface MemoryLogs extends LogsPort {
  /** Every log there is. */
  all(): readonly Log[]
}

/** One session's events, as they are read back. */
export type Log = readonly DurableEvent[]

/**
 * Session logs in memory, with the promises of the ones on disk: same errors, one writer each, `seq` without gaps.
 * `given` are logs that are there already, as another process left them. `flushed` is awaited by every flush.
 */
export function memoryLogs(given: readonly Log[] = [], flushed?: () => Promise<void>): MemoryLogs {
  const kept = new Map<SessionId, Stored>()
  for (const events of given) {
    const [first] = events
    if (first !== undefined) kept.set(first.sessionId, stored(events))
  }
  return {
    all: () => [...kept.values()].map(({ events }) => events),
    async create(sessionId) {
      const known = kept.get(sessionId)
      if (known !== undefined && (known.isHeld || known.events.length > 0)) {
        throw new SkeinError("session.exists", `Cannot create session ${sessionId}: it is there already.`)
      }
      const made = stored([])
      kept.set(sessionId, made)
      return held(made, flushed)
    },
    async open(sessionId) {
      const known = kept.get(sessionId)
      if (known?.isHeld) throw new SkeinError("session.in_use", `Cannot open ${sessionId}: in use by this process.`)
      return held(nonEmpty(sessionId, known), flushed)
    },
    async read(sessionId, from = 1) {
      return nonEmpty(sessionId, kept.get(sessionId)).events.filter((event) => event.seq >= from)
    },
    async *follow(sessionId, from, signal) {
      let next = from
      while (!signal.aborted) {
        const { events, changed } = nonEmpty(sessionId, kept.get(sessionId))
        const fresh = events.filter((event) => event.seq >= next)
        if (fresh.length > 0) {
          next += fresh.length
          yield fresh
        } else await Promise.race([changed.promise, aborted(signal)])
      }
    },
    async delete(sessionId) {
      if (nonEmpty(sessionId, kept.get(sessionId)).isHeld) {
        throw new SkeinError("session.in_use", `Cannot delete ${sessionId}: in use by this process.`)
      }
      kept.delete(sessionId)
    },
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }))
}

interface Stored {
  readonly events: DurableEvent[]
  isHeld: boolean
  point: ReplayPoint | undefined
  /** Settles at the next append, and is made anew. */
  changed: PromiseWithResolvers<void>
}

function stored(events: readonly DurableEvent[]): Stored {
  return { events: [...events], isHeld: false, point: undefined, changed: Promise.withResolvers() }
}

function held(stored: Stored, flushed: (() => Promise<void>) | undefined): LogPort {
  let isOpen = true
  stored.isHeld = true
  const { point } = stored
  return {
    ...(point === undefined ? {} : { point }),
    events: stored.events.filter((event) => event.seq > (point?.seq ?? 0)),
    async savePoint(saved) {
      stored.point = JSON.parse(JSON.stringify(saved))
    },
    async append(events, { flush }) {
      if (!isOpen) throw new SkeinError("session.closed", "Cannot write: the session is closed.")
      for (const event of events) {
        const seq = stored.events.length + 1
        if (event.seq !== seq) throw new Error(`Event ${event.type} has seq ${event.seq} where ${seq} belongs`)
        // A copy through JSON, as a disk would give it back.
        stored.events.push(JSON.parse(JSON.stringify(event)))
      }
      stored.changed.resolve()
      stored.changed = Promise.withResolvers()
      if (flush) await flushed?.()
    },
    async close() {
      if (isOpen) stored.isHeld = false
      isOpen = false
    },
  }
}

function nonEmpty(sessionId: SessionId, stored: Stored | undefined): Stored {
  if (stored !== undefined && stored.events.length > 0) return stored
  throw new SkeinError("session.not_found", `Cannot find session ${sessionId}.`)
}
