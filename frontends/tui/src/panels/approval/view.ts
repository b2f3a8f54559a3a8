import { type Frame, type Line, type Span, textOf } from "@skein/term"
import { withoutName } from "../../view/blocks/call.ts"
import type { Look } from "../../view/look.ts"
import { cutLine, lineWidth, sides } from "../../view/text/line.ts"
import { safeLine } from "../../view/text/safe.ts"
import { padEnd, widthOf } from "../../view/text/width.ts"
import { wrapText } from "../../view/text/wrap.ts"
import { type DrawDiff, exactDiff, exactRows, exactText } from "../diff-text.ts"
import { ALWAYS, ASKS, type Fact, factsOf, withoutGaps } from "./facts.ts"
import { hunkNumbers } from "./hunks.ts"
import { type Extent, keyLines, ruleByKey } from "./keys.ts"
import type { Pending } from "./pending.ts"
import type { ApprovalState } from "./state.ts"

/** The question within that many rows, its keys among them. Where nothing can be judged by, it says so, and no yes counts. */
export function approvalView(state: ApprovalState, look: Look, rows: number): Frame {
  const [pending] = state.pending
  if (pending === undefined) return { lines: [] }
  const short = linesAs(state.scroll === undefined ? "short" : "whole", pending, state, look, rows)
  const isShortened = state.scroll === undefined && short.some((line) => textOf(line).includes(look.glyphs.more))
  const lines = isShortened ? linesAs("shortened", pending, state, look, rows) : short
  const caret = state.feedback === undefined ? undefined : feedbackCaret(state, look, lines.length)
  return { lines: lines.map((line) => cutLine(line, look.columns, look.glyphs.more)), caret }
}

function linesAs(extent: Extent, pending: Pending, state: ApprovalState, look: Look, rows: number): readonly Line[] {
  const isWhole = extent === "whole"
  const foot = footLines(pending, state, extent, look)
  if (rows <= foot.length && state.feedback !== undefined) return foot.slice(0, Math.max(0, rows))
  const isAiry = rows >= foot.length + AIRY_ROWS
  const room = Math.max(0, rows - foot.length - (isAiry ? 3 : 1))
  const { before, asks } = isWhole ? wholeLines(pending, look) : shortLines(pending, state, look, room)
  const body = [...before, ...asks]
  state.measured.scrollMax = Math.max(0, body.length - room)
  const shown = isWhole ? scrolled(body, state.scroll ?? 0, room, look) : clipped(before, asks, room, look)
  const isFactShown = room > 0 && rows > foot.length && shown.some((line) => body.includes(line))
  state.measured.isJudgeable = isFactShown && look.columns >= JUDGED_COLUMNS_MIN
  if (!state.measured.isJudgeable && state.feedback === undefined)
    return crampedLines(headLine(pending, state, look), body, isWhole, look, rows)
  const fill = isWhole ? Array.from({ length: Math.max(0, room - shown.length) }, (): Line => []) : []
  const air: Line[] = isAiry ? [[]] : []
  return [headLine(pending, state, look), ...air, ...shown, ...fill, ...air, ...foot]
}

/** Head, body and air, beside the keys. */
const AIRY_ROWS = 6
const LABEL = 10
const GUTTER = 2
const MARGIN = 2

/** Too little room to judge by: as much as fits of what is asked, and what can be done. */
function crampedLines(head: Line, body: readonly Line[], isWhole: boolean, { theme }: Look, rows: number): Line[] {
  const hint: Line = [
    { text: isWhole ? "  enlarge to answer · n no" : "  enlarge, or v, to answer · n no", style: theme.waiting },
  ]
  return rows < 2 ? [hint] : [head, ...body.slice(0, rows - 2), hint]
}

/** With fewer columns nothing of a fact but its label is seen. */
const JUDGED_COLUMNS_MIN = GUTTER + LABEL + MARGIN + 8

function headLine({ event, name, title, from }: Pending, { pending }: ApprovalState, look: Look): Line {
  const { theme, glyphs, columns } = look
  const tried = event.effects === undefined ? "" : "  tried in a copy"
  const left: Line = [
    { text: padEnd(glyphs.waiting, GUTTER), style: theme.waiting },
    ...(from === undefined ? [] : [{ text: `${cutText(safeLine(from), look)} · `, style: theme.waiting }]),
    { text: safeLine(name), style: theme.strong },
    { text: `   ${withoutName(safeLine(title), name)}` },
    { text: tried, style: theme.dim },
  ]
  const right = pending.length > 1 ? `1 of ${pending.length}` : ""
  return sides(left, right === "" ? [] : [{ text: right, style: theme.dim }], columns - MARGIN, glyphs.more)
}

/** Who asks leaves room for what is asked. */
function cutText(text: string, { columns, glyphs }: Look): string {
  return textOf(cutLine([{ text }], Math.max(Math.floor(columns / 3), 1), glyphs.more))
}

/** What of a fact is shown, by how much room there is: its head and its end, so that nothing hides in the middle unsaid. */
const FACT_ROWS_MAX = [24, 10] as const
const FACT_ROWS_MIN = 4
const DIFF_ROWS_MAX = 12

interface Body {
  readonly before: readonly Line[]
  readonly asks: readonly Line[]
}

function shortLines(pending: Pending, state: ApprovalState, look: Look, room: number): Body {
  for (const most of FACT_ROWS_MAX) {
    const body = shortBody(pending, state, look, most)
    if (body.before.length + body.asks.length <= room) return body
  }
  return shortBody(pending, state, look, FACT_ROWS_MIN)
}

function shortBody(pending: Pending, state: ApprovalState, look: Look, factRowsMax: number): Body {
  const isSaid = ruleByKey(pending, look) !== undefined
  const facts = factsOf(pending, "short", state.home).filter(({ label }) => label !== ALWAYS || !isSaid)
  const numbers = hunkNumbers(facts, pending)
  return bodyOf(facts, (fact) => {
    const rows = withoutGaps(fact.text).flatMap((row) => wrapText(row, roomFor(look)))
    const diff = diffLines(fact, look, state.drawDiff, numbers.get(fact))
    return [
      ...factLines(fact, ends(rows, factRowsMax, look), look),
      ...diff.slice(0, DIFF_ROWS_MAX),
      ...(diff.length > DIFF_ROWS_MAX ? [moreLine(diff.length - DIFF_ROWS_MAX, look)] : []),
    ]
  })
}

function wholeLines(pending: Pending, look: Look): Body {
  const facts = factsOf(pending, "whole")
  const numbers = hunkNumbers(facts, pending)
  return bodyOf(facts, (fact) => {
    const rows = exactText(fact.text).flatMap((row) =>
      exactRows(row, roomFor(look)).map((part, at) => (at === 0 ? part : { continues: part })),
    )
    return [...factLines(fact, rows, look), ...diffLines(fact, look, exactDiff, numbers.get(fact))]
  })
}

function bodyOf(facts: readonly Fact[], draw: (fact: Fact) => Line[]): Body {
  return {
    before: facts.filter(({ label }) => label !== ASKS).flatMap(draw),
    asks: facts.filter(({ label }) => label === ASKS).flatMap(draw),
  }
}

function roomFor({ columns }: Look): number {
  return Math.max(8, columns - GUTTER - LABEL - MARGIN)
}

function ends(rows: readonly string[], most: number, { glyphs }: Look): readonly string[] {
  if (rows.length <= most) return rows
  const left = rows.length - most + 1
  return [...rows.slice(0, most - 2), `${glyphs.more} ${left} more, v shows them ${glyphs.more}`, ...rows.slice(-1)]
}

/** A row of the text, or what of one did not fit the screen's width. */
type Row = string | { readonly continues: string }

/** What goes on in further rows stands below its beginning, where no row can pass for a fact of its own. */
function factLines({ label, beside, isBesideSpare, isWarning }: Fact, rows: readonly Row[], look: Look): Line[] {
  const { theme, columns, glyphs } = look
  const indent = " ".repeat(GUTTER + LABEL)
  const continued = `${" ".repeat(GUTTER + LABEL - 2)}${glyphs.continued} `
  const style = isWarning === true ? theme.warning : theme.text
  const lines = rows.map((row, at): Line => {
    if (typeof row !== "string")
      return [
        { text: continued, style: theme.dim },
        { text: row.continues, style },
      ]
    return [at === 0 ? { text: `  ${padEnd(label, LABEL)}`, style: theme.dim } : { text: indent }, { text: row, style }]
  })
  const [first] = lines
  if (beside === undefined || first === undefined) return lines
  const aside: Span = { text: safeLine(beside), style: theme.dim }
  const isRoomy = lineWidth(first) + widthOf(aside.text) + GUTTER + MARGIN <= columns
  if (!isRoomy) return isBesideSpare === true ? lines : [...lines, [{ text: indent }, aside]]
  return [sides(first, [aside], columns - MARGIN, glyphs.more), ...lines.slice(1)]
}

function diffLines({ diff }: Fact, look: Look, drawDiff: DrawDiff, hunksFrom: number | undefined): Line[] {
  if (diff === undefined || diff === "") return []
  const indent: Span = { text: "  " }
  const columns = Math.max(1, look.columns - GUTTER - MARGIN)
  return drawDiff(diff, { ...look, columns }, hunksFrom).map((line) => [indent, ...line])
}

/** Where there is little room, why it is asked is kept before the end of what. */
function clipped(before: readonly Line[], asks: readonly Line[], room: number, look: Look): readonly Line[] {
  const excess = before.length + asks.length - room
  if (excess <= 0) return [...before, ...asks]
  const kept = room - asks.length - 1
  if (kept < 1) return [...before.slice(0, Math.max(0, room - 1)), moreLine(excess + 1, look)].slice(0, room)
  return [...before.slice(0, kept), moreLine(excess + 1, look), ...asks]
}

function moreLine(count: number, { theme, glyphs }: Look): Line {
  return [
    {
      text: `  ${glyphs.more} ${count} more ${count === 1 ? "line" : "lines"}   v shows all of it`,
      style: theme.waiting,
    },
  ]
}

function scrolled(
  lines: readonly Line[],
  scroll: number,
  room: number,
  { theme, columns, glyphs }: Look,
): readonly Line[] {
  const top = Math.max(0, Math.min(scroll, lines.length - room))
  const shown = lines.slice(top, top + room)
  const below = lines.length - top - shown.length
  if (below <= 0 || room < 2) return shown
  const hint: Line = [{ text: `${below + 1} more below: down, page-down`, style: theme.dim }]
  return [...shown.slice(0, -1), sides([], hint, columns - MARGIN, glyphs.more)]
}

function footLines(pending: Pending, state: ApprovalState, extent: Extent, look: Look): Line[] {
  const { feedback, isChoosing, note } = state
  const { theme } = look
  if (feedback !== undefined) {
    const enter = isChoosing === true ? "says yes to these hunks alone" : "says no with this"
    const told = note === undefined ? `  enter ${enter} · esc back to the question` : `  ${note}`
    return [
      [{ text: askingOf(state), style: theme.strong }, { text: safeLine(feedback.text) }],
      [{ text: told, style: note === undefined ? theme.dim : theme.warning }],
    ]
  }
  const keys = keyLines(pending, extent, look)
  return note === undefined ? keys : [...keys, [{ text: `  ${note}`, style: theme.warning }]]
}

const askingOf = ({ isChoosing, pending }: ApprovalState) =>
  isChoosing === true ? `  hunks of 1-${pending[0]?.event.hunksCount ?? 0}: ` : "  no, instead: "

function feedbackCaret(state: ApprovalState, { columns }: Look, rows: number) {
  const { feedback } = state
  if (feedback === undefined || rows < 2) return undefined
  const column = askingOf(state).length + widthOf(safeLine(feedback.text.slice(0, feedback.caret)))
  return column < columns ? { row: rows - 2, column } : undefined
}
