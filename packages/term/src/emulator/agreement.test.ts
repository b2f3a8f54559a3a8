import { expect, test } from "bun:test"
import { virtualTerminal } from "@skein/testkit/terminal"
import { emulator } from "./emulator.ts"

const SIZE = { columns: 24, rows: 6 }
const RUNS = process.env.SKEIN_SOAK === "1" ? 500 : 60
const STEPS = 60

/** Pieces of what programs write, each whole in itself. */
const PIECES: readonly ((number: () => number) => string)[] = [
  () => "plain words ",
  () => "漢字 ",
  () => "e\u0301 \u{1f469}\u200d\u{1f467} ",
  () => "\r\n",
  () => "\r",
  () => "\b",
  () => "\t",
  (number) => `\x1b[${1 + (number() % 6)};${1 + (number() % 24)}H`,
  (number) => `\x1b[${number() % 5}${"ABCD"[number() % 4]}`,
  (number) => `\x1b[${1 + (number() % 24)}G`,
  (number) => `\x1b[${number() % 3}K`,
  (number) => `\x1b[${(number() % 2) * 2}J`,
  (number) => `\x1b[${1 + (number() % 3)}${"LMXP@"[number() % 5]}`,
  (number) => `z\x1b[${1 + (number() % 30)}b`,
  (number) => `漢\x1b[${number() % 9}b`,
  // Over a wide character at the edge xterm.js leaves half of it behind: the row is empty before.
  () => "\x1b[2K\x1b[?7lwhat does not go on below\x1b[?7h",
  () => "\u{1f469}",
  () => "\u200d\u{1f467}",
  () => "e",
  () => "\u0301",
  () => "\u{1f1e9}",
  () => "\u{1f44d}\u{1f3fd}",
  (number) => `\x1b[${1 + (number() % 2)}${"ST"[number() % 2]}`,
  (number) => `\x1b[${1 + (number() % 3)};${4 + (number() % 3)}r`,
  () => "\x1b[r",
  () => "\x1bM",
  // Where rows scroll in between, xterm.js alone goes back to where that row is by then.
  () => "\x1b7\x1b[3;5Hsaved\x1b8",
  () => "\x1b[1;31mred\x1b[m",
]

const HANG_MS = 60_000

test(
  "whatever is written, two terminals by different hands show the same",
  async () => {
    for (let seed = 1; seed <= RUNS; seed++) {
      const random = numbers(seed)
      const ours = emulator({ size: SIZE })
      const theirs = virtualTerminal({ ...SIZE, scrollback: 10_000 })
      const written: string[] = []
      for (let step = 0; step < STEPS; step++) {
        const piece = pieceAfter(written.at(-1) ?? "", random)
        written.push(piece)
        ours.write(Buffer.from(piece))
        await theirs.write(piece)
        const shown = { lines: ours.lines(), caret: { row: ours.caret().row, column: ours.caret().column } }
        const { row, column } = theirs.cursor
        const lines = theirs.screen().map((line) => line.trimEnd())
        expect({ seed, written, ...shown }).toEqual({ seed, written, lines, caret: { row, column } })
      }
    }
  },
  HANG_MS,
)

test(
  "however a terminal is resized, two by different hands wrap the same rows anew and keep the same above",
  async () => {
    for (let seed = 1; seed <= RUNS; seed++) {
      const random = numbers(seed)
      const ours = emulator({ size: SIZE, reflows: true })
      const theirs = virtualTerminal({ ...SIZE, scrollback: 10_000 })
      const done: string[] = []
      for (let step = 0; step < RESIZES; step++) {
        const written = Array.from({ length: random() % 6 }, () => LINES[random() % LINES.length]).join("")
        ours.write(Buffer.from(written))
        await theirs.write(written)
        const size = { columns: 6 + (random() % 40), rows: 2 + (random() % 9) }
        ours.resize(size)
        await theirs.resize(size.columns, size.rows)
        done.push(written, `${size.columns}x${size.rows}`)
        const { row, column } = theirs.cursor
        const all = [...theirs.scrollback(), ...theirs.screen()].map((line) => line.trimEnd())
        const caret = ours.caret()
        expect({
          seed,
          done,
          all: [...ours.scrollback(), ...ours.lines()],
          row: caret.row,
          column: caret.column,
        }).toEqual({
          ...{ seed, done, all, row, column },
        })
      }
    }
  },
  HANG_MS,
)

const RESIZES = 8
const LINES = [
  "a line that is rather long, and goes on for some more words until it ends somewhere\r\n",
  "漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢\r\n",
  "a漢字漢字漢字漢字漢字漢字漢字漢字漢字\r\n",
  "short\r\n",
  "\r\n",
  "left open: words words words words ",
  "\r\x1b[K",
  "\x1b[2A\r\x1b[J",
]

/** Terminals differ in what they make of a joiner or a mark that has nothing to join. */
function pieceAfter(before: string, random: () => number): string {
  const piece = PIECES[random() % PIECES.length]?.(random) ?? ""
  if (piece.startsWith("\u200d")) return before.endsWith("\u{1f469}") ? piece : "\u{1f469}"
  return piece === "\u0301" && before !== "e" ? "e" : piece
}

function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state >> 8
  }
}
