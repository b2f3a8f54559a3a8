import type { DurableEvent } from "@skein/protocol"
import type { Redact } from "./tools.ts"

/**
 * Events of a log that was written elsewhere, without the secrets in what its tools, its model and its files said. What
 * the person said, and what a call was asked to do, stays byte for byte.
 */
export async function* redactedEvents(
  events: AsyncIterable<DurableEvent>,
  redact: Redact,
): AsyncGenerator<DurableEvent, void, undefined> {
  for await (const event of events) yield redactedEvent(event, redact)
}

function redactedEvent(event: DurableEvent, redact: Redact): DurableEvent {
  const fields = SAID[event.type]
  if (fields === undefined) return event
  // Only strings are replaced, by strings: the shape stays.
  const left = redactedValue(event, fields, redact) as DurableEvent
  if (left === event || left.type !== "item.completed") return left
  // What a provider signed was the text that held the secret.
  const { providerData: _, ...unsigned } = left
  return unsigned
}

/** By event, the fields with words of a tool, a model or a file, however deep they lie. */
const SAID: { readonly [T in DurableEvent["type"]]?: ReadonlySet<string> } = {
  "call.settled": new Set(["text", "body", "summary", "diff"]),
  "item.appended": new Set(["text"]),
  "item.completed": new Set(["text"]),
  "context.loaded": new Set(["text"]),
  "context.compacted": new Set(["summary", "text"]),
  "plan.changed": new Set(["plan"]),
  "todo.changed": new Set(["text"]),
  "turn.ended": new Set(["message"]),
}

/** The value itself where nothing in it had to change. */
function redactedValue(value: unknown, fields: ReadonlySet<string>, redact: Redact): unknown {
  if (Array.isArray(value)) {
    const entries = value.map((entry) => redactedValue(entry, fields, redact))
    return entries.some((entry, at) => entry !== value[at]) ? entries : value
  }
  if (typeof value !== "object" || value === null) return value
  let changed: Record<string, unknown> | undefined
  for (const [key, entry] of Object.entries(value)) {
    const left = typeof entry === "string" && fields.has(key) ? redact(entry) : redactedValue(entry, fields, redact)
    if (left === entry) continue
    changed ??= { ...value }
    changed[key] = left
  }
  return changed ?? value
}
