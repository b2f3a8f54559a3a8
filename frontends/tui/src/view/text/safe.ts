import { visible } from "@skein/protocol"

const BREAKS = /\n+/g

/** Foreign text as it may stand in spans, lines apart: nothing hidden in it, tabs as spaces. */
export function safeLines(text: string): string[] {
  return visible(text).split("\n").map(expandTabs)
}

/** The same as one line. */
export function safeLine(text: string): string {
  return expandTabs(visible(text).replaceAll(BREAKS, " "))
}

/** Tabs as the spaces that they stand for, as if the text began at a tab stop. */
export function expandTabs(text: string): string {
  if (!text.includes("\t")) return text
  let line = ""
  for (const [at, piece] of text.split("\t").entries()) {
    if (at > 0) line += " ".repeat(TAB_COLUMNS - (line.length % TAB_COLUMNS))
    line += piece
  }
  return line
}

const TAB_COLUMNS = 4
