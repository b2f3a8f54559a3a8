/** Control characters but newline and tab, and the ones that turn the direction of text. */
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

/**
 * Text that can be shown anywhere: no byte of it moves a cursor, rings a bell or hides what it says. CR before LF is
 * dropped; every other control character becomes a visible escape. Costs one scan for text that needs nothing.
 */
export function visible(text: string): string {
  if (!HIDDEN.test(text)) return text
  return text.replaceAll("\r\n", "\n").replace(new RegExp(HIDDEN, "g"), escaped)
}

function escaped(character: string): string {
  if (character === "\r") return "\\r"
  if (character === "\u001b") return "\\e"
  return `\\u{${character.charCodeAt(0).toString(16)}}`
}

/** Events that hold what a person or the host set: paths and settings are used as they are. */
const DATA_EVENTS: ReadonlySet<string> = new Set(["session.created", "settings.changed"])
/** Fields that are run, compared or sent back byte for byte. Whoever shows one makes it visible. */
const DATA_FIELDS: ReadonlySet<string> = new Set(["providerData", "observed", "payload"])
const CALL_DATA_FIELDS: ReadonlySet<string> = new Set([...DATA_FIELDS, "input"])

/** An event whose texts can be shown anywhere, whoever wrote them: model, tool, provider or person. */
export function shown<E extends { readonly type: string }>(event: E): E {
  if (DATA_EVENTS.has(event.type)) return event
  const raw = event.type.startsWith("call.") ? CALL_DATA_FIELDS : DATA_FIELDS
  // Only strings are replaced, by strings: the shape stays.
  return shownValue(event, raw) as E
}

/** The value itself where nothing in it had to change. */
function shownValue(value: unknown, raw: ReadonlySet<string>): unknown {
  if (typeof value === "string") return visible(value)
  if (typeof value !== "object" || value === null) return value
  if (Array.isArray(value)) {
    const entries = value.map((entry) => shownValue(entry, raw))
    return entries.every((entry, at) => entry === value[at]) ? value : entries
  }
  let changed: Record<string, unknown> | undefined
  for (const [key, entry] of Object.entries(value)) {
    const made = raw.has(key) ? entry : shownValue(entry, raw)
    if (made === entry) continue
    changed ??= { ...value }
    changed[key] = made
  }
  return changed ?? value
}
