import type { Line, Span, Style } from "@skein/term"
import type { Look } from "../view/look.ts"
import type { ComposerState, MenuEntry } from "./state.ts"
import { cut, fitted } from "./width.ts"

/** The entries around the selected one, for the rows beside the composer. Empty while nothing is to be completed. */
export function menuView(state: ComposerState, look: Look): readonly Line[] {
  const { menu } = state
  if (menu === undefined) return []
  const first = Math.max(0, Math.min(menu.selected - ROWS_MAX + 2, menu.entries.length - ROWS_MAX))
  const entries = menu.entries.slice(first, first + ROWS_MAX)
  const columns = Math.max(1, look.columns - GUTTER - 1)
  const widest = Math.max(...menu.entries.map(({ label }) => Bun.stringWidth(label)))
  // A column of reasons has its place only where a label still has most of the row.
  const hasDetails = columns >= 50 && menu.entries.some(({ detail }) => detail !== "")
  const labels = hasDetails ? Math.min(widest, Math.floor(columns / 2)) : columns
  return entries.map((entry, row) => {
    const isSelected = first + row === menu.selected
    const isAbove = row === 0 && first > 0
    const isBelow = row === ROWS_MAX - 1 && (first + ROWS_MAX < menu.entries.length || menu.more > 0)
    const spans = [
      gutter(isSelected ? "selected" : isAbove || isBelow ? "more" : "none", look),
      ...labelSpans(entry, labels, isSelected, look),
      ...detailSpans(entry, { labels, columns, hasDetails }, look),
    ]
    return fitted(spans, look.columns)
  })
}

const ROWS_MAX = 8
const GUTTER = 2

function gutter(state: "selected" | "more" | "none", { glyphs, theme }: Look): Span {
  if (state === "selected") return { text: `${glyphs.prompt} `, style: theme.strong }
  return state === "more" ? { text: `${glyphs.more} `, style: theme.dim } : { text: "  " }
}

function labelSpans({ label, positions }: MenuEntry, columns: number, isSelected: boolean, look: Look): Span[] {
  const { theme } = look
  const shown = cut(label, columns)
  const matched = new Set(positions)
  const spans: { text: string; style: Style }[] = []
  let at = 0
  for (const character of shown) {
    const style = matched.has(at) ? theme.match : isSelected ? theme.selected : theme.text
    const last = spans.at(-1)
    if (last !== undefined && last.style === style) last.text += character
    else spans.push({ text: character, style })
    at += character.length
  }
  return spans
}

function detailSpans(
  { label, detail }: MenuEntry,
  { labels, columns, hasDetails }: { labels: number; columns: number; hasDetails: boolean },
  { theme }: Look,
): Span[] {
  if (!hasDetails || detail === "") return []
  const gap = " ".repeat(Math.max(0, labels - Bun.stringWidth(cut(label, labels))) + 2)
  const room = columns - labels - 2
  return room < 8 ? [] : [{ text: gap }, { text: cut(detail, room), style: theme.dim }]
}
