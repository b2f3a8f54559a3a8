import type { Line } from "@skein/term"
import type { Look } from "../view/look.ts"
import { cutLine } from "../view/text/line.ts"
import { wrapText } from "../view/text/wrap.ts"
import type { Measured } from "./scroll.ts"

export interface TextWindow {
  readonly top: number
  readonly room: number
  readonly measured: Measured
  /** By which it is scrolled: pages alone where rows are something else's. */
  readonly keys: "rows and pages" | "pages"
}

/** Text from the row `top` on, wrapped, within so many rows. Where it does not fit, the last row says by which keys the rest is seen. */
export function textWindow(text: readonly string[], { top, room, measured, keys }: TextWindow, look: Look): Line[] {
  const { columns, theme, glyphs } = look
  const rows = text.flatMap((line) => wrapText(line, Math.max(columns - 4, 1)))
  const isWhole = rows.length <= room
  const shown = isWhole ? rows.length : Math.max(room - 1, 0)
  measured.topMax = rows.length - shown
  const from = Math.min(top, measured.topMax)
  const below = rows.length - from - shown
  const by = (direction: "up" | "down") => (keys === "pages" ? `page-${direction}` : `${direction}, page-${direction}`)
  const left = below > 0 ? `${below} more below: ${by("down")}` : `${from} more above: ${by("up")}`
  const hint: Line = [{ text: `  ${glyphs.more} ${left}`, style: theme.waiting }]
  return [
    ...rows.slice(from, from + shown).map((row) => cutLine([{ text: `  ${row}` }], columns, glyphs.more)),
    ...(isWhole || room < 1 ? [] : [cutLine(hint, columns, glyphs.more)]),
  ]
}
