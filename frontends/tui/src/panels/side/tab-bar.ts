import type { Line, Span } from "@skein/term"
import type { Look } from "../../view/look.ts"
import { lineWidth } from "../../view/text/line.ts"
import { safeLine } from "../../view/text/safe.ts"
import { cutText, widthOf } from "../../view/text/width.ts"

export type TabState = "idle" | "running" | "waiting" | "failed"

/** A session as the bar tells it. */
export interface Tab {
  readonly name: string
  readonly state: TabState
}

/** One row: the tabs from the left, each with what it is doing; where not all fit, those around the current one. */
export function tabBar(tabs: readonly Tab[], current: number, look: Look): Line {
  const { columns, glyphs, theme } = look
  const cells = tabs.map((tab, at) => tabSpans(tab, at, at === current, look))
  let from = Math.max(0, Math.min(current, tabs.length - 1))
  let to = from + 1
  let taken = lineWidth(cells[from] ?? [])
  // As many as fit, by turns to both sides: the current one is never among those left out.
  for (let isGrown = true; isGrown; ) {
    isGrown = false
    for (const at of [to, from - 1]) {
      const cell = cells[at]
      if (cell === undefined || taken + lineWidth(cell) + MORE > columns) continue
      taken += lineWidth(cell)
      if (at === to) to += 1
      else from -= 1
      isGrown = true
    }
  }
  const more: Span = { text: ` ${glyphs.more}`, style: theme.dim }
  const line = [...(from > 0 ? [more] : []), ...cells.slice(from, to).flat(), ...(to < tabs.length ? [more] : [])]
  return lineWidth(line) <= columns
    ? line
    : [{ text: cutText(line.map(({ text }) => text).join(""), columns, glyphs.more), style: theme.strong }]
}

/** Room for what tells that there are more, at both ends. */
const MORE = 4
const NAME_COLUMNS_MAX = 24

function tabSpans({ name, state }: Tab, at: number, isCurrent: boolean, look: Look): Span[] {
  const { theme, glyphs } = look
  const mark = stateMark(state, look)
  const shown = cutText(safeLine(name), NAME_COLUMNS_MAX, glyphs.more)
  return [
    { text: `  ${at + 1} `, style: theme.dim },
    ...(widthOf(mark.text) === 0 ? [] : [{ text: `${mark.text} `, style: mark.style }]),
    { text: shown, style: isCurrent ? { ...theme.strong, isUnderlined: true } : theme.dim },
  ]
}

/** What one sees of a session from elsewhere: it works, it needs the person, it failed; nothing while it is idle. */
export function stateMark(state: TabState, { theme, glyphs }: Look): Span {
  return state === "idle" ? { text: "" } : { text: glyphs[state], style: theme[state] }
}
