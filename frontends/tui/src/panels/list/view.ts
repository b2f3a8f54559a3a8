import type { Caret, Frame, Line, Span, Style } from "@skein/term"
import type { Look } from "../../view/look.ts"
import { chosen, cutLine, sides } from "../../view/text/line.ts"
import { safeLine } from "../../view/text/safe.ts"
import { cutText, padEnd, padStart, widthOf } from "../../view/text/width.ts"
import type { LineInput } from "../line-input.ts"
import { type Prepared, typedUnits } from "./matching.ts"
import { type ListState, selectedOf } from "./state.ts"

/** The list within that many rows: the filter, entries, and at the foot what the selected one says of itself. */
export function listView(state: ListState, look: Look, rows: number): Frame {
  const room = entryRows(state, rows)
  const shown = shownFrom(state, room)
  const asides = asideColumns(state, look)
  const entries = state.matches
    .slice(shown, shown + room)
    .map((match, at) => entryLine(match, shown + at === state.at, { asides, query: state.query.text, look }))
  const body = entries.length === 0 && room > 0 ? [emptyLine(state, look)] : entries
  const blanks = Array.from({ length: Math.max(0, room - body.length) }, (): Line => [])
  const isSpaced = rows >= SPACED_ROWS
  const lines: Line[] = [
    headLine(state, look, { from: shown, room }),
    ...(isSpaced ? [[]] : []),
    ...body,
    ...blanks,
    ...(rows >= FOOT_ROWS ? footLines(state, look, isSpaced) : []),
  ]
  return {
    lines: lines.slice(0, Math.max(0, rows)),
    caret: caretOf(state, look, lines.length, isSpaced && state.measures.tellsMore),
  }
}

/** How many entries are shown in that many rows. The list keeps its height while its filter is typed. */
export function entryRows(state: ListState, rows: number): number {
  const isTwofold = rows >= SPACED_ROWS && state.measures.tellsMore
  const around = 1 + (rows >= SPACED_ROWS ? 3 : rows >= FOOT_ROWS ? 1 : 0) + (isTwofold ? 1 : 0)
  const most = state.options.extent === "whole" ? rows : ENTRIES_MAX
  return Math.max(0, Math.min(rows - around, most, Math.max(1, state.entries.length)))
}

/** What stands over the composer leaves most of a tall screen to what was being read. */
const ENTRIES_MAX = 12

/** From so many rows there is a foot, and air around the entries. */
const FOOT_ROWS = 5
const SPACED_ROWS = 8
const GUTTER = 2
const MARGIN = 2

function shownFrom({ top, at, matches }: ListState, room: number): number {
  const within = Math.max(at - room + 1, Math.min(top, at))
  return Math.max(0, Math.min(within, matches.length - room))
}

function headLine(state: ListState, look: Look, { from, room }: { from: number; room: number }): Line {
  const { theme, glyphs, columns } = look
  const { text } = state.query
  const hint = state.typing === "normal" ? "i to filter" : "type to filter"
  const typed: Span = text === "" ? { text: hint, style: theme.dim } : { text: safeLine(text), style: theme.text }
  const found = state.matches.length
  const isAll = text.trim() === "" || found === state.entries.length
  const isLong = room > 0 && found > room
  const places = isLong ? `${from + 1}–${from + room} of ${found}` : ""
  const count = isAll ? places : `${found} of ${listedCount(state)}`
  const left = [...title(state, look), typed]
  const right = columns < NARROW && !isLong ? [] : [{ text: count, style: theme.dim }]
  return cutLine(sides(left, right, columns - MARGIN, glyphs.more), columns, glyphs.more)
}

/** As many as stand there while nothing is typed; more where what is only found comes to more. */
function listedCount({ entries, matches }: ListState): number {
  return Math.max(entries.filter(({ entry }) => entry.isOnlyFound !== true).length, matches.length)
}

function title({ options }: ListState, { theme }: Look): Span[] {
  return [{ text: "  " }, { text: safeLine(options.title), style: theme.strong }, { text: "  " }]
}

/** Below it a right column would take what the names need. */
const NARROW = 48
const DETAIL_MIN = 60

interface Asides {
  /** Where what an entry is begins, after its name. */
  readonly label: number
  readonly aside: number
  readonly key: number
}

function asideColumns({ measures }: ListState, { columns }: Look): Asides {
  if (columns < NARROW) return { label: 0, aside: 0, key: 0 }
  return {
    label: Math.min(measures.label, Math.floor(columns / 3)),
    aside: Math.min(measures.aside, Math.floor(columns / 2)),
    key: columns < DETAIL_MIN ? 0 : Math.min(measures.key, KEY_COLUMNS_MAX),
  }
}

const KEY_COLUMNS_MAX = 16

interface EntryLook {
  readonly asides: Asides
  readonly query: string
  readonly look: Look
}

function entryLine(each: Prepared, isSelected: boolean, { asides, query, look }: EntryLook): Line {
  const { theme, glyphs, columns } = look
  const { entry, detail, label } = each
  const isOff = entry.blocker !== undefined
  const mark: Span = isSelected ? { text: padEnd(glyphs.prompt, GUTTER), style: theme.prompt } : { text: "  " }
  const gap = " ".repeat(Math.max(0, asides.label - widthOf(label)) + GUTTER)
  const beside = detail === "" || columns < DETAIL_MIN ? [] : [{ text: `${gap}${detail}`, style: theme.dim }]
  const left = [mark, ...labelSpans(each, query, isOff ? theme.dim : theme.text, theme.match), ...beside]
  const line = sides(left, asideSpans(entry, asides, look), columns - MARGIN, glyphs.more)
  const whole = cutLine(line, columns, glyphs.more)
  return isSelected ? chosen(whole, theme.selected, columns) : whole
}

function asideSpans(
  { aside, key }: { aside?: string | undefined; key?: string | undefined },
  asides: Asides,
  look: Look,
) {
  const { theme, glyphs } = look
  const spans: Span[] = []
  // With nothing to stand there, the room is the detail's.
  if (aside === undefined && key === undefined) return spans
  if (asides.aside > 0) {
    const text = cutText(safeLine(aside ?? ""), asides.aside, glyphs.more)
    spans.push({ text: padStart(text, asides.aside), style: theme.dim })
  }
  if (asides.key > 0) {
    const gap = asides.aside > 0 ? "  " : ""
    spans.push({
      text: gap + padStart(cutText(safeLine(key ?? ""), asides.key, glyphs.more), asides.key),
      style: theme.dim,
    })
  }
  return spans
}

/** The label in stretches of what was typed and what was not. */
function labelSpans(each: Prepared, query: string, style: Style, typed: Style): Span[] {
  const { label } = each
  const positions = typedUnits(query, each)
  if (positions.size === 0) return [{ text: label, style }]
  const spans: Span[] = []
  let from = 0
  for (let at = 1; at <= label.length; at++) {
    if (at < label.length && positions.has(at) === positions.has(from)) continue
    spans.push({ text: label.slice(from, at), style: positions.has(from) ? { ...style, ...typed } : style })
    from = at
  }
  return spans
}

function emptyLine(state: ListState, { theme, glyphs, columns }: Look): Line {
  const other = state.options.other?.(state.query.text.trim())
  const isEmpty = state.entries.length === 0
  const text = isEmpty ? state.options.empty : (other?.label ?? "Nothing fits. Ctrl+U clears what was typed.")
  return cutLine([{ text: "  " }, { text: safeLine(text), style: theme.dim }], columns, glyphs.more)
}

function footLines(state: ListState, look: Look, isSpaced: boolean): Line[] {
  const hints: Line = [{ text: `  ${hintText(state)}`, style: look.theme.dim }]
  const told = toldLine(state, look)
  const lines = isSpaced ? [[], ...(state.measures.tellsMore ? [told ?? [], hints] : [told ?? hints])] : [told ?? hints]
  return lines.map((line) => cutLine(line, look.columns, look.glyphs.more))
}

/** What the person is asked, or told of the last key, or of the selected entry. */
function toldLine(state: ListState, { theme }: Look): Line | undefined {
  const { asking, note } = state
  if (asking?.kind === "confirm") {
    const keys: Span = { text: "y yes · any other key no", style: theme.dim }
    return [{ text: `  ${safeLine(asking.text)}  `, style: theme.warning }, keys]
  }
  if (asking?.kind === "typed")
    return [{ text: `  ${asking.key.name}: `, style: theme.dim }, { text: safeLine(asking.line.text) }]
  if (note !== undefined) return [{ text: `  ${safeLine(note)}`, style: theme.warning }]
  const selected = selectedOf(state)?.entry
  const below = selected?.blocker ?? selected?.below
  return below === undefined ? undefined : [{ text: `  ${safeLine(below)}`, style: theme.text }]
}

function hintText({ options }: ListState): string {
  const keys = options.keys?.map(({ chord, name }) => `${chord} ${name}`) ?? []
  return [`enter ${options.verb ?? "choose"}`, "esc back", ...keys].join(" · ")
}

function caretOf(state: ListState, look: Look, rows: number, isTwofold: boolean): Caret | undefined {
  const { asking } = state
  const { columns } = look
  if (asking?.kind === "confirm" || (asking === undefined && state.typing === "normal")) return undefined
  const line: LineInput = asking?.line ?? state.query
  const before = asking === undefined ? widthOf(safeLine(state.options.title)) + 4 : widthOf(asking.key.name) + 4
  const column = before + widthOf(safeLine(line.text.slice(0, line.caret)))
  const row = asking === undefined ? 0 : rows - (isTwofold ? 2 : 1)
  return column < columns ? { row: Math.max(0, row), column } : undefined
}
