import type { LogsPort } from "@skein/core/ports"
import { type DurableEvent, type EventOf, type SessionId, SkeinError } from "@skein/protocol"

/** Events between two appends: enough that none waits for the disk, few enough to be nothing in memory. */
const EVENTS_AT_ONCE = 256

/**
 * Writes events as the log of a new session. On disk when it resolves; when it fails, nothing is left. Throws SkeinError as
 * the log does, and whatever the events end with.
 */
export async function keepLog(
  logs: LogsPort,
  sessionId: SessionId,
  events: AsyncIterable<DurableEvent>,
): Promise<void> {
  const log = await logs.create(sessionId)
  try {
    let waiting: DurableEvent[] = []
    for await (const event of events) {
      waiting.push(event)
      if (waiting.length < EVENTS_AT_ONCE) continue
      await log.append(waiting, { flush: false })
      waiting = []
    }
    await log.append(waiting, { flush: true })
    await log.close()
  } catch (error) {
    await log.close()
    await logs.delete(sessionId)
    throw error
  }
}

/** What the session was made from, by its bytes; undefined when there is no such session. */
export async function sourceShaOf(logs: LogsPort, sessionId: SessionId): Promise<string | undefined> {
  try {
    const events = await logs.read(sessionId)
    return (
      events.find((event): event is EventOf<"session.created"> => event.type === "session.created")?.source?.sha256 ??
      ""
    )
  } catch (error) {
    if (error instanceof SkeinError && error.code === "session.not_found") return undefined
    throw error
  }
}
