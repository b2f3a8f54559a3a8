import type { LogPort, LogsPort } from "@skein/core/ports"
import { type DurableEvent, type EventOf, type SessionId, type SessionSummary, SkeinError } from "@skein/protocol"

/** One session's events, as they are read back. */
export type Log = readonly DurableEvent[]

/**
 * Session logs in memory, with the promises of the ones on disk: same errors, one writer each, `seq` without gaps.
 * `given` are logs that are there already, as another process left them. `flushed` is awaited by every flush.
 */
export function memoryLogs(given: readonly Log[] = [], flushed?: () => Promise<void>): LogsPort {
  const kept = new Map<SessionId, Stored>()
  for (const events of given) {
    const [first] = events
    if (first !== undefined) kept.set(first.sessionId, { events: [...events], isHeld: false })
  }
  return {
    async create(sessionId) {
      const stored = kept.get(sessionId)
      if (stored !== undefined && (stored.isHeld || stored.events.length > 0)) {
        throw new SkeinError("session.exists", `Cannot create session ${sessionId}: it is there already.`)
      }
      const made: Stored = { events: [], isHeld: false }
      kept.set(sessionId, made)
      return held(made, flushed)
    },
    async open(sessionId) {
      const stored = kept.get(sessionId)
      if (stored?.isHeld) throw new SkeinError("session.in_use", `Cannot open ${sessionId}: in use by this process.`)
      return held(nonEmpty(sessionId, stored), flushed)
    },
    async read(sessionId, from = 1) {
      return nonEmpty(sessionId, kept.get(sessionId)).events.filter((event) => event.seq >= from)
    },
    async list({ cwd, limit }) {
      const rows = [...kept].flatMap(([sessionId, { events }]) => summary(sessionId, events))
      return rows
        .filter((row) => cwd === undefined || row.cwd === cwd)
        .sort((a, b) => b.updatedAt - a.updatedAt)
        .slice(0, limit)
    },
  }
}

interface Stored {
  events: DurableEvent[]
  isHeld: boolean
}

function held(stored: Stored, flushed: (() => Promise<void>) | undefined): LogPort {
  let isOpen = true
  stored.isHeld = true
  return {
    events: [...stored.events],
    async append(events, { flush }) {
      if (!isOpen) throw new SkeinError("session.closed", "Cannot write: the session is closed.")
      for (const event of events) {
        const seq = stored.events.length + 1
        if (event.seq !== seq) throw new Error(`Event ${event.type} has seq ${event.seq} where ${seq} belongs`)
        // A copy through JSON, as a disk would give it back.
        stored.events.push(JSON.parse(JSON.stringify(event)))
      }
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

function summary(sessionId: SessionId, events: readonly DurableEvent[]): SessionSummary[] {
  const [created] = events
  if (created?.type !== "session.created") return []
  const changes = events.filter((event): event is EventOf<"session.changed"> => event.type === "session.changed")
  const turn = events.find((event): event is EventOf<"turn.started"> => event.type === "turn.started")
  const title = changes.findLast((change) => change.title !== undefined)?.title
  const text = (turn?.input ?? []).map((part) => (part.type === "text" ? part.text : "[image]")).join(" ")
  const line = text.replace(/\s+/g, " ").trim()
  return [
    {
      sessionId,
      cwd: created.workspace.path,
      createdAt: created.at,
      updatedAt: events.at(-1)?.at ?? created.at,
      ...(title === undefined ? {} : { title }),
      preview: line.length > 200 ? `${line.slice(0, 199)}…` : line,
      isInteractive: created.isInteractive,
      isArchived: changes.findLast((change) => change.isArchived !== undefined)?.isArchived ?? false,
    },
  ]
}
