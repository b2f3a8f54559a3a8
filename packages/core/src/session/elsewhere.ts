import type { Event, SessionId } from "@skein/protocol"
import type { LogsPort } from "../ports/index.ts"

/** The durable events of a session that is written elsewhere, from a cursor, or else only what comes. Writes nothing. */
export function followElsewhere(logs: LogsPort, sessionId: SessionId, from: number | undefined): AsyncIterable<Event> {
  return {
    [Symbol.asyncIterator]() {
      const stop = new AbortController()
      const events = read(logs, sessionId, from, stop.signal)
      return {
        next: () => events.next(),
        return() {
          stop.abort()
          return events.return(undefined)
        },
      }
    },
  }
}

async function* read(
  ...[logs, sessionId, from, signal]: [LogsPort, SessionId, number | undefined, AbortSignal]
): AsyncGenerator<Event, undefined> {
  const start = from ?? ((await logs.read(sessionId)).at(-1)?.seq ?? 0) + 1
  for await (const events of logs.follow(sessionId, start, signal)) yield* events
  return undefined
}
