import type { Todo } from "@skein/protocol"
import type { Line, Span } from "@skein/term"
import type { Look } from "../../view/look.ts"
import { cutLine, sides } from "../../view/text/line.ts"
import { safeLine } from "../../view/text/safe.ts"
import { cutStart, widthOf } from "../../view/text/width.ts"
import { todoLines } from "../pages/todos.ts"
import { stateMark, type TabState } from "./tab-bar.ts"

/** What stands beside the transcript. */
export interface Sidebar {
  readonly sessions: readonly {
    readonly name: string
    readonly state: TabState
    readonly isCurrent: boolean
    readonly aside?: string | undefined
  }[]
  readonly changed: readonly { readonly path: string; readonly added: number; readonly removed: number }[]
  readonly todos: readonly Todo[]
}

/** Sessions, changed files and what is to be done, in that many rows: of each part its beginning, where not all fits. */
export function sidebarLines({ sessions, changed, todos }: Sidebar, look: Look, rows: number): readonly Line[] {
  const parts = [
    { title: "sessions", lines: sessions.map((session) => sessionLine(session, look)) },
    { title: "changed", lines: changed.map((file) => changedLine(file, look)) },
    { title: "to do", lines: todoLines(todos, look) },
  ].filter(({ lines }) => lines.length > 0)
  if (parts.length === 0)
    return [cutLine([{ text: "  Nothing yet.", style: look.theme.dim }], look.columns, look.glyphs.more)].slice(0, rows)
  const shares = sharesOf(
    parts.map(({ lines }) => lines.length),
    rows - parts.length * 2 + 1,
  )
  return parts
    .flatMap(({ title, lines }, at) => [
      ...(at === 0 ? [] : [[]]),
      titleLine(title, look),
      ...beginning(lines, shares[at] ?? 0, look),
    ])
    .slice(0, Math.max(0, rows))
}

/** What each part gets: all that it needs where it fits, else what is left shared alike. */
function sharesOf(needs: readonly number[], rows: number): readonly number[] {
  const shares = needs.map(() => 0)
  for (let left = Math.max(0, rows), given = true; left > 0 && given; ) {
    given = false
    for (const [at, need] of needs.entries()) {
      const has = shares[at] ?? 0
      if (left === 0 || has >= need) continue
      shares[at] = has + 1
      left -= 1
      given = true
    }
  }
  return shares
}

function beginning(lines: readonly Line[], room: number, { theme, glyphs, columns }: Look): readonly Line[] {
  if (lines.length <= room) return lines
  const more: Line = [{ text: `  ${glyphs.more} ${lines.length - Math.max(0, room - 1)} more`, style: theme.dim }]
  return room < 1 ? [] : [...lines.slice(0, room - 1), cutLine(more, columns, glyphs.more)]
}

function titleLine(title: string, { theme, columns, glyphs }: Look): Line {
  return cutLine([{ text: `  ${title}`, style: theme.heading }], columns, glyphs.more)
}

function sessionLine({ name, state, isCurrent, aside = "" }: Sidebar["sessions"][number], look: Look): Line {
  const { theme, columns, glyphs } = look
  const mark = stateMark(state, look)
  const left: Span[] = [
    { text: `  ${mark.text === "" ? " " : mark.text} `, style: mark.style },
    { text: safeLine(name), style: isCurrent ? theme.strong : theme.text },
  ]
  return cutLine(
    sides(left, aside === "" ? [] : [{ text: aside, style: theme.dim }], columns - 1, glyphs.more),
    columns,
    glyphs.more,
  )
}

function changedLine({ path, added, removed }: Sidebar["changed"][number], { theme, columns, glyphs }: Look): Line {
  const right: Span[] = [
    { text: `+${added}`, style: theme.added },
    { text: ` ${glyphs.minus}${removed}`, style: theme.removed },
  ]
  const room = columns - widthOf(right.map(({ text }) => text).join("")) - 7
  const name = room < 4 ? safeLine(path) : cutStart(safeLine(path), room, glyphs.more)
  return cutLine(sides([{ text: `    ${name}` }], right, columns - 1, glyphs.more), columns, glyphs.more)
}
