import type { DurableEvent, Engine, SessionId } from "@skein/protocol"

/** What has happened in a session, as it happened, up to now. Read beside whoever may be writing it; writes nothing. */
export async function* pastEvents(
  engine: Pick<Engine, "ask" | "events">,
  sessionId: SessionId,
  from = 1,
): AsyncIterable<DurableEvent> {
  const { seq } = await engine.ask({ type: "session.read", sessionId })
  if (seq < from) return
  for await (const event of engine.events({ sessionId, from, isReadOnly: true })) {
    // Only what is in the log has a place in it.
    if (!("seq" in event)) continue
    yield event
    if (event.seq >= seq) return
  }
}
