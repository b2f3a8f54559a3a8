import { lineAt } from "../rule.ts"
import { mask } from "./mask.ts"

export interface Import {
  readonly specifier: string
  /** `static` runs the module at load, `dynamic` when reached, `type` never. */
  readonly kind: "static" | "dynamic" | "type"
  readonly line: number
}

const CLAUSE = String.raw`(?:[\w$]+\s*,\s*)?(?:\*\s*as\s+[\w$]+|\{[^}]*\}|[\w$]+)`
const IMPORT_FROM = new RegExp(String.raw`\bimport\s+(type\s+(?!from\b))?${CLAUSE}\s*from\s*["']`, "g")
const EXPORT_FROM = /\bexport\s+(type\s+)?(?:\*(?:\s*as\s+[\w$]+)?|\{[^}]*\})\s*from\s*["']/g
const IMPORT_BARE = /\bimport\s*["']/g
const IMPORT_CALL = /\b(?:import|require)\s*\(\s*["']/g

/** Every module a file names, type-only and lazy ones included, in order. */
export function importsOf(source: string): Import[] {
  const code = mask(source)
  const found: (Import & { at: number })[] = []
  const collect = (pattern: RegExp, kindOf: (match: RegExpMatchArray) => Import["kind"]) => {
    for (const match of code.matchAll(pattern)) {
      const at = match.index + match[0].length
      const specifier = stringAt(source, code, at)
      found.push({ specifier, kind: kindOf(match), line: lineAt(source, match.index), at })
    }
  }
  collect(IMPORT_FROM, (match) => (match[1] ? "type" : "static"))
  collect(EXPORT_FROM, (match) => (match[1] ? "type" : "static"))
  collect(IMPORT_BARE, () => "static")
  collect(IMPORT_CALL, () => "dynamic")
  return found.toSorted((a, b) => a.at - b.at).map(({ specifier, kind, line }) => ({ specifier, kind, line }))
}

/** The string whose first character stands at `at`. The mask has blanks up to the closing quote. */
function stringAt(source: string, code: string, at: number): string {
  const quote = code[at - 1] ?? '"'
  return source.slice(at, code.indexOf(quote, at))
}

/** Every plain string and untemplated template in a file: what it may name by path. */
export function stringsOf(source: string): string[] {
  const code = mask(source)
  return [...code.matchAll(/(["'`])(\s*)\1/g)].map((match) => {
    const start = match.index + 1
    return source.slice(start, start + (match[2] ?? "").length)
  })
}
