import type { Frame, Input, Line } from "@skein/term"
import type { Intent } from "../../intent.ts"
import type { Look } from "../../view/look.ts"
import { chosen, cutLine } from "../../view/text/line.ts"
import { safeLine } from "../../view/text/safe.ts"
import type { Panel, PanelStep } from "../panel.ts"

/** What a key does with the row that is selected. */
export interface RowKey<T> {
  readonly chord: string
  readonly name: string
  /** Asks first; only `y` says yes. */
  readonly confirm?: ((row: T) => string) | undefined
  /** A text says why not. */
  readonly act: (row: T) => readonly Intent[] | string
  /** Whether the panel is left by it. */
  readonly isLast: boolean
}

/** Rows of what goes on, and what can be done to one. */
export interface RowsOptions<T> {
  readonly head: (look: Look) => Line
  readonly rows: readonly T[]
  /** What is drawn right of the gutter, in which the selected row is marked. */
  readonly draw: (row: T, look: Look) => Line
  readonly empty: string
  readonly keys: readonly RowKey<T>[]
}

interface RowsState<T> {
  readonly options: RowsOptions<T>
  readonly at: number
  readonly asking?: RowKey<T> | undefined
  readonly note?: string | undefined
}

/** Rows on the whole screen, one of which is selected: things that go on, and what can be done with each. */
export function rowsPanel<T>(options: RowsOptions<T>): Panel {
  return panelOf({ options, at: 0 })
}

function panelOf<T>(state: RowsState<T>): Panel {
  return {
    extent: "whole",
    key: (input, rows) => rowsKey(state, input, rows),
    view: (look, rows) => rowsView(state, look, rows),
  }
}

function rowsKey<T>(state: RowsState<T>, input: Input, rows: number): PanelStep {
  const { options, asking } = state
  const chord = input.kind === "key" ? input.chord : input.kind === "mouse" ? input.action : ""
  const row = options.rows[state.at]
  if (asking !== undefined)
    return chord === "y" && row !== undefined ? did(state, asking, row) : stay({ ...state, asking: undefined })
  if (chord === "escape" || chord === "q" || chord === "ctrl+c") return { kind: "leave", intents: [] }
  const move = moveOf(chord, Math.max(1, rows - AROUND))
  if (move !== undefined) {
    const at = Math.max(0, Math.min(state.at + move, options.rows.length - 1))
    return stay({ ...state, at, note: undefined })
  }
  const key = options.keys.find((each) => each.chord === chord)
  if (key === undefined || row === undefined) return stay(state)
  return key.confirm === undefined ? did(state, key, row) : stay({ ...state, asking: key, note: undefined })
}

function moveOf(chord: string, page: number): number | undefined {
  switch (chord) {
    case "up":
    case "k":
    case "ctrl+p":
    case "wheel-up":
      return -1
    case "down":
    case "j":
    case "ctrl+n":
    case "wheel-down":
      return 1
    case "page-up":
      return -page
    case "page-down":
      return page
    case "home":
    case "g":
      return -Number.MAX_SAFE_INTEGER
    case "end":
    case "G":
      return Number.MAX_SAFE_INTEGER
    default:
      return undefined
  }
}

function did<T>(state: RowsState<T>, key: RowKey<T>, row: T): PanelStep {
  const { asking: _, ...without } = state
  const done = key.act(row)
  if (typeof done === "string") return stay({ ...without, note: done })
  return key.isLast ? { kind: "leave", intents: done } : { kind: "do", panel: panelOf(without), intents: done }
}

function stay<T>(state: RowsState<T>): PanelStep {
  return { kind: "stay", panel: panelOf(state) }
}

/** Head and foot, and air between. */
const AROUND = 4
const GUTTER = 2

function rowsView<T>(state: RowsState<T>, look: Look, rows: number): Frame {
  const { options, at } = state
  const isAiry = rows >= 6
  const room = Math.max(0, rows - (isAiry ? AROUND : 2))
  const top = Math.max(0, Math.min(at - Math.floor(room / 2), options.rows.length - room))
  const shown = options.rows
    .slice(top, top + room)
    .map((row, index) => rowLine(options.draw(row, narrowed(look)), top + index === at, look))
  const empty: Line[] =
    options.rows.length === 0 && room > 0 ? [[{ text: `  ${options.empty}`, style: look.theme.dim }]] : []
  const fill = Array.from({ length: Math.max(0, room - shown.length - empty.length) }, (): Line => [])
  const air: Line[] = isAiry ? [[]] : []
  const lines = [options.head(look), ...air, ...shown, ...empty, ...fill, ...air, footLine(state, look)]
  return { lines: lines.slice(0, Math.max(0, rows)).map((line) => cutLine(line, look.columns, look.glyphs.more)) }
}

function narrowed(look: Look): Look {
  return { ...look, columns: Math.max(1, look.columns - GUTTER - 1) }
}

function rowLine(line: Line, isSelected: boolean, look: Look): Line {
  const { theme, glyphs, columns } = look
  if (!isSelected) return [{ text: "  " }, ...line]
  const whole = cutLine([{ text: `${glyphs.prompt} `, style: theme.prompt }, ...line], columns, glyphs.more)
  return chosen(whole, theme.selected, columns)
}

function footLine<T>({ options, at, asking, note }: RowsState<T>, { theme }: Look): Line {
  const row = options.rows[at]
  if (asking?.confirm !== undefined && row !== undefined) {
    return [
      { text: `  ${safeLine(asking.confirm(row))}  `, style: theme.warning },
      { text: "y yes · any other key no", style: theme.dim },
    ]
  }
  if (note !== undefined) return [{ text: `  ${safeLine(note)}`, style: theme.warning }]
  const keys = options.rows.length === 0 ? [] : options.keys.map(({ chord, name }) => `${chord} ${name}`)
  return [{ text: `  ${["esc back", ...keys].join(" · ")}`, style: theme.dim }]
}
