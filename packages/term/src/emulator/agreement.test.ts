import { expect, test } from "bun:test"
import { virtualTerminal } from "@skein/testkit/terminal"
import { emulator } from "./emulator.ts"

const SIZE = { columns: 24, rows: 6 }
const RUNS = 60
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
  (number) => `\x1b[${1 + (number() % 3)}${"LMX"[number() % 3]}`,
  (number) => `\x1b[${1 + (number() % 2)}${"ST"[number() % 2]}`,
  (number) => `\x1b[${1 + (number() % 3)};${4 + (number() % 3)}r`,
  () => "\x1b[r",
  () => "\x1bM",
  () => "\x1b7",
  () => "\x1b8",
  () => "\x1b[1;31mred\x1b[m",
]

test("whatever is written, two terminals by different hands show the same", async () => {
  for (let seed = 1; seed <= RUNS; seed++) {
    const random = numbers(seed)
    const ours = emulator({ size: SIZE })
    const theirs = virtualTerminal({ ...SIZE, scrollback: 10_000 })
    let written = ""
    for (let step = 0; step < STEPS; step++) {
      const piece = PIECES[random() % PIECES.length]?.(random) ?? ""
      written += piece
      ours.write(Buffer.from(piece))
    }
    await theirs.write(written)
    expect({ written, lines: ours.lines() }).toEqual({ written, lines: theirs.screen().map((line) => line.trimEnd()) })
  }
})

function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return state >> 8
  }
}
