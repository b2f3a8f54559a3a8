import type { DurableEvent } from "@skein/protocol"
import type { Redact } from "./tools.ts"

/** Events of a log that was written elsewhere, without the secrets in what its tools gave. */
export async function* redactedEvents(
  events: AsyncIterable<DurableEvent>,
  redact: Redact,
): AsyncGenerator<DurableEvent, void, undefined> {
  for await (const event of events) yield event.type === "call.settled" ? redactedSettled(event, redact) : event
}

function redactedSettled(event: Extract<DurableEvent, { type: "call.settled" }>, redact: Redact): DurableEvent {
  const { forHuman, changes } = event
  return {
    ...event,
    forModel: event.forModel.map((block) => (block.type === "text" ? { ...block, text: redact(block.text) } : block)),
    ...(forHuman === undefined ? {} : { forHuman: { ...forHuman, body: redact(forHuman.body) } }),
    ...(changes === undefined
      ? {}
      : { changes: changes.map((one) => (one.diff === undefined ? one : { ...one, diff: redact(one.diff) })) }),
  }
}
