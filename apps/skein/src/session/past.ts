import type { Engine, Event, SessionId } from "@skein/protocol"

/** What has happened in a session, as it happened, up to now. */
export async function* pastEvents(engine: Pick<Engine, "events">, sessionId: SessionId): AsyncIterable<Event> {
  for await (const event of engine.events({ sessionId, from: 1 })) {
    // What comes after it happens only now.
    if (event.type === "session.snapshot") return
    yield event
  }
}
