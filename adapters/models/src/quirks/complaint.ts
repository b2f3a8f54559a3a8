import { asArray, asObject, asText, type JsonObject } from "../wire/json.ts"

/** What a refusal complains about, as far as it can be read. */
export interface Complaint {
  /** In lower case, bounded. */
  readonly words: string
  /** Fields that it names, as paths with dots, the likeliest first. Whatever it names may also be a value or a word. */
  readonly names: readonly string[]
}

const CHARS_MAX = 4_000
const NAMES_MAX = 24

/**
 * Reads the body of a 400 or 422: OpenAI's `param`, the `loc` of pydantic's `detail`, Google's `fieldViolations`, a path
 * at the start of a sentence as Anthropic has it, and every name in the words themselves.
 */
export function complaintOf(text: string): Complaint {
  const body = jsonIn(text.slice(0, 65_536))
  const sentence = (body === undefined ? text : sentencesIn(body).join(" ")).slice(0, CHARS_MAX)
  const names = [...(body === undefined ? [] : pathsIn(body)), ...namesIn(sentence)]
  return { words: sentence.toLowerCase(), names: [...new Set(names.map(withDots))].slice(0, NAMES_MAX) }
}

/** Whether two refusals complain about the same: their words without what changes each time, as ids and counts. */
export function isSameComplaint(a: Complaint, b: Complaint): boolean {
  return bare(a.words) === bare(b.words)
}

function bare(words: string): string {
  return words
    .replace(/\b(?=\w*\d)[\w-]{8,}\b/g, "")
    .replace(/\d+/g, "")
    .replace(/\s+/g, " ")
    .trim()
}

function jsonIn(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return asObject(Array.isArray(value) ? value[0] : value)
  } catch {
    // A page or plain words: read as they are.
    return undefined
  }
}

function sentencesIn(body: JsonObject): readonly string[] {
  const error = asObject(body.error) ?? body
  const details = asArray(body.detail).map((one) => `${pathOf(one)}: ${asText(asObject(one)?.msg)}`)
  const raw = asText(asObject(error.metadata)?.raw)
  const said = [error.message, body.message, body.error, body.detail].map(asText)
  return [...new Set([...said, raw, ...details])].filter((sentence) => sentence !== "")
}

function pathsIn(body: JsonObject): readonly string[] {
  const error = asObject(body.error) ?? body
  const violations = asArray(error.details).flatMap((detail) => asArray(asObject(detail)?.fieldViolations))
  const paths = [
    asText(error.param),
    ...asArray(body.detail).map(pathOf),
    ...violations.map((one) => asText(asObject(one)?.field)),
  ]
  return paths.filter((path) => path !== "")
}

function pathOf(detail: unknown): string {
  const parts = asArray(asObject(detail)?.loc).map(String)
  return parts.filter((part, position) => position > 0 || part !== "body").join(".")
}

const QUOTED = /["'`“‘]([A-Za-z$][\w.$[\]-]{0,119})["'`”’]/g
const PATH = /(?:^|[\s(])([A-Za-z][\w-]*(?:\.[\w$-]+|\[\d+\])+)/g
const WORD =
  /\b[A-Za-z]+(?:_[A-Za-z0-9]+)+\b|\b[a-z]+(?:[A-Z][a-z]+)+\b|\b(?:temperature|thinking|reasoning|strict|options|include)\b/g

function namesIn(sentence: string): readonly string[] {
  const paths = [...sentence.matchAll(PATH)].map(([, path = ""]) => path)
  const quoted = [...sentence.matchAll(QUOTED)].map(([, name = ""]) => name)
  const words = [...sentence.matchAll(WORD)].map(([word]) => word)
  return [...paths, ...quoted, ...words]
}

/** `tools[0].function` and `tools.0.function` mean every entry: what one may not have, none may. */
function withDots(path: string): string {
  return path
    .replace(/\[(\d+)\]/g, ".$1")
    .replace(/\.\d+(?=\.|$)/g, ".*")
    .replace(/\.+$/, "")
}
