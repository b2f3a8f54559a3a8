import type { IncomingMessage, ServerResponse } from "node:http"
import type { Event } from "@skein/protocol"
import { eventText } from "../serving/event-text.ts"
import { Outbox } from "../transports/outbox.ts"
import { toRefusal } from "../words.ts"
import { head } from "./reply.ts"

/** A sign of life, for whoever stands in between and closes what is silent. */
const BEAT_MS = 15_000

/**
 * Events as they happen: `id` is the `seq` of a durable one, from which a client goes on that lost the connection. A client
 * that takes nothing for `stallMs` is gone. The last is `ended`, with the error where there was one.
 */
export async function streamEvents(
  response: ServerResponse,
  events: AsyncIterable<Event>,
  { stallMs, isSilent }: { readonly stallMs: number; readonly isSilent: boolean },
): Promise<void> {
  const reading = events[Symbol.asyncIterator]()
  // Before anything is said, so that what is refused has its status; but where nothing may come for long, it is told as its end.
  const first = reading.next()
  if (!isSilent) await first
  head(response, 200, { "Content-Type": "text/event-stream; charset=utf-8" })
  const outbox = new Outbox(response, stallMs)
  response.flushHeaders()
  const beat = setInterval(() => outbox.push(": \n\n"), BEAT_MS)
  response.once("close", () => void reading.return?.())
  try {
    for (let next = await first; next.done !== true; next = await reading.next()) {
      outbox.push(eventFrame(next.value))
      await outbox.room()
      if (response.destroyed) return
    }
    outbox.push("event: ended\ndata: {}\n\n")
  } catch (error) {
    outbox.push(`event: ended\ndata: ${JSON.stringify({ error: toRefusal(error) })}\n\n`)
  } finally {
    clearInterval(beat)
    outbox.finish(() => response.end())
    await reading.return?.()
  }
}

function eventFrame(event: Event): string {
  const id = "seq" in event ? `id: ${event.seq}\n` : ""
  return `${id}data: ${eventText(event)}\n\n`
}

/** Where a client wants to go on: after the last that it has, else from where it says. Undefined: only what comes. */
export function cursorOf(request: IncomingMessage, query: URLSearchParams): unknown {
  const last = request.headers["last-event-id"]
  if (last !== undefined && last !== "") return Number(last) + 1
  const from = query.get("from")
  return from === null ? undefined : Number(from)
}
