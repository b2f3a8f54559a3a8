import { expect, test } from "bun:test"
import { type Row, rowOf } from "../cells/row.ts"
import type { Caret, Size } from "../frame.ts"
import type { Reflow } from "./ability.ts"
import { type Stroke, Trail } from "./trail.ts"

const row = (text: string) => rowOf([{ text }], 200)
const x = (columns: number) => row("x".repeat(columns))
const size = (columns: number, rows = 24): Size => ({ columns, rows })

function stroke(live: readonly Row[], cursor: Caret, more: Partial<Stroke> = {}): Stroke {
  return { size: size(80), up: 0, finished: [], live, cursor, isRepair: false, ...more }
}

/** Rows to go up after a resize. */
function upAfter(live: readonly Row[], cursor: Caret, to: Size, reflow: Reflow, reply?: Caret): number | undefined {
  const trail = new Trail(size(80))
  trail.paint(stroke(live, cursor))
  return trail.meet(to, reflow, reply) ? trail.mend(reply).up : undefined
}

test("on a wider screen the rows are where they were", () => {
  for (const reflow of ["all", "all-but-cursor", "none"] as const) {
    expect(upAfter([x(70), x(70), x(5)], { row: 2, column: 5 }, size(120), reflow)).toBe(2)
  }
})

test("on a narrower one the rows above the cursor are as many as they wrap into, where the terminal wraps", () => {
  const up = (reflow: Reflow) => upAfter([x(70), x(70), x(5)], { row: 2, column: 5 }, size(30), reflow)
  expect([up("all"), up("all-but-cursor"), up("none")]).toEqual([6, 6, 2])
})

test("where the row of the cursor wraps too, the cursor is where its text is", () => {
  expect(upAfter([x(70)], { row: 0, column: 65 }, size(30), "all")).toBe(2)
  expect(upAfter([x(70)], { row: 0, column: 65 }, size(30), "all-but-cursor")).toBe(0)
})

test("behind text that fills a row the answer tells in which row the terminal put its cursor", () => {
  const up = (reply: Caret) => upAfter([x(60)], { row: 0, column: 60 }, size(30), "all", reply)
  expect([up({ row: 20, column: 29 }), up({ row: 20, column: 0 })]).toEqual([1, 2])
})

test("wide characters are not split, so a row of them may need more rows", () => {
  const up = (columns: number) =>
    upAfter([row("日".repeat(10)), x(3)], { row: 1, column: 0 }, size(columns), "all-but-cursor")
  expect([up(20), up(7)]).toEqual([1, 4])
})

test("a cursor that is not at its text says that nothing is known", () => {
  const up = (column: number) => upAfter([x(70), x(14)], { row: 1, column: 14 }, size(100), "all", { row: 12, column })
  expect([up(36), up(14)]).toEqual([undefined, 1])
})

test("a cursor behind the end of its text is drawn to it by some terminals, and is known all the same", () => {
  const up = (column: number) => upAfter([x(70), x(1)], { row: 1, column: 2 }, size(100), "all", { row: 12, column })
  expect([up(1), up(2), up(0)]).toEqual([1, 1, undefined])
})

test("history that a frame for another size painted over is printed again, and what it left of the old frame goes", () => {
  const trail = new Trail(size(80))
  trail.paint(stroke([x(5)], { row: 0, column: 5 }, { finished: [row("one"), row("two")] }))
  trail.paint(stroke([x(5)], { row: 0, column: 5 }, { size: size(40), up: 1 }))
  expect(trail.isBroken).toBe(true)
  const { up, again } = trail.mend(undefined)
  expect([up, again.map((cells) => cells.map(({ text }) => text).join(""))]).toEqual([0, ["two"]])
})

test("rows of a frame that came too low for its size are gone up to", () => {
  const trail = new Trail(size(80))
  trail.paint(stroke([x(70), x(5)], { row: 1, column: 5 }))
  trail.meet(size(40), "all", { row: 20, column: 5 })
  trail.paint(stroke([x(5)], { row: 0, column: 5 }, { up: 1, finished: [row("one")] }))
  const { up, again } = trail.mend({ row: 20, column: 5 })
  expect([up, again]).toEqual([2, [row("one")]])
})
