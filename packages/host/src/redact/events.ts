import type { DurableEvent } from "@skein/protocol"
import type { Redact } from "./redact.ts"

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
  const said = SAID[event.type]
  // Only strings are replaced, by strings: the shape stays.
  const left = said.size === 0 ? event : (redactedValue(event, said, redact) as DurableEvent)
  if (!("providerData" in left)) return left
  const { providerData, ...unsigned } = left
  // What a provider signed was the text that held the secret; and what it gave to be sent back may hold one itself.
  const isAsSigned = left === event && redactedValue(providerData, ALL, redact) === providerData
  return isAsSigned ? left : unsigned
}

type Fields = Pick<ReadonlySet<string>, "has">
const ALL: Fields = { has: () => true }
const NONE: ReadonlySet<string> = new Set()
/** How a call or a person's own command ended. */
const ENDED = ["text", "body", "summary"] as const

/**
 * By event, the fields with words of a tool, a model or a file, however deep they lie. All events: one that is new says here
 * what it holds of them, and a test names every other string there is. NONE: ids, numbers, closed words, paths, or what a person said or a call was asked to do.
 */
export const SAID: { readonly [T in DurableEvent["type"]]: ReadonlySet<string> } = {
  // `text` and `append`: the instructions that a client gave.
  "session.created": new Set(["instructions", "text", "append"]),
  "session.changed": new Set(["title", "keywords"]),
  "session.rewound": NONE,
  "settings.changed": new Set(["text", "append"]),
  "op.accepted": NONE,
  "rule.added": NONE,
  "rule.removed": NONE,
  "trust.decided": NONE,
  "notice.posted": new Set(["text"]),
  "input.queued": NONE,
  "input.edited": NONE,
  "input.cancelled": NONE,
  "turn.started": NONE,
  "turn.steered": NONE,
  "turn.ended": new Set(["message", "command"]),
  "turn.labelled": NONE,
  "goal.changed": NONE,
  "plan.changed": new Set(["plan", "text"]),
  "todo.changed": new Set(["text"]),
  "context.loaded": new Set(["text"]),
  "context.compacted": new Set(["summary", "text", "failure"]),
  "context.restored": NONE,
  "usage.recorded": NONE,
  "turn.rerouted": NONE,
  "wait.decided": NONE,
  "step.started": NONE,
  "step.ended": NONE,
  "step.discarded": new Set(["message"]),
  "item.appended": new Set(["text"]),
  "item.completed": new Set(["text"]),
  "hosted_call.completed": new Set(["query", "url", "title", "failure"]),
  "call.requested": NONE,
  "call.amended": NONE,
  "call.started": NONE,
  "call.settled": new Set([...ENDED, "diff"]),
  "approval.requested": new Set(["diff", "output", "reasons"]),
  "approval.resolved": NONE,
  "hook.ran": new Set(["hook", "message", "reason"]),
  "files.changed": new Set(["notCovered"]),
  "files.restored": new Set(["reason"]),
  "shell.started": NONE,
  "shell.ended": new Set(ENDED),
  "shell.joined": NONE,
  "subagent.started": new Set(["description"]),
  "subagent.ended": new Set(["text", "message"]),
  "process.started": NONE,
  "process.controlled": NONE,
  "process.matched": NONE,
  "process.exited": NONE,
}

/** The value itself where nothing in it had to change. `isSaid`: it is of a field with such words, a text or a list of them. */
function redactedValue(value: unknown, fields: Fields, redact: Redact, isSaid = false): unknown {
  if (typeof value === "string") return isSaid ? redact(value) : value
  if (Array.isArray(value)) {
    const entries = value.map((entry) => redactedValue(entry, fields, redact, isSaid))
    return entries.some((entry, at) => entry !== value[at]) ? entries : value
  }
  if (typeof value !== "object" || value === null) return value
  let changed: Record<string, unknown> | undefined
  for (const [key, entry] of Object.entries(value)) {
    const left = redactedValue(entry, fields, redact, fields.has(key))
    if (left === entry) continue
    changed ??= { ...value }
    changed[key] = left
  }
  return changed ?? value
}
