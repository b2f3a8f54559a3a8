import type { Caret, Size } from "../frame.ts"
import type { Style } from "../line.ts"
import { answerTo } from "./answers.ts"
import { charactersOf, widthOf } from "./characters.ts"
import { type Cell, Grid, type Row, textOfRow } from "./grid.ts"
import { PLAIN, restyled } from "./looks.ts"
import { type Sequence, sequenceReader } from "./sequences.ts"

/** How large it is, and who hears its answers. */
export interface EmulatorOptions {
  readonly size: Size
  /** What the terminal says by itself: replies to questions. */
  readonly answer?: ((text: string) => void) | undefined
}

/** A terminal without a window: bytes in, cells out, at once. It does not wrap lines anew when its width changes. */
export interface Emulator {
  write(bytes: Uint8Array): readonly Sequence[]
  resize(size: Size): void
  readonly size: Size
  /** What is on the screen, a row each, blanks at the right cut off. */
  lines(): string[]
  cells(): readonly (readonly Cell[])[]
  /** What has left through the top, oldest first. */
  scrollback(): string[]
  /** Where the cursor is, shown or not. */
  caret(): Caret & { readonly isShown: boolean }
  readonly modes: ReadonlySet<number>
  readonly title: string
}

const SCROLLBACK_MAX = 100_000
const ALTERNATE = [47, 1047, 1049]

/** A terminal without a window: bytes in, cells out, at once. */
export function emulator({ size: asked, answer }: EmulatorOptions): Emulator {
  const reader = sequenceReader()
  const modes = new Set([25])
  const kept: string[] = []
  let size = asked
  let grid = new Grid(size)
  let main: { readonly grid: Grid; readonly row: number; readonly column: number } | undefined
  let row = 0
  let column = 0
  /** The last column is written: the next character begins a row. */
  let isWrapDue = false
  let style: Style = PLAIN
  let saved = { row: 0, column: 0, style }
  let top = 0
  let bottom = size.rows - 1
  let title = ""

  function move(toRow: number, toColumn: number): void {
    row = Math.max(0, Math.min(size.rows - 1, toRow))
    column = Math.max(0, Math.min(size.columns - 1, toColumn))
    isWrapDue = false
  }

  function scroll(count: number): void {
    for (let times = 0; times < Math.min(count, size.rows); times++) keep(grid.up(top, bottom))
  }

  function keep(left: Row | undefined): void {
    if (left === undefined || top !== 0 || main !== undefined) return
    kept.push(textOfRow(left))
    if (kept.length > SCROLLBACK_MAX) kept.splice(0, SCROLLBACK_MAX / 10)
  }

  function lineFeed(): void {
    isWrapDue = false
    if (row === bottom) scroll(1)
    else if (row < size.rows - 1) row++
  }

  function print(text: string): void {
    for (const character of charactersOf(text)) {
      const width = widthOf(character)
      if (width === 0) {
        grid.join(row, isWrapDue ? column : column - 1, character)
        continue
      }
      if (isWrapDue || column + width > size.columns) {
        lineFeed()
        column = 0
      }
      grid.put(row, column, { text: character, style }, width)
      column += width
      isWrapDue = column >= size.columns
      if (isWrapDue) column = size.columns - 1
    }
  }

  function control(code: string): void {
    if (code === "\n" || code === "\v" || code === "\f") lineFeed()
    else if (code === "\r") move(row, 0)
    else if (code === "\b") move(row, column - 1)
    else if (code === "\t") move(row, (Math.floor(column / 8) + 1) * 8)
  }

  function escaped(text: string): void {
    if (text === "7") saved = { row, column, style }
    else if (text === "8") {
      move(saved.row, saved.column)
      style = saved.style
    } else if (text === "D") lineFeed()
    else if (text === "E") {
      lineFeed()
      column = 0
    } else if (text === "M") {
      if (row === top) grid.down(top, bottom)
      else move(row - 1, column)
    } else if (text === "c") {
      grid = new Grid(size)
      move(0, 0)
      style = PLAIN
      region(0, size.rows - 1)
    }
  }

  /** Within a region the cursor does not leave it by steps. */
  function above(count: number): number {
    return row >= top ? Math.max(top, row - count) : row - count
  }

  function below(count: number): number {
    return row <= bottom ? Math.min(bottom, row + count) : row + count
  }

  function region(from: number, to: number): void {
    top = Math.max(0, from)
    bottom = Math.min(size.rows - 1, to)
  }

  function setModes(numbers: readonly number[], isOn: boolean): void {
    for (const mode of numbers) {
      if (isOn) modes.add(mode)
      else modes.delete(mode)
      if (!ALTERNATE.includes(mode)) continue
      if (isOn && main === undefined) {
        main = { grid, row, column }
        grid = new Grid(size)
      } else if (!isOn && main !== undefined) {
        grid = main.grid
        move(main.row, main.column)
        main = undefined
      }
      region(0, size.rows - 1)
    }
  }

  function erase(kind: number): void {
    const from = kind === 0 ? row + 1 : 0
    const to = kind === 1 ? row : size.rows
    if (kind === 0) grid.erase(row, column, size.columns, style)
    if (kind === 1) grid.erase(row, 0, column + 1, style)
    if (kind === 3) kept.length = 0
    else for (let at = from; at < to; at++) grid.erase(at, 0, size.columns, style)
  }

  function csi({ parameters, final }: Extract<Sequence, { kind: "csi" }>, raw: string): void {
    const given = parameters[0] ?? 0
    const count = Math.max(1, given)
    switch (final) {
      case "H":
      case "f":
        return move(count - 1, Math.max(1, parameters[1] ?? 1) - 1)
      case "A":
        return move(above(count), column)
      case "B":
      case "e":
        return move(below(count), column)
      case "C":
      case "a":
        return move(row, column + count)
      case "D":
        return move(row, column - count)
      case "E":
        return move(below(count), 0)
      case "F":
        return move(above(count), 0)
      case "G":
      case "`":
        return move(row, count - 1)
      case "d":
        return move(count - 1, column)
      case "J":
        return erase(given)
      case "K":
        return grid.erase(row, given === 0 ? column : 0, given === 1 ? column + 1 : size.columns, style)
      case "X":
        return grid.erase(row, column, Math.min(size.columns, column + count), style)
      case "P":
        return grid.remove(row, column, count)
      case "@":
        return grid.insert(row, column, count)
      case "L":
      case "M":
        if (row < top || row > bottom) return
        for (let times = 0; times < Math.min(count, size.rows); times++) {
          if (final === "L") grid.down(row, bottom)
          else grid.up(row, bottom)
        }
        return move(row, 0)
      case "S":
        return scroll(count)
      case "T":
        for (let times = 0; times < Math.min(count, size.rows); times++) grid.down(top, bottom)
        return
      case "r":
        region(count - 1, (parameters[1] || size.rows) - 1)
        return move(0, 0)
      case "s":
        saved = { row, column, style }
        return
      case "u":
        return move(saved.row, saved.column)
      case "m":
        style = restyled(style, raw)
    }
  }

  function carryOut(sequence: Sequence): void {
    const reply = answer === undefined ? undefined : answerTo(sequence, { size, row, column, modes })
    if (reply !== undefined) answer?.(reply)
    switch (sequence.kind) {
      case "text":
        return print(sequence.text)
      case "control":
        return control(sequence.code)
      case "escape":
        return escaped(sequence.text)
      case "csi":
        if (sequence.prefix === "?" && (sequence.final === "h" || sequence.final === "l"))
          return setModes(sequence.parameters, sequence.final === "h")
        if (sequence.prefix === "" && sequence.intermediates === "") csi(sequence, sequence.raw)
        return
      case "osc":
        if (sequence.number === 0 || sequence.number === 2) title = sequence.text
        if (sequence.number === 8) style = linked(style, sequence.text.slice(sequence.text.indexOf(";") + 1))
    }
  }

  return {
    write(bytes) {
      const sequences = reader.read(bytes)
      for (const sequence of sequences) carryOut(sequence)
      return sequences
    },
    resize(next) {
      for (const each of main === undefined ? [grid] : [grid, main.grid]) {
        each.widen(next.columns)
        // Blank rows below the cursor go first, then rows leave through the top.
        while (each.rows.length > next.rows) {
          if (each.rows.length - 1 > row) each.rows.pop()
          else {
            keep(each.rows.shift())
            row--
          }
        }
        while (each.rows.length < next.rows) each.rows.push(...new Grid({ columns: next.columns, rows: 1 }).rows)
      }
      size = next
      region(0, size.rows - 1)
      move(row, column)
    },
    get size() {
      return size
    },
    lines: () => grid.rows.map(textOfRow),
    cells: () => grid.rows,
    scrollback: () => [...kept],
    caret: () => ({ row, column, isShown: modes.has(25) }),
    modes,
    get title() {
      return title
    },
  }
}

function linked(style: Style, target: string): Style {
  const { link: _, ...rest } = style
  return target === "" ? rest : { ...rest, link: target }
}
