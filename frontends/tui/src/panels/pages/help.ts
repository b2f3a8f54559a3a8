import type { Line } from "@skein/term"
import type { Look } from "../../view/look.ts"
import { cutLine } from "../../view/text/line.ts"
import { cutText, padEnd, widthOf } from "../../view/text/width.ts"
import { wrapText } from "../../view/text/wrap.ts"
import type { Panel } from "../panel.ts"
import { pagePanel } from "./page.ts"
import { headingLine } from "./table.ts"

/** Keys of one kind, as they are bound now. */
export interface HelpGroup {
  readonly title: string
  readonly rows: readonly {
    readonly keys: readonly string[]
    readonly what: string
    readonly note?: string | undefined
  }[]
}

/** Every key with what it does; `/` finds one. */
export function helpPanel(groups: readonly HelpGroup[]): Panel {
  return pagePanel({ title: "keys", lines: (look) => helpLines(groups, look) })
}

function helpLines(groups: readonly HelpGroup[], look: Look): Line[] {
  const widest = Math.max(0, ...groups.flatMap(({ rows }) => rows.map(({ keys }) => widthOf(keys.join("  ")))))
  const columns = Math.min(widest, Math.floor(look.columns / 3))
  return groups.flatMap(({ title, rows }, at) => [
    ...(at === 0 ? [] : [[]]),
    headingLine(title, look),
    ...rows.flatMap((row) => rowLines(row, columns, look)),
  ])
}

function rowLines({ keys, what, note }: HelpGroup["rows"][number], columns: number, look: Look): Line[] {
  const { theme, glyphs } = look
  const shown = cutText(keys.join("  "), columns, glyphs.more)
  const room = Math.max(8, look.columns - columns - 6)
  const texts = wrapText(keys.length === 0 ? `${what} (no key is bound)` : what, room)
  const notes = note === undefined ? [] : wrapText(note, room)
  const lines: Line[] = [
    ...texts.map(
      (text, at): Line => [{ text: `  ${padEnd(at === 0 ? shown : "", columns)}  `, style: theme.strong }, { text }],
    ),
    ...notes.map((text): Line => [{ text: " ".repeat(columns + 4) }, { text, style: theme.dim }]),
  ]
  return lines.map((line) => cutLine(line, look.columns, glyphs.more))
}
