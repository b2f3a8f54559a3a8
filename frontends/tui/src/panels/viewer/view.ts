import type { Caret, Frame, Line, Span } from "@skein/term"
import { shareText } from "../../view/amounts.ts"
import type { Look } from "../../view/look.ts"
import { chosen, cutLine, lineWidth, sides } from "../../view/text/line.ts"
import { safeLine } from "../../view/text/safe.ts"
import { widthOf } from "../../view/text/width.ts"
import { highlighted } from "../highlight.ts"
import type { Place } from "./source.ts"
import { caughtUp, movedTo, type ViewerState, walkOf } from "./state.ts"
import { isBefore } from "./walk.ts"

/** The rows around the cursor, and at the foot the keys and where one is. Only blocks that are seen are laid out. */
export function viewerView(before: ViewerState, look: Look, rows: number): Frame {
  const room = Math.max(0, rows - 1)
  before.layout.setLook({ ...look, columns: Math.max(1, look.columns - MARK) })
  const state = settled(caughtUp(before), room)
  const walk = walkOf(state)
  const lines: Line[] = []
  for (let { index, row } = state.top; lines.length < room && index < state.layout.source.count; index++, row = 0) {
    const count = walk.rows(index)
    for (; row < count && lines.length < room; row++)
      lines.push(rowLine(state, { index, row }, walk.line({ index, row }), look))
  }
  if (state.layout.source.count === 0 && room > 0)
    lines.push([{ text: "  Nothing was said yet.", style: look.theme.dim }])
  while (lines.length < room) lines.push([])
  const shown = [...lines, footLine(state, look)].slice(0, Math.max(0, rows))
  return {
    lines: shown.map((line) => cutLine(line, look.columns, look.glyphs.more)),
    caret: caretOf(state, look, rows),
  }
}

/** Room for the mark of the block that keys are about. */
const MARK = 2

/** The cursor where there is a row, and no emptiness below the end while there is something above. */
function settled(before: ViewerState, room: number): ViewerState {
  const walk = walkOf(before)
  const top = walk.clamped(before.top)
  const state = movedTo({ ...before, top }, before.cursor, room)
  const missing = room - 1 - walk.distance(state.top, walk.end, room)
  const { note } = before
  return { ...state, note, top: missing > 0 ? walk.moved(state.top, -missing) : state.top }
}

function rowLine(state: ViewerState, place: Place, line: Line, look: Look): Line {
  const { theme, glyphs, columns } = look
  const text = highlighted(line, state.query, theme.match)
  const isSelected = isWithin(state, place)
  const room = columns - MARK
  const shown = isSelected ? chosen(text, theme.selected, room) : text
  if (place.index !== state.cursor.index || room < 1) return shown
  const isCursor = place.row === state.cursor.row
  const gap: Span = { text: " ".repeat(Math.max(0, room - lineWidth(shown) + 1)) }
  return [...shown, gap, { text: isCursor ? glyphs.bar : glyphs.continued, style: isCursor ? theme.strong : theme.dim }]
}

function isWithin({ selectedFrom, cursor }: ViewerState, place: Place): boolean {
  if (selectedFrom === undefined) return false
  const [from, to] = isBefore(cursor, selectedFrom) ? [cursor, selectedFrom] : [selectedFrom, cursor]
  return !isBefore(place, from) && !isBefore(to, place)
}

function footLine(state: ViewerState, { theme, columns, glyphs }: Look): Line {
  const { typing, note, selectedFrom, cursor, layout, query } = state
  const { count } = layout.source
  const place = count === 0 ? "" : `${cursor.index + 1} of ${count} · ${shareText(cursor.index + 1, count)}`
  const right: Line = place === "" ? [] : [{ text: place, style: theme.dim }]
  const hints = [
    "esc back",
    "/ search",
    ...(query === "" ? [] : ["n N next"]),
    "e unfold",
    "v select",
    "y copy",
    "o open",
  ]
  const text = selectedFrom === undefined ? hints.join(" · ") : "y copies the lines · esc selects nothing"
  const left: Line =
    typing !== undefined
      ? [{ text: "  /", style: theme.dim }, { text: safeLine(typing.text) }]
      : [{ text: `  ${note ?? text}`, style: note === undefined ? theme.dim : theme.warning }]
  return sides(left, right, columns - MARK, glyphs.more)
}

function caretOf({ typing }: ViewerState, { columns }: Look, rows: number): Caret | undefined {
  if (typing === undefined || rows < 1) return undefined
  const column = 3 + widthOf(safeLine(typing.text.slice(0, typing.caret)))
  return column < columns ? { row: rows - 1, column } : undefined
}
