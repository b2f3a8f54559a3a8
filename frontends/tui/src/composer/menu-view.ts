import { cut, type Line, type Span, type Style } from "@skein/term"
import type { Look } from "../view/look.ts"
import { chosen } from "../view/text/line.ts"
import { cutStart, cutText, widthOf } from "../view/text/width.ts"
import { GUTTER } from "./layout.ts"
import type { ComposerState, MenuEntry } from "./state.ts"

/** The entries around the selected one, for the rows beside the composer. Empty while nothing is to be completed. */
export function menuView(state: ComposerState, look: Look, rowsMax = ROWS_MAX): readonly Line[] {
  const { menu } = state
  if (menu === undefined) return []
  const rows = Math.max(1, Math.min(rowsMax, ROWS_MAX))
  const first = Math.max(0, Math.min(menu.selected - rows + 2, menu.entries.length - rows, menu.selected))
  const entries = menu.entries.slice(first, first + rows)
  const columns = Math.max(1, look.columns - GUTTER - 1)
  const widest = Math.max(...menu.entries.map((entry) => widthOf(wholeLabel(entry))))
  // A column of reasons has its place only where a label still has most of the row.
  const hasDetails = columns >= 50 && menu.entries.some(({ detail }) => detail !== "")
  const labels = hasDetails ? Math.min(widest, Math.max(Math.floor(columns / 3), LABEL_MIN)) : columns
  return entries.map((entry, row) => {
    const isSelected = first + row === menu.selected
    const isAbove = row === 0 && first > 0
    const isBelow = row === rows - 1 && (first + rows < menu.entries.length || menu.more > 0)
    const spans = [
      gutter(isSelected ? "selected" : isAbove || isBelow ? "more" : "none", look),
      ...labelSpans(endShown(entry, menu.kind === "file" ? labels : Number.POSITIVE_INFINITY, look), labels, look),
      ...detailSpans(entry, { labels, columns, hasDetails }, look),
    ]
    const line = cut(spans, look.columns)
    return isSelected ? chosen(line, look.theme.selected, look.columns) : line
  })
}

const ROWS_MAX = 8
const LABEL_MIN = 24

function wholeLabel({ label, usage = "" }: MenuEntry): string {
  return usage === "" ? label : `${label} ${usage}`
}

function gutter(state: "selected" | "more" | "none", { glyphs, theme }: Look): Span {
  if (state === "selected") return { text: `${glyphs.prompt} `, style: theme.prompt }
  return state === "more" ? { text: `${glyphs.more} `, style: theme.dim } : { text: "  " }
}

/** Of a path that does not fit, the end: it tells most. */
function endShown(entry: MenuEntry, columns: number, { glyphs }: Look): MenuEntry {
  if (widthOf(entry.label) <= columns) return entry
  const label = cutStart(entry.label, columns, glyphs.more)
  const shift = entry.label.length - label.length
  return {
    ...entry,
    label,
    positions: entry.positions.map((at) => at - shift).filter((at) => at >= glyphs.more.length),
  }
}

function labelSpans(entry: MenuEntry, columns: number, { theme, glyphs }: Look): Span[] {
  const shown = cutText(wholeLabel(entry), columns, glyphs.more)
  const matched = new Set(entry.positions)
  const spans: { text: string; style: Style }[] = []
  let at = 0
  for (const character of shown) {
    const style = matched.has(at) ? theme.match : at < entry.label.length ? theme.text : theme.dim
    const last = spans.at(-1)
    if (last !== undefined && last.style === style) last.text += character
    else spans.push({ text: character, style })
    at += character.length
  }
  return spans
}

function detailSpans(
  entry: MenuEntry,
  { labels, columns, hasDetails }: { labels: number; columns: number; hasDetails: boolean },
  { theme, glyphs }: Look,
): Span[] {
  if (!hasDetails || entry.detail === "") return []
  const gap = " ".repeat(Math.max(0, labels - widthOf(cutText(wholeLabel(entry), labels, glyphs.more))) + 2)
  const room = columns - labels - 2
  return room < 8 ? [] : [{ text: gap }, { text: cutText(entry.detail, room, glyphs.more), style: theme.dim }]
}
