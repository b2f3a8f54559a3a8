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
  /** As they are at the moment: asked for whenever they are drawn, and when a key is pressed. */
  readonly rows: () => readonly T[]
  /** What a row is known by, wherever it stands. */
  readonly idOf: (row: T) => string
  /** What is drawn right of the gutter, in which the selected row is marked. */
  readonly draw: (row: T, look: Look) => Line
  readonly empty: string
  readonly keys: readonly RowKey<T>[]
}

interface RowsState<T> {
  readonly options: RowsOptions<T>
  /** Where the selection is, and on what: it follows its row, and stays in its place when that is gone. */
  readonly at: number
  readonly id?: string | undefined
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
  const all = options.rows()
  const place = placeOf(state, all)
  const chord = input.kind === "key" ? input.chord : input.kind === "mouse" ? input.action : ""
  const row = all[place]
  if (asking !== undefined) {
    const { asking: _, ...without } = state
    if (chord !== "y") return stay(without)
    const isThere = row !== undefined && options.idOf(row) === state.id
    return isThere ? did(without, asking, row) : stay({ ...without, note: "It is over already." })
  }
  if (chord === "escape" || chord === "q" || chord === "ctrl+c") return { kind: "leave", intents: [] }
  const move = moveOf(chord, Math.max(1, rows - AROUND))
  if (move !== undefined) {
    const at = Math.max(0, Math.min(place + move, all.length - 1))
    const to = all[at]
    return stay({ ...state, at, id: to && options.idOf(to), note: undefined })
  }
  const key = options.keys.find((each) => each.chord === chord)
  if (key === undefined || row === undefined) return stay(state)
  const chosen = { ...state, at: place, id: options.idOf(row), note: undefined }
  return key.confirm === undefined ? did(chosen, key, row) : stay({ ...chosen, asking: key })
}

/** Where the selected row is now; where it was when it is gone. */
function placeOf<T>({ options, at, id }: RowsState<T>, all: readonly T[]): number {
  const found = id === undefined ? -1 : all.findIndex((row) => options.idOf(row) === id)
  return found === -1 ? Math.max(0, Math.min(at, all.length - 1)) : found
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
  const done = key.act(row)
  if (typeof done === "string") return stay({ ...state, note: done })
  return key.isLast ? { kind: "leave", intents: done } : { kind: "do", panel: panelOf(state), intents: done }
}

function stay<T>(state: RowsState<T>): PanelStep {
  return { kind: "stay", panel: panelOf(state) }
}

/** Head and foot, and air between. */
const AROUND = 4
const GUTTER = 2

function rowsView<T>(state: RowsState<T>, look: Look, rows: number): Frame {
  const { options } = state
  const all = options.rows()
  const at = placeOf(state, all)
  const isAiry = rows >= 6
  const room = Math.max(0, rows - (isAiry ? AROUND : 2))
  const top = Math.max(0, Math.min(at - Math.floor(room / 2), all.length - room))
  const shown = all
    .slice(top, top + room)
    .map((row, index) => rowLine(options.draw(row, narrowed(look)), top + index === at, look))
  const empty: Line[] = all.length === 0 && room > 0 ? [[{ text: `  ${options.empty}`, style: look.theme.dim }]] : []
  const fill = Array.from({ length: Math.max(0, room - shown.length - empty.length) }, (): Line => [])
  const air: Line[] = isAiry ? [[]] : []
  const lines = [options.head(look), ...air, ...shown, ...empty, ...fill, ...air, footLine(state, all[at], look)]
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

function footLine<T>({ options, asking, note }: RowsState<T>, row: T | undefined, { theme }: Look): Line {
  if (asking?.confirm !== undefined && row !== undefined) {
    return [
      { text: `  ${safeLine(asking.confirm(row))}  `, style: theme.warning },
      { text: "y yes · any other key no", style: theme.dim },
    ]
  }
  if (note !== undefined) return [{ text: `  ${safeLine(note)}`, style: theme.warning }]
  const keys = row === undefined ? [] : options.keys.map(({ chord, name }) => `${chord} ${name}`)
  return [{ text: `  ${["esc back", ...keys].join(" · ")}`, style: theme.dim }]
}
