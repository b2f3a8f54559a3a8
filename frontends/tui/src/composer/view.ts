import { type Caret, cut, type Line, type Span, type Style } from "@skein/term"
import type { Look, Theme } from "../view/look.ts"
import { safeLine } from "../view/text/safe.ts"
import { cutText } from "../view/text/width.ts"
import { graphemes } from "./graphemes.ts"
import { cellsAt, columnOf, GUTTER, type Layout, layoutOf, type Row, rowAfter, rowAt, rowBefore } from "./layout.ts"
import { menuView } from "./menu-view.ts"
import { searchMatch } from "./search.ts"
import { selectionOf } from "./selection.ts"
import { type ComposerState, isEmpty, type Search } from "./state.ts"

/** What the composer is drawn with beside its own state. */
export interface ComposerViewOptions {
  /** Rows of text that are shown at most; the rest scrolls. At least one. */
  readonly rowsMax: number
  /** On an empty composer. */
  readonly suggestion?: string | undefined
  /** A turn runs: nothing is suggested. */
  readonly isBusy?: boolean | undefined
}

/** What the composer looks like, and where its caret is. */
export interface ComposerView {
  readonly lines: readonly Line[]
  readonly caret: Caret
}

interface Drawn {
  /** All that it was drawn from, besides the state. */
  readonly by: readonly unknown[]
  readonly view: ComposerView
}

/** While an answer streams, each frame has the same composer. */
const DRAWN = new WeakMap<ComposerState, Drawn>()

/**
 * The prompt and what is typed, as rows: the caret's row among them, with its neighbours. Below stands what can be
 * completed: with it there are at most `2 * rowsMax + 1` rows, or two more than the text has.
 */
export function composerView(state: ComposerState, look: Look, options: ComposerViewOptions): ComposerView {
  const { rowsMax, suggestion, isBusy } = options
  const by = [look.columns, look.theme, look.glyphs, rowsMax, suggestion, isBusy]
  const old = DRAWN.get(state)
  if (old?.by.every((value, at) => value === by[at])) return old.view
  const view = drawn(state, look, options)
  DRAWN.set(state, { by, view })
  return view
}

function drawn(state: ComposerState, look: Look, options: ComposerViewOptions): ComposerView {
  const layout = layoutOf(state, look.columns)
  const shown = window(layout, rowAt(layout, state.caret), Math.max(1, options.rowsMax))
  const marks = marksOf(state, look.theme)
  const lines = shown.rows.map((row, index) => {
    const isFirst = index === 0
    const isLast = index === shown.rows.length - 1
    const gutter = gutterOf(look, { row, isAbove: isFirst && shown.isAbove, isBelow: isLast && shown.isBelow })
    return cut([gutter, ...spansOf(layout, row, marks, look.theme)], look.columns)
  })
  const row = shown.rows[shown.caretRow] ?? { start: 0, end: 0, isWrapped: false }
  const column = GUTTER + columnOf(layout, row, state.caret)
  const caret = { row: shown.caretRow, column: Math.min(column, Math.max(0, look.columns - 1)) }
  if (state.search !== undefined) return { lines: [...lines, searchLine(state.search, look)], caret }
  if (isEmpty(state)) return { lines: [hinted(lines[0] ?? [], look, options)], caret }
  const menuRows = Math.max(2, 2 * options.rowsMax + 1 - lines.length)
  return { lines: [...lines, ...menuView(state, look, menuRows)], caret }
}

interface Shown {
  readonly rows: readonly Row[]
  readonly caretRow: number
  readonly isAbove: boolean
  readonly isBelow: boolean
}

/** The caret's row in the middle, unless the text begins or ends nearer. So the same state is always the same picture. */
function window(layout: Layout, middle: Row, rowsMax: number): Shown {
  const above = follow(layout, middle, rowBefore, rowsMax)
  const below = follow(layout, middle, rowAfter, rowsMax)
  const half = Math.floor((rowsMax - 1) / 2)
  const belowCount = Math.min(below.length, Math.max(half, rowsMax - 1 - above.length))
  const aboveCount = Math.min(above.length, rowsMax - 1 - belowCount)
  return {
    rows: [...above.slice(0, aboveCount).toReversed(), middle, ...below.slice(0, belowCount)],
    caretRow: aboveCount,
    isAbove: above.length > aboveCount,
    isBelow: below.length > belowCount,
  }
}

function follow(
  layout: Layout,
  from: Row,
  next: (layout: Layout, row: Row) => Row | undefined,
  rowsMax: number,
): readonly Row[] {
  const rows: Row[] = []
  for (let row = next(layout, from); row !== undefined && rows.length < rowsMax; row = next(layout, row)) rows.push(row)
  return rows
}

function gutterOf(look: Look, { row, isAbove, isBelow }: { row: Row; isAbove: boolean; isBelow: boolean }): Span {
  if (isAbove || isBelow) return { text: `${look.glyphs.more} `, style: look.theme.dim }
  return row.start === 0 ? { text: `${look.glyphs.prompt} `, style: look.theme.prompt } : { text: "  " }
}

/** A range of the text with a look of its own. */
interface Mark {
  readonly start: number
  readonly end: number
  readonly style: Style
}

function marksOf(state: ComposerState, theme: Theme): readonly Mark[] {
  const selected = selectionOf(state)
  const match = searchMatch(state)
  return [
    ...(selected === undefined ? [] : [{ ...selected, style: theme.selected }]),
    ...(match === undefined ? [] : [{ ...match, style: theme.match }]),
  ]
}

function spansOf(layout: Layout, row: Row, marks: readonly Mark[], theme: Theme): readonly Span[] {
  const spans: { text: string; style: Style }[] = []
  const isPlain = layout.chips.size === 0 && marks.length === 0
  const text = layout.text.slice(row.start, row.end)
  // Plain rows are one span: most are, and it is what a long text is drawn from.
  if (isPlain && !/[^ -~]/.test(text)) return text === "" ? [] : [{ text, style: theme.text }]
  for (const grapheme of graphemes(layout.text, row.start, row.end)) {
    const mark = marks.find(({ start, end }) => grapheme.at >= start && grapheme.at < end)
    const style = mark?.style ?? (layout.chips.has(grapheme.text) ? theme.dim : theme.text)
    const last = spans.at(-1)
    const shown = cellsAt(layout, grapheme.text).text
    if (last !== undefined && last.style === style) last.text += shown
    else spans.push({ text: shown, style })
  }
  const newline = row.isWrapped ? undefined : marks.find(({ start, end }) => row.end >= start && row.end < end)
  return newline === undefined ? spans : [...spans, { text: " ", style: newline.style }]
}

function searchLine(search: Search, look: Look): Line {
  const found = search.query !== "" && search.index === undefined ? "nothing with" : "search"
  const keys = look.columns < 60 ? "" : "   enter take · ctrl+r older · esc back"
  const query = safeLine(search.query)
  const spans = [
    { text: `  ${found} `, style: look.theme.dim },
    {
      text: cutText(query, Math.max(1, look.columns - GUTTER - 14 - keys.length), look.glyphs.more),
      style: look.theme.match,
    },
    { text: keys, style: look.theme.dim },
  ]
  return cut(spans, look.columns)
}

function hinted(line: Line, look: Look, { suggestion = "", isBusy }: ComposerViewOptions): Line {
  if (isBusy === true || suggestion === "") return line
  const text = cutText(safeLine(suggestion), Math.max(0, look.columns - GUTTER - 1), look.glyphs.more)
  return text === "" ? line : [...line, { text, style: look.theme.dim }]
}
