import { type Frame, type Input, type Line, textOf } from "@skein/term"
import type { Look } from "../../view/look.ts"
import { cutLine, sides } from "../../view/text/line.ts"
import { safeLine } from "../../view/text/safe.ts"
import { widthOf } from "../../view/text/width.ts"
import { highlighted } from "../highlight.ts"
import { edited, type LineInput, lineInput } from "../line-input.ts"
import type { Panel, PanelStep } from "../panel.ts"
import { type Measured, scrolledTop } from "../scroll.ts"

/** Something to read, as lines. */
export interface PageOptions {
  readonly title: string
  /** Asked with every drawing, as the lines are. */
  readonly aside?: (() => string) | undefined
  /** All rows of it, none wider than the look. */
  readonly lines: (look: Look) => readonly Line[]
}

interface PageState {
  readonly options: PageOptions
  readonly top: number
  readonly measured: Measured
  /** Only rows that say this are shown. */
  readonly filter?: LineInput | undefined
  readonly isFiltering: boolean
}

/** Something to read on the whole screen: it scrolls, and `/` leaves only the rows that say what is typed. */
export function pagePanel(options: PageOptions): Panel {
  return panelOf({ options, top: 0, measured: { topMax: 0 }, isFiltering: false })
}

function panelOf(state: PageState): Panel {
  return {
    extent: "whole",
    key: (input, rows) => pageKey(state, input, rows),
    view: (look, rows) => pageView(state, look, rows),
  }
}

function pageKey(state: PageState, input: Input, rows: number): PanelStep {
  const chord = input.kind === "key" ? input.chord : ""
  if (state.isFiltering) return filterKey(state, input, chord)
  if (chord === "/") return stay({ ...state, filter: lineInput(), isFiltering: true, top: 0 })
  if (chord === "escape" && state.filter !== undefined) return stay({ ...state, filter: undefined, top: 0 })
  if (chord === "escape" || chord === "q" || chord === "ctrl+c") return { kind: "leave", intents: [] }
  const top = scrolledTop(input, state.top, rows - AROUND, state.measured)
  return stay(top === undefined ? state : { ...state, top })
}

function filterKey(state: PageState, input: Input, chord: string): PanelStep {
  const { filter = lineInput() } = state
  if (chord === "escape" || chord === "ctrl+c") return stay({ ...state, filter: undefined, isFiltering: false })
  if (chord === "enter") return stay({ ...state, isFiltering: false, filter: filter.text === "" ? undefined : filter })
  return stay({ ...state, filter: edited(filter, input) ?? filter, top: 0 })
}

function stay(state: PageState): PanelStep {
  return { kind: "stay", panel: panelOf(state) }
}

/** Head, foot, and air between. */
const AROUND = 4
const MARGIN = 2

function pageView(state: PageState, look: Look, rows: number): Frame {
  const { options, filter, measured, isFiltering } = state
  const query = (filter?.text ?? "").toLowerCase()
  const all = options.lines(look)
  const lines = query === "" ? all : all.filter((line) => textOf(line).toLowerCase().includes(query))
  const isAiry = rows >= 6
  const room = Math.max(0, rows - (isAiry ? AROUND : 2))
  measured.topMax = Math.max(0, lines.length - room)
  const top = Math.min(state.top, measured.topMax)
  const shown = lines.slice(top, top + room).map((line) => highlighted(line, query, look.theme.match))
  const empty: Line = [
    { text: query === "" ? "  Nothing yet." : "  No row says that. Esc shows all.", style: look.theme.dim },
  ]
  const body = shown.length === 0 && room > 0 ? [empty] : shown
  const fill = Array.from({ length: Math.max(0, room - body.length) }, (): Line => [])
  const air: Line[] = isAiry ? [[]] : []
  const place = lines.length > room ? `${top + 1}–${Math.min(top + room, lines.length)} of ${lines.length}` : ""
  const frame = [headLine(options, look), ...air, ...body, ...fill, ...air, footLine(state, place, look)]
  const column = 3 + widthOf(safeLine(filter?.text.slice(0, filter.caret) ?? ""))
  return {
    lines: frame.slice(0, Math.max(0, rows)).map((line) => cutLine(line, look.columns, look.glyphs.more)),
    caret: isFiltering && rows >= frame.length && column < look.columns ? { row: frame.length - 1, column } : undefined,
  }
}

function headLine({ title, aside }: PageOptions, { theme, columns, glyphs }: Look): Line {
  const right = aside === undefined ? [] : [{ text: safeLine(aside()), style: theme.dim }]
  return sides([{ text: `  ${safeLine(title)}`, style: theme.strong }], right, columns - MARGIN, glyphs.more)
}

function footLine({ filter, isFiltering }: PageState, place: string, { theme, columns, glyphs }: Look): Line {
  const hint = filter === undefined ? "esc back · / filter" : "esc shows all"
  const left: Line = isFiltering
    ? [{ text: "  /", style: theme.dim }, { text: safeLine(filter?.text ?? "") }]
    : [{ text: `  ${hint}`, style: theme.dim }]
  return sides(left, place === "" ? [] : [{ text: place, style: theme.dim }], columns - MARGIN, glyphs.more)
}
