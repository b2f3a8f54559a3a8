import type { Frame, Line, Span } from "@skein/term"
import { type Sidebar, sidebarLines } from "../../panels/side/sidebar.ts"
import { type Tab as TabFacts, tabBar } from "../../panels/side/tab-bar.ts"
import type { Look } from "../../view/look.ts"
import { cutLine, lineWidth, sides } from "../../view/text/line.ts"
import type { BlockList } from "./block-list.ts"
import type { Scroller } from "./scroller.ts"

/** What the whole screen shows. */
export interface FullParts {
  readonly tabs: readonly TabFacts[]
  readonly place: number
  /** The keys to the tabs beside; empty where none is bound. */
  readonly tabKeys: string
  readonly sidebar: Sidebar | undefined
  readonly blocks: BlockList
  readonly scroller: Scroller
  /** Waiting input, the composer or a panel, and the status: what stands below the transcript. */
  readonly below: (look: Look) => Frame
}

/** From so many columns there is room for a sidebar. */
const SIDEBAR_COLUMNS_MIN = 100
const SIDEBAR_COLUMNS = 32

/** Tabs at the top where there are several, the transcript with the sidebar beside it, and where one types at the bottom. */
export function fullFrame(parts: FullParts, look: Look, rows: number): Frame {
  const { tabs, sidebar } = parts
  const head: readonly Line[] = tabs.length > 1 ? [barLine(parts, look), []] : []
  const side = sidebar !== undefined && look.columns >= SIDEBAR_COLUMNS_MIN ? sidebar : undefined
  const main = side === undefined ? look : { ...look, columns: look.columns - SIDEBAR_COLUMNS }
  const below = parts.below(main)
  const room = roomFor(parts, below, rows)
  const seen = parts.scroller.view(parts.blocks, main, room)
  const body = [...Array.from({ length: room - seen.length }, (): Line => []), ...withPill(seen, parts.scroller, main)]
  const lines = [...body, ...below.lines]
  const all = side === undefined ? lines : beside(lines, side, look)
  const caret = below.caret && { row: head.length + room + below.caret.row, column: below.caret.column }
  return caret === undefined ? { lines: [...head, ...all] } : { lines: [...head, ...all], caret }
}

/** How one comes back stands at the right, where all tabs and it have room. */
function barLine({ tabs, place, tabKeys }: FullParts, look: Look): Line {
  const bar = tabBar(tabs, place, look)
  const hint: Line = tabKeys === "" ? [] : [{ text: `${tabKeys} other tabs`, style: look.theme.dim }]
  const columns = look.columns - MARGIN
  return lineWidth(bar) + MARGIN + lineWidth(hint) > columns ? bar : sides(bar, hint, columns, look.glyphs.more)
}

const MARGIN = 2

/** Rows of the transcript. */
export function roomFor({ tabs }: Pick<FullParts, "tabs">, below: Frame, rows: number): number {
  return Math.max(rows - (tabs.length > 1 ? 2 : 0) - below.lines.length, 0)
}

/** What came meanwhile is below: the last row says so, and how to get there. */
function withPill(
  lines: readonly Line[],
  { isFollowing }: Scroller,
  { theme, columns, glyphs }: Look,
): readonly Line[] {
  if (isFollowing || lines.length === 0) return lines
  const pill: Line = [{ text: `  ${glyphs.more} more below  (alt+end goes there)`, style: theme.dim }]
  return [...lines.slice(0, -1), cutLine(pill, columns, glyphs.more)]
}

function beside(lines: readonly Line[], sidebar: Sidebar, look: Look): readonly Line[] {
  const width = look.columns - SIDEBAR_COLUMNS
  const side = sidebarLines(sidebar, { ...look, columns: SIDEBAR_COLUMNS - 2 }, lines.length)
  return lines.map((line, at): Line => {
    const other = side[at]
    if (other === undefined) return line
    const gap: Span = { text: " ".repeat(Math.max(width - lineWidth(line), 0) + 2) }
    return [...line, gap, ...other]
  })
}
