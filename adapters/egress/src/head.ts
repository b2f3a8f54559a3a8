import { malformed } from "./refusal.ts"

/** The head of a request or an answer, as it stands: one character for each byte. */
export interface Head {
  /** `GET http://… HTTP/1.1`, `HTTP/1.1 200 OK`. */
  readonly first: string
  /** Names in lower case, values without blanks around them, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[]
}

/** Reads strictly: lines end in CRLF, a name is a token, nothing is folded. Throws Refusal. */
export function headOf(text: string): Head {
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text))
    throw malformed("The head holds a control character.")
  const lines = text.split("\r\n")
  if (lines.some((line) => /[\r\n]/.test(line))) throw malformed("A line of the head does not end in CRLF.")
  const [first = "", ...fields] = lines
  return { first, headers: fields.map(field) }
}

function field(line: string): readonly [string, string] {
  const found = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*(.*?)[\t ]*$/.exec(line)
  if (found === null) throw malformed("A header is malformed.")
  return [(found[1] ?? "").toLowerCase(), found[2] ?? ""]
}

/** All values of one header. */
export function valuesOf({ headers }: Head, name: string): readonly string[] {
  return headers.filter(([found]) => found === name).map(([, value]) => value)
}

/** The words of headers that are lists. */
export function wordsOf(head: Head, name: string): readonly string[] {
  return valuesOf(head, name).flatMap((value) => value.split(",").map((word) => word.trim().toLowerCase()))
}

/** Headers that are about one connection and go no further. */
const HOP_BY_HOP = new Set([...["connection", "keep-alive", "te", "trailer", "upgrade", "http2-settings"]])

/** What may go on to the next connection. Headers that say where a message ends stay, whatever `Connection` names. */
export function endToEnd(head: Head): Head["headers"] {
  const named = new Set(wordsOf(head, "connection"))
  if (["host", "content-length", "transfer-encoding"].some((name) => named.has(name)))
    throw malformed("Connection names a header that the message cannot be read without.")
  return head.headers.filter(([name]) => !HOP_BY_HOP.has(name) && !name.startsWith("proxy-") && !named.has(name))
}

export function headText(first: string, headers: Head["headers"]): string {
  return [first, ...headers.map(([name, value]) => `${name}: ${value}`), "", ""].join("\r\n")
}
