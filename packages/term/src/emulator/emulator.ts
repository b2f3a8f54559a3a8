import type { Caret, Size } from "../frame.ts"
import type { Style } from "../line.ts"
import { answerTo } from "./answers.ts"
import { type Cell, textOfRow } from "./grid.ts"
import { restyled } from "./looks.ts"
import { Screen } from "./screen.ts"
import { type Sequence, sequenceReader } from "./sequences.ts"

/** How large it is, and who hears its answers. */
export interface EmulatorOptions {
  readonly size: Size
  /** What the terminal says by itself: replies to questions. */
  readonly answer?: ((text: string) => void) | undefined
  /** When its size changes it wraps anew what was wrapped, as xterm.js does; else rows are cut. */
  readonly reflows?: boolean | undefined
}

/** A terminal without a window: bytes in, cells out, at once. */
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

const ALTERNATE = [47, 1047, 1049]
const CURSOR = 25
const WRAPPING = 7

/** A terminal without a window: bytes in, cells out, at once. */
export function emulator({ size, answer, reflows = false }: EmulatorOptions): Emulator {
  const reader = sequenceReader()
  const modes = new Set([CURSOR, WRAPPING])
  const screen = new Screen(size, reflows)
  let saved = { row: 0, column: 0, style: screen.style }
  let title = ""

  function control(code: string): void {
    if (code === "\n" || code === "\v" || code === "\f") screen.lineFeed()
    else if (code === "\r") screen.move(screen.row, 0)
    else if (code === "\b") screen.move(screen.row, screen.column - 1)
    else if (code === "\t") screen.tab()
  }

  function save(): void {
    saved = { row: screen.row, column: screen.column, style: screen.style }
  }

  function escaped(text: string): void {
    switch (text) {
      case "7":
        return save()
      case "8":
        screen.move(saved.row, saved.column)
        screen.style = saved.style
        return
      case "D":
        return screen.lineFeed()
      case "E":
        screen.lineFeed()
        return screen.move(screen.row, 0)
      case "M":
        return screen.reverseLineFeed()
      case "c":
        modes.clear()
        for (const mode of [CURSOR, WRAPPING]) modes.add(mode)
        return screen.reset()
    }
  }

  function setModes(numbers: readonly number[], isOn: boolean): void {
    for (const mode of numbers) {
      if (isOn) modes.add(mode)
      else modes.delete(mode)
      if (mode === WRAPPING) screen.isWrapping = isOn
      if (ALTERNATE.includes(mode)) screen.alternate(isOn)
    }
  }

  function csi({ parameters, final, raw }: Extract<Sequence, { kind: "csi" }>): void {
    const given = parameters[0] ?? 0
    const count = Math.max(1, given)
    const { row, column } = screen
    switch (final) {
      case "H":
      case "f":
        return screen.move(count - 1, Math.max(1, parameters[1] ?? 1) - 1)
      case "A":
        return screen.moveBy(-count)
      case "B":
      case "e":
        return screen.moveBy(count)
      case "C":
      case "a":
        return screen.move(row, column + count)
      case "D":
        return screen.move(row, column - count)
      case "E":
        screen.moveBy(count)
        return screen.move(screen.row, 0)
      case "F":
        screen.moveBy(-count)
        return screen.move(screen.row, 0)
      case "G":
      case "`":
        return screen.move(row, count - 1)
      case "d":
        return screen.move(count - 1, column)
      case "J":
        if (given === 3) screen.forgetAbove()
        else screen.erase(given)
        return
      case "K":
        return screen.eraseRow(given)
      case "X":
        return screen.eraseCells(count)
      case "P":
        return screen.removeCells(count)
      case "@":
        return screen.insertCells(count)
      case "b":
        return screen.repeat(count)
      case "L":
      case "M":
        return screen.shiftRows(count, final === "L")
      case "S":
        return screen.scroll(count)
      case "T":
        return screen.scrollDown(count)
      case "r":
        screen.region(count - 1, (parameters[1] || screen.size.rows) - 1)
        return screen.move(0, 0)
      case "s":
        return save()
      case "u":
        return screen.move(saved.row, saved.column)
      case "m":
        screen.style = restyled(screen.style, raw)
    }
  }

  function carryOut(sequence: Sequence): void {
    const reply = answer === undefined ? undefined : answerTo(sequence, { ...placeOf(screen), modes })
    if (reply !== undefined) answer?.(reply)
    perform(sequence)
    if (sequence.kind !== "text") screen.interrupt()
  }

  function perform(sequence: Sequence): void {
    switch (sequence.kind) {
      case "text":
        return screen.print(sequence.text)
      case "control":
        return control(sequence.code)
      case "escape":
        return escaped(sequence.text)
      case "csi":
        if (sequence.prefix === "?" && (sequence.final === "h" || sequence.final === "l"))
          return setModes(sequence.parameters, sequence.final === "h")
        if (sequence.prefix === "" && sequence.intermediates === "") csi(sequence)
        return
      case "osc":
        if (sequence.number === 0 || sequence.number === 2) title = sequence.text
        if (sequence.number === 8)
          screen.style = linked(screen.style, sequence.text.slice(sequence.text.indexOf(";") + 1))
    }
  }

  return {
    write(bytes) {
      const sequences = reader.read(bytes)
      for (const sequence of sequences) carryOut(sequence)
      return sequences
    },
    resize: (next) => screen.resize(next),
    get size() {
      return screen.size
    },
    lines: () => screen.grid.rows.map(({ cells }) => textOfRow(cells)),
    cells: () => screen.grid.rows.map(({ cells }) => cells),
    scrollback: () => screen.above.map(({ cells }) => textOfRow(cells)),
    caret: () => ({ row: screen.row, column: screen.column, isShown: modes.has(CURSOR) }),
    modes,
    get title() {
      return title
    },
  }
}

function placeOf({ size, row, column }: Screen) {
  return { size, row, column }
}

function linked(style: Style, target: string): Style {
  const { link: _, ...rest } = style
  return target === "" ? rest : { ...rest, link: target }
}
