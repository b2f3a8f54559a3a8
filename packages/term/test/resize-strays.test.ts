import { expect, test } from "bun:test"
import { virtualTerminal } from "@skein/testkit/terminal"
import { inlineSurface, type Line, type Size } from "../src/index.ts"

const size = (columns: number, rows: number): Size => ({ columns, rows })
const line = (text: string): Line => [{ text }]

interface Walk {
  readonly history: number
  /** Undefined: the cursor stays behind the last row, which is full. */
  readonly caretRow?: number
  /** Answers that never come, from the first resize on. */
  readonly lost?: number
}

/** A view of rows as wide as the screen, drawn anew at one size after the other; rows of older frames that are left after each. */
async function straysOf([first = size(80, 24), ...sizes]: readonly Size[], walk: Walk): Promise<number[]> {
  const replies: string[] = []
  const terminal = virtualTerminal({ ...first, scrollback: 1_000, onReply: (bytes) => void replies.push(bytes) })
  const surface = inlineSurface({ size: first, asksCursor: true, write: (bytes) => void terminal.write(bytes) })
  surface.adapt({})
  let lost = 0
  let frame = 0
  const draw = ({ columns }: Size) => {
    frame++
    const lines = Array.from({ length: 8 }, (_, row) => line(`L${frame}.${row} `.padEnd(columns, "x")))
    surface.draw({ lines, ...(walk.caretRow === undefined ? {} : { caret: { row: walk.caretRow, column: 3 } }) })
  }
  const settle = async () => {
    for (let times = 0; times < 20; times++) {
      await terminal.settled()
      const answers = [
        ...replies
          .splice(0)
          .join("")
          .matchAll(/\[(\d+);(\d+)R/g),
      ]
      if (answers.length === 0 && surface.isAsking) surface.settled()
      for (const [, row, column] of answers) {
        if (lost-- <= 0) surface.settled({ row: Number(row) - 1, column: Number(column) - 1 })
      }
    }
  }
  surface.finish(Array.from({ length: walk.history }, (_, at) => line(`history ${at}`)))
  draw(first)
  await settle()
  lost = walk.lost ?? 0
  const strays: number[] = []
  for (const next of sizes) {
    await terminal.resize(next.columns, next.rows)
    surface.resize(next)
    draw(next)
    await settle()
    lost = 0
    // Whoever waited long enough knows that nothing more comes.
    surface.expire()
    const all = [...terminal.scrollback(), ...terminal.screen()]
    expect(all.filter((row) => row.startsWith("history"))).toHaveLength(walk.history)
    strays.push(all.filter((row) => /^L\d/.test(row) && !row.startsWith(`L${frame}.`)).length)
  }
  return strays
}

test("on a screen that is not full yet, one that becomes lower and narrower keeps nothing of the frame before", async () => {
  for (const caretRow of [0, 4, 7]) {
    const [strays] = await straysOf([size(120, 60), size(80, 50)], { history: 10, caretRow })
    expect({ caretRow, strays }).toEqual({ caretRow, strays: 0 })
  }
})

test("a frame without a caret whose last row is full is found again at every size", async () => {
  const sizes = [size(120, 60), size(80, 50), size(60, 55), size(100, 40)]
  expect(await straysOf(sizes, { history: 30 })).toEqual([0, 0, 0])
})

test("an answer that is lost, or half of one, is made up for by the next resize", async () => {
  const sizes = [size(80, 24), size(79, 24), size(82, 24), size(84, 24), size(86, 24)]
  for (const lost of [1, 2]) {
    const [, ...after] = await straysOf(sizes, { history: 4, caretRow: 3, lost })
    expect({ lost, after: after.at(-1) }).toEqual({ lost, after: after[0] ?? 0 })
  }
})
