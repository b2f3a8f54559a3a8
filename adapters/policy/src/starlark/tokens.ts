import { type Position, StarlarkError } from "./error.ts"

export type Token =
  | { readonly kind: "name" | "keyword" | "operator"; readonly text: string; readonly at: Position }
  | { readonly kind: "string"; readonly text: string; readonly at: Position }
  | { readonly kind: "number"; readonly value: number; readonly text: string; readonly at: Position }
  | { readonly kind: "newline" | "indent" | "dedent" | "end"; readonly text: string; readonly at: Position }

const KEYWORDS = new Set(
  "and or not in if elif else for while def return pass break continue lambda True False None load".split(" "),
)
const OPERATORS = [
  ...["//=", "**", "==", "!=", "<=", ">=", "+=", "-=", "*=", "/=", "%=", "//", "->"],
  ..."()[]{},:.;=+-*/%<>|&^~".split(""),
]

/** The tokens of a file, by the Starlark specification: blocks by indentation, lines joined inside brackets. */
export function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = []
  const text = source.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n")
  const indents = [0]
  let [at, line, lineStart, depth] = [0, 1, 0, 0]
  let isLineStart = true
  const here = (offset = at): Position => ({ line, column: offset - lineStart + 1 })
  const push = (
    kind: "name" | "keyword" | "operator" | "newline" | "indent" | "dedent" | "end",
    word: string,
    position: Position,
  ) => tokens.push({ kind, text: word, at: position })

  while (at < text.length) {
    if (isLineStart && depth === 0) {
      const blank = /^[ \t]*/.exec(text.slice(at))?.[0] ?? ""
      const next = text[at + blank.length]
      if (next === undefined || next === "\n" || next === "#") {
        at = skipLine(at)
        continue
      }
      at += blank.length
      indent(blank)
      isLineStart = false
    }
    const character = text[at] ?? ""
    if (character === "\n") {
      if (depth === 0) {
        push("newline", "\n", here())
        isLineStart = true
      }
      newLine()
    } else if (character === " " || character === "\t") at++
    else if (character === "\\" && text[at + 1] === "\n") {
      at++
      newLine()
    } else if (character === "#") {
      while (at < text.length && text[at] !== "\n") at++
    } else if (/["']/.test(character) || /^[rb]{1,2}["']/.test(text.slice(at, at + 3))) readString()
    else if (/[A-Za-z_]/.test(character)) {
      const word = /^\w+/.exec(text.slice(at, at + NAME_CHARS_MAX))?.[0] ?? character
      push(KEYWORDS.has(word) ? "keyword" : "name", word, here())
      at += word.length
    } else if (/\d/.test(character)) {
      const word = /^(?:0[xX][\da-fA-F]+|0[oO][0-7]+|\d+)/.exec(text.slice(at, at + NAME_CHARS_MAX))?.[0] ?? character
      tokens.push({ kind: "number", value: Number(word), text: word, at: here() })
      at += word.length
    } else {
      const operator = OPERATORS.find((candidate) => text.startsWith(candidate, at))
      if (operator === undefined) throw new StarlarkError(`unexpected character ${JSON.stringify(character)}`, here())
      if ("([{".includes(operator)) depth++
      if (")]}".includes(operator)) depth = Math.max(0, depth - 1)
      push("operator", operator, here())
      at += operator.length
    }
  }
  if (!isLineStart) push("newline", "\n", here())
  while (indents.length > 1) {
    indents.pop()
    push("dedent", "", here())
  }
  push("end", "end of file", here())
  return tokens

  function newLine(): void {
    at++
    line++
    lineStart = at
  }

  function skipLine(from: number): number {
    const end = text.indexOf("\n", from)
    if (end < 0) return text.length
    line++
    lineStart = end + 1
    return end + 1
  }

  function indent(blank: string): void {
    if (blank.includes("\t")) throw new StarlarkError("tabs do not indent", here())
    if (blank.length > (indents.at(-1) ?? 0)) {
      indents.push(blank.length)
      push("indent", blank, here())
    }
    while (blank.length < (indents.at(-1) ?? 0)) {
      indents.pop()
      push("dedent", blank, here())
    }
    if (blank.length !== indents.at(-1)) throw new StarlarkError("this line is indented like no line above it", here())
  }

  function readString(): void {
    const start = here()
    const prefix = /^[rb]*/.exec(text.slice(at, at + 2))?.[0] ?? ""
    const isRaw = prefix.includes("r")
    at += prefix.length
    const mark = text[at] ?? ""
    const quote = text.startsWith(mark.repeat(3), at) ? mark.repeat(3) : mark
    at += quote.length
    let value = ""
    while (!text.startsWith(quote, at)) {
      const character = text[at]
      if (character === undefined || (character === "\n" && quote.length === 1)) {
        throw new StarlarkError("a string is not closed", start)
      }
      if (character === "\\") value += isRaw ? raw() : escaped()
      else if (character === "\n") {
        value += character
        newLine()
      } else {
        value += character
        at++
      }
    }
    at += quote.length
    tokens.push({ kind: "string", text: value, at: start })
  }

  function raw(): string {
    const pair = text.slice(at, at + 2)
    at += 2
    return pair
  }

  function escaped(): string {
    const next = text[at + 1] ?? ""
    if (next === "\n") {
      at++
      newLine()
      return ""
    }
    const code = /^\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8}))/.exec(text.slice(at, at + 10))
    if (code !== null) {
      at += code[0].length
      return String.fromCodePoint(Number.parseInt(code[1] ?? code[2] ?? code[3] ?? "0", 16))
    }
    const plain = ESCAPES[next]
    if (plain === undefined) throw new StarlarkError(`unknown escape \\${next}`, here())
    at += 2
    return plain
  }
}

const NAME_CHARS_MAX = 256
const ESCAPES: Readonly<Record<string, string>> = {
  ...{ n: "\n", t: "\t", r: "\r", "0": "\0", a: "\x07", b: "\b", f: "\f", v: "\v" },
  ...{ "\\": "\\", "'": "'", '"': '"' },
}
