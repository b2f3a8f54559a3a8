import { lazy } from "./lazy.ts"

/**
 * What may have to be made visible: control characters but newline and tab, what turns the direction of text, what takes
 * no room on a screen, characters that hide in others: tags and the higher selectors, here by half of their pair; and the one
 * that some terminals draw a part of a picture for.
 */
const SUSPECT = new RegExp(
  "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f" +
    "\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u2800\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb\\udb40-\\udb43\\udbfb]",
)

/** Scripts that cannot be written without joiners. */
const JOINED =
  "\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Devanagari}\\p{Script=Bengali}\\p{Script=Gurmukhi}\\p{Script=Gujarati}" +
  "\\p{Script=Oriya}\\p{Script=Tamil}\\p{Script=Telugu}\\p{Script=Kannada}\\p{Script=Malayalam}\\p{Script=Sinhala}\\p{Script=Khmer}"

/** All of these, but joiners and selectors where an emoji or one of those scripts needs them. Made with the first suspect. */
const hidden = lazy(
  () =>
    new RegExp(
      [
        "[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f]",
        "[\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u2800\\u3164\\ufe00-\\ufe0d\\ufeff\\uffa0\\ufff0-\\ufffb]",
        "[\\u{e0000}-\\u{e0fff}\\u{10eeee}]",
        "(?<![\\p{Emoji}])[\\ufe0e\\ufe0f]",
        `(?<![\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f${JOINED}])[\\u200c\\u200d]`,
        `[\\u200c\\u200d](?![\\p{Extended_Pictographic}${JOINED}])`,
      ].join("|"),
      "gu",
    ),
)

/**
 * Text that can be shown anywhere: no byte of it moves a cursor, rings a bell, hides what it says or says it in another
 * order. CR before LF is dropped; every other such character becomes a visible escape. Costs one scan for text that needs
 * nothing.
 */
export function visible(text: string): string {
  if (!SUSPECT.test(text)) return text
  return text.replaceAll("\r\n", "\n").replace(hidden(), escaped)
}

function escaped(character: string): string {
  if (character === "\r") return "\\r"
  if (character === "\u001b") return "\\e"
  return `\\u{${character.codePointAt(0)?.toString(16)}}`
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

/** One line of JSON that can be shown anywhere and is read back as what it was. Costs one scan where nothing is hidden. */
export function jsonLine(value: unknown): string {
  return visibleJson(JSON.stringify(value))
}

/** The same on several lines, for a person. */
export function jsonPage(value: unknown): string {
  return visibleJson(JSON.stringify(value, undefined, 2))
}

function visibleJson(text: string): string {
  return SUSPECT.test(text) ? text.replace(hidden(), jsonEscaped) : text
}

/** Such characters stand in strings only, where each half of a pair is an escape of its own. */
function jsonEscaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
  ).join("")
}
