import type { DurableEvent, Engine, SessionId } from "@skein/protocol"

<<<<<<< HEAD
/** What has happened in a session, as it happened, up to now. Opens nothing: another skein may be at work in it. */
export async function* pastEvents(
  engine: Pick<Engine, "ask" | "events">,
  sessionId: SessionId,
  from = 1,
): AsyncIterable<Event> {
  const { seq } = await engine.ask({ type: "session.read", sessionId })
  if (seq < from) return
  for await (const event of engine.events({ sessionId, from, isReadOnly: true })) {
    // The engine's own sessions also tell what is no event of the log.
    if (event.type === "session.snapshot") return
    yield event
    if ("seq" in event && event.seq >= seq) return
=======
/** What has happened in a session, as it happened, up to now. Read beside whoever may be writing it; writes nothing. */
export async function* pastEvents(
  engine: Pick<Engine, "ask" | "events">,
  sessionId: SessionId,
): AsyncIterable<DurableEvent> {
  const { seq } = await engine.ask({ type: "session.read", sessionId })
  for await (const event of engine.events({ sessionId, from: 1, isReadOnly: true })) {
    // Only what is in the log has a place in it.
    if (!("seq" in event)) continue
    yield event
    if (event.seq >= seq) return
>>>>>>> review1
  }
}
