import type { Definition } from "@skein/core/ports"
import type { Node, Query } from "web-tree-sitter"
import type { LanguageRow } from "./rows.ts"

/** A definition in one file, with where its code is, in UTF-16 units. */
export interface Defined extends Definition {
  /** How likely a name of this kind means this one when another file mentions it: 0 when it cannot, at most 1. */
  readonly reach: number
  readonly start: number
  readonly end: number
}

/** More of one file are left out: no person wrote it. */
const DEFINITIONS_MAX = 2_000
const SIGNATURE_CHARS_MAX = 110
const NAME_CHARS_MAX = 100

/** What is defined in code that was read, in its order, each with how deep it stands in others. */
export function definitionsIn(
  root: Node,
  code: string,
  query: Query,
  isPublic: LanguageRow["isPublic"],
): readonly Defined[] {
  const found = new Map<number, Flat>()
  for (const { captures } of query.matches(root, { matchLimit: MATCHES_AT_ONCE_MAX })) {
    const name = captures.find((capture) => capture.name === "name")?.node
    const whole = captures.find((capture) => capture.name !== "name" && !capture.name.startsWith("_"))
    if (name === undefined || whole === undefined || found.has(name.startIndex)) continue
    const { node } = whole
    found.set(name.startIndex, {
      name: oneLine(name.text, NAME_CHARS_MAX),
      kind: whole.name,
      line: node.startPosition.row + 1,
      lineEnd: node.endPosition.row + 1,
      // What a constant holds is nobody's business: it may be a key.
      signature: VALUES.has(whole.name) ? signatureOf(node, code).replace(/\s*=.*$/, "") : signatureOf(node, code),
      start: node.startIndex,
      end: node.endIndex,
    })
    if (found.size >= DEFINITIONS_MAX) break
  }
  return nested(
    [...found.values()].toSorted((a, b) => a.start - b.start || b.end - a.end),
    isPublic,
  )
}

const VALUES: ReadonlySet<string> = new Set(["constant", "variable"])

/** So many half-found matches are kept by the engine: enough for code, and a bound for what only looks like it. */
const MATCHES_AT_ONCE_MAX = 4_096

type Flat = Omit<Defined, "depth" | "reach">

function nested(definitions: readonly Flat[], isPublic: LanguageRow["isPublic"]): readonly Defined[] {
  const open: Flat[] = []
  return definitions.map((definition) => {
    while (open.length > 0 && (open.at(-1)?.end ?? 0) <= definition.start) open.pop()
    const isLocal = open.some(({ kind }) => CODE.has(kind))
    const reach = isLocal ? 0 : open.length > 0 ? 0.3 : (isPublic?.test(definition.signature) ?? true) ? 1 : 0.05
    open.push(definition)
    return { ...definition, depth: open.length - 1, reach: reach * distinctness(definition.name) }
  })
}

/** What is defined within these is nobody else's. */
const CODE: ReadonlySet<string> = new Set(["function", "method"])

/** `createEngine` is hardly said by chance; `run` is. */
function distinctness(name: string): number {
  if (name.length >= 8 && /[a-z\d][A-Z]|[A-Za-z]_[A-Za-z]/.test(name)) return 1
  return /^[A-Z]\w{3}/.test(name) ? 0.5 : name.length >= 6 ? 0.1 : 0.02
}

/** The code up to the body, as one line; of what has no body, its first line. */
function signatureOf(node: Node, code: string): string {
  const body = node.childForFieldName("body") ?? node.childForFieldName("value")?.childForFieldName("body")
  const start = statementOf(node).startIndex
  const lineEnd = code.indexOf("\n", node.startIndex)
  const firstLine = lineEnd === -1 ? code.length : lineEnd
  const end = body == null ? Math.min(node.endIndex, firstLine) : Math.min(body.startIndex, node.endIndex)
  const text = code.slice(start, Math.min(end, start + 4 * SIGNATURE_CHARS_MAX))
  return oneLine(text.replace(/\s*(=>|[{:=])?\s*$/, ""), SIGNATURE_CHARS_MAX)
}

/** With the words before it that say how it is declared: `export const`. */
function statementOf(node: Node): Node {
  const { parent } = node
  return parent !== null && DECLARING.has(parent.type) ? statementOf(parent) : node
}

const DECLARING: ReadonlySet<string> = new Set(["lexical_declaration", "variable_declaration", "export_statement"])

/** Foreign text as part of a line: nothing in it ends the line or is not seen. */
export function oneLine(text: string, charsMax: number): string {
  const line = text.replace(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim()
  return line.length > charsMax ? `${line.slice(0, charsMax - 1)}…` : line
}
