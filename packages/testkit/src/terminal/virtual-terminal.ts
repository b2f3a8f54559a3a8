import { type IBufferCell, type IBufferLine, Terminal } from "@xterm/headless"
import { answerQuestions, type TerminalFacts } from "./answers.ts"
import type { TerminalCell } from "./cell.ts"
import { svgOf } from "./svg.ts"
import { modernWidths } from "./widths.ts"

/** Which terminal it is to be. */
export interface VirtualTerminalOptions extends Partial<TerminalFacts> {
  readonly columns?: number
  readonly rows?: number
  /** Rows kept above the screen. */
  readonly scrollback?: number
  /** `2016`: an emoji has one cell and nothing joins, as in terminals that were never taught. */
  readonly widths?: "modern" | "2016"
  /** What happens to rows that are too wide after a resize: xterm.js wraps all but the one with the cursor; `none` as XTerm. */
  readonly reflow?: "all-but-cursor" | "none"
  /** What the terminal answers, as a terminal would send it to the program. */
  onReply?(bytes: string): void
}

/** A terminal without a window: what a program's bytes look like, by another hand than the one that wrote them. */
export interface VirtualTerminal {
  readonly columns: number
  readonly rows: number
  /** Settles when the bytes are on the screen. */
  write(bytes: string | Uint8Array): Promise<void>
  /** When all that was written is on the screen. */
  settled(): Promise<void>
  resize(columns: number, rows: number): Promise<void>
  /** Rows of the screen without the blanks at their ends. */
  screen(): readonly string[]
  /** Rows above the screen, oldest first. */
  scrollback(): readonly string[]
  /** Scrollback and screen; a row that wrapped is one with the next, as when it is copied. */
  text(): readonly string[]
  cells(row: number): readonly TerminalCell[]
  readonly cursor: { readonly row: number; readonly column: number; readonly isHidden: boolean }
  readonly isAlternate: boolean
  /** What was written, by call. */
  readonly writes: readonly string[]
  /** The screen as a picture, with its colors and the cursor. */
  paint(): string
}

/** Made anew for each test. */
export function virtualTerminal(options: VirtualTerminalOptions = {}): VirtualTerminal {
  return new Headless(options)
}

class Headless implements VirtualTerminal {
  readonly writes: string[] = []
  readonly #terminal: Terminal
  readonly #decoder = new TextDecoder()
  #isCursorHidden = false
  #parsed: Promise<void> = Promise.resolve()

  constructor({
    columns = 80,
    rows = 24,
    scrollback = 10_000,
    widths = "modern",
    reflow = "all-but-cursor",
    onReply,
    ...facts
  }: VirtualTerminalOptions) {
    this.#terminal = new Terminal({
      cols: columns,
      rows,
      scrollback,
      allowProposedApi: true,
      windowOptions: { getWinSizePixels: true },
      ...(reflow === "none" ? { windowsPty: WITHOUT_REFLOW } : {}),
    })
    if (widths === "modern") {
      this.#terminal.unicode.register(modernWidths)
      this.#terminal.unicode.activeVersion = modernWidths.version
    }
    this.#watchCursor()
    answerQuestions(this.#terminal, facts, (bytes) => onReply?.(bytes))
  }

  get columns(): number {
    return this.#terminal.cols
  }

  get rows(): number {
    return this.#terminal.rows
  }

  get cursor() {
    const { cursorX, cursorY } = this.#terminal.buffer.active
    return { row: cursorY, column: Math.min(cursorX, this.columns - 1), isHidden: this.#isCursorHidden }
  }

  get isAlternate(): boolean {
    return this.#terminal.buffer.active.type === "alternate"
  }

  write(bytes: string | Uint8Array): Promise<void> {
    this.writes.push(typeof bytes === "string" ? bytes : this.#decoder.decode(bytes))
    this.#parsed = new Promise((resolve) => this.#terminal.write(bytes, resolve))
    return this.#parsed
  }

  settled(): Promise<void> {
    return this.#parsed
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#parsed
    this.#terminal.resize(columns, rows)
  }

  screen(): readonly string[] {
    const { baseY } = this.#terminal.buffer.active
    return this.#lines(baseY, baseY + this.rows).map((line) => textOf(line, this.columns))
  }

  scrollback(): readonly string[] {
    return this.#lines(0, this.#terminal.buffer.active.baseY).map((line) => textOf(line, this.columns))
  }

  text(): readonly string[] {
    const joined: string[] = []
    const all = this.#lines(0, this.#terminal.buffer.active.length)
    for (const [index, line] of all.entries()) {
      const isWrapped = all[index + 1]?.isWrapped === true
      const text = isWrapped ? line.translateToString(false, 0, this.columns) : textOf(line, this.columns)
      if (line.isWrapped && joined.length > 0) joined.push(`${joined.pop()}${text}`)
      else joined.push(text)
    }
    return joined
  }

  cells(row: number): readonly TerminalCell[] {
    const line = this.#lines(this.#terminal.buffer.active.baseY + row, this.#terminal.buffer.active.baseY + row + 1)[0]
    const cells: TerminalCell[] = []
    for (let column = 0; column < this.columns; column++) {
      const cell = line?.getCell(column)
      if (cell !== undefined) cells.push(cellOf(cell))
    }
    return cells
  }

  paint(): string {
    const rows = Array.from({ length: this.rows }, (_, row) => this.cells(row))
    return svgOf(rows, this.cursor)
  }

  #lines(from: number, to: number): readonly IBufferLine[] {
    const lines: IBufferLine[] = []
    for (let row = from; row < to; row++) {
      const line = this.#terminal.buffer.active.getLine(row)
      if (line !== undefined) lines.push(line)
    }
    return lines
  }

  #watchCursor(): void {
    const watch = (final: "h" | "l") =>
      this.#terminal.parser.registerCsiHandler({ prefix: "?", final }, (parameters) => {
        if (parameters.includes(25)) this.#isCursorHidden = final === "l"
        return false
      })
    watch("h")
    watch("l")
  }
}

/** The emulator has no option for it but this: a console host that reflowed by itself. */
const WITHOUT_REFLOW = { backend: "conpty", buildNumber: 19_000 } as const

/** Where rows are cut, the emulator keeps what it does not show. */
function textOf(line: IBufferLine, columns: number): string {
  return line.translateToString(true, 0, columns).trimEnd()
}

function cellOf(cell: IBufferCell): TerminalCell {
  const columns = cell.getWidth()
  return {
    text: columns === 0 ? "" : cell.getChars() || " ",
    columns,
    foreground: cell.isFgDefault() ? "default" : cell.isFgRGB() ? hex(cell.getFgColor()) : cell.getFgColor(),
    background: cell.isBgDefault() ? "default" : cell.isBgRGB() ? hex(cell.getBgColor()) : cell.getBgColor(),
    isBold: cell.isBold() !== 0,
    isDim: cell.isDim() !== 0,
    isItalic: cell.isItalic() !== 0,
    isUnderlined: cell.isUnderline() !== 0,
    isInverse: cell.isInverse() !== 0,
    isStruck: cell.isStrikethrough() !== 0,
  }
}

function hex(color: number): `#${string}` {
  return `#${color.toString(16).padStart(6, "0")}`
}
