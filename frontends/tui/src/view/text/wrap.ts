import { type Line, type Span, textOf, wrap as wrapLine } from "@skein/term"
import { safeLines } from "./safe.ts"

/** Text of several looks, newlines among it, as lines that are no wider; a word that is too long is broken anywhere. */
export function wrap(spans: readonly Span[], columns: number): Line[] {
  return split(spans).flatMap((line) => wrapLine(line, Math.max(columns, 1)))
}

/** The same of a text without a look, whoever wrote it. */
export function wrapText(text: string, columns: number): string[] {
  return safeLines(text).flatMap((line) => wrapLine([{ text: line }], Math.max(columns, 1)).map(textOf))
}

function split(spans: readonly Span[]): readonly Line[] {
  const lines: Span[][] = [[]]
  for (const span of spans) {
    for (const [at, text] of span.text.split("\n").entries()) {
      if (at > 0) lines.push([])
      if (text !== "") lines.at(-1)?.push({ ...span, text })
    }
  }
  return lines
}
