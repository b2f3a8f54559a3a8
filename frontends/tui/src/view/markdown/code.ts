import type { CodeLine } from "@skein/highlight"
import type { Line, Span, Style } from "@skein/term"
import type { Theme } from "../look.ts"
import { expandTabs, safeLines } from "../text/safe.ts"
import { over } from "../text/style.ts"
import { graphemesOf, headOf, isPlain, widthOf } from "../text/width.ts"
import { wrap } from "../text/wrap.ts"
import type { Drawing } from "./context.ts"

/** Code as it is, with its language above and no box around it: two cells in, long lines broken between words. */
export function codeLines(code: string, language: string | undefined, columns: number, drawing: Drawing): Line[] {
  const body = code.endsWith("\n") ? code.slice(0, -1) : code
  const plain = safeLines(body)
  const tokens = language === undefined ? undefined : drawing.code?.highlighted(plain.join("\n"), language)
  return [
    ...languageLine(language, columns, drawing),
    ...plain.flatMap((text, at) => codeLine(text, tokens?.[at], columns, drawing)),
  ]
}

/** The name above a block of code. */
export function languageLine(language: string | undefined, columns: number, { look }: Drawing): Line[] {
  const name = language === undefined ? "" : headOf(safeLines(language)[0] ?? "", columns)
  return name === "" ? [] : [[{ text: name, style: look.theme.dim }]]
}

/** One line of code, on as many rows as it needs. */
export function codeLine(text: string, tokens: CodeLine | undefined, columns: number, { look }: Drawing): Line[] {
  const room = columns - CODE_INDENT
  const spans = tokens === undefined ? [{ text }] : tokenSpans(tokens, look.theme)
  return wrap(spans, Math.max(room, 1)).map((line) =>
    line.length === 0 || room < 1 ? line : [{ text: " ".repeat(CODE_INDENT) }, ...line],
  )
}

const CODE_INDENT = 2

/** Pieces of code in the looks of what they are, over the look that the whole line has. */
export function tokenSpans(tokens: CodeLine, theme: Theme, lower?: Style): Span[] {
  return tokens.map(({ text, kind }) => {
    const style = over(kind === "plain" ? undefined : theme.tokens[kind], lower)
    return style === undefined ? { text: expandTabs(text) } : { text: expandTabs(text), style }
  })
}

/** Broken where the room ends, between any two characters: output of programs has no better places. */
export function breakAnywhere(spans: readonly Span[], columns: number): Line[] {
  const lines: Span[][] = [[]]
  let width = 0
  for (const { text, style } of spans) {
    let rest = text
    while (rest !== "") {
      const head = headOf(rest, columns - width)
      if (head === "" && width > 0) {
        lines.push([])
        width = 0
        continue
      }
      if (head !== "") lines.at(-1)?.push(style === undefined ? { text: head } : { text: head, style })
      width += widthOf(head)
      // What is wider than the whole line has no place.
      rest = rest.slice(head === "" ? firstLength(rest) : head.length)
    }
  }
  return lines
}

function firstLength(text: string): number {
  return isPlain(text) ? 1 : Math.max((graphemesOf(text.slice(0, 64))[0] ?? " ").length, 1)
}
