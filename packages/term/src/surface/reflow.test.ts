import { expect, test } from "bun:test"
import { rowOf } from "../cells/row.ts"
import type { Caret } from "../frame.ts"
import { NO_STRAYS, type Painted, type Reflowed, reflowed } from "./reflow.ts"

const row = (text: string) => rowOf([{ text }], 200)
const x = (columns: number) => row("x".repeat(columns))
const size = (columns: number, rows = 24) => ({ columns, rows })

function painted(columns: readonly number[], cursor: Caret, old = size(80)): Painted {
  return { size: old, live: columns.map(x), cursor, strays: NO_STRAYS, top: { min: 10, max: 10 } }
}

const told = ({ up, strays }: Reflowed) => ({
  up,
  strays: strays.lines.map(({ length }) => length),
  isCut: strays.isCut,
})

test("on a wider screen the rows are where they were", () => {
  for (const reflow of ["all", "all-but-cursor", "none"] as const)
    expect(reflowed(painted([70, 70, 5], { row: 2, column: 5 }), size(120), reflow).up).toBe(2)
})

test("on a narrower one the rows above the cursor are as many as they wrap into, where the terminal wraps", () => {
  const before = painted([70, 70, 5], { row: 2, column: 5 })
  expect(reflowed(before, size(30), "all").up).toBe(6)
  expect(reflowed(before, size(30), "all-but-cursor").up).toBe(6)
  expect(reflowed(before, size(30), "none").up).toBe(2)
})

test("where the row of the cursor wraps too, the cursor is where its text is", () => {
  expect(reflowed(painted([70], { row: 0, column: 65 }), size(30), "all").up).toBe(2)
  expect(reflowed(painted([70], { row: 0, column: 65 }), size(30), "all-but-cursor").up).toBe(0)
})

test("behind text that fills a row the answer tells in which row the terminal put its cursor", () => {
  const before = painted([60], { row: 0, column: 60 })
  expect(reflowed(before, size(30), "all", { row: 20, column: 29 }).up).toBe(1)
  expect(reflowed(before, size(30), "all", { row: 20, column: 0 }).up).toBe(2)
})

test("wide characters are not split, so a row of them may need more rows", () => {
  const before = { ...painted([], { row: 1, column: 0 }), live: [row("日".repeat(10)), x(3)] }
  expect(reflowed(before, size(20), "all-but-cursor").up).toBe(1)
  expect(reflowed(before, size(7), "all-but-cursor").up).toBe(4)
})

test("rows that the screen has no room for are remembered, the rest of a line too", () => {
  const before = painted([70, 70, 5], { row: 2, column: 5 })
  expect(told(reflowed(before, size(30, 4), "all"))).toEqual({ up: 6, strays: [70], isCut: false })
  expect(told(reflowed(before, size(30, 3), "all"))).toEqual({ up: 6, strays: [70, 30], isCut: true })
  expect(told(reflowed(before, size(30, 10), "all", { row: 1, column: 5 }))).toEqual({
    up: 6,
    strays: [70, 60],
    isCut: true,
  })
})

test("rows that came back are gone up to, and wrapped ones are joined again", () => {
  const strays = { lines: [x(70), x(30)], isCut: true }
  const before = { ...painted([70, 5], { row: 1, column: 5 }, size(30, 3)), strays }
  expect(reflowed(before, size(80), "all-but-cursor").up).toBe(3)
  expect(reflowed({ ...before, strays: { lines: [x(70)], isCut: false } }, size(80), "all").up).toBe(2)
})

test("a cursor that is not at its text says that nothing is known", () => {
  const before = painted([70, 14], { row: 1, column: 14 })
  expect(reflowed(before, size(100), "all", { row: 12, column: 36 }).up).toBeUndefined()
  expect(reflowed(before, size(100), "all", { row: 12, column: 14 }).up).toBe(1)
})

test("a cursor behind the end of its text is drawn to it by some terminals, and is known all the same", () => {
  const before = painted([70, 1], { row: 1, column: 2 })
  expect(reflowed(before, size(100), "all", { row: 12, column: 1 }).up).toBe(1)
  expect(reflowed(before, size(100), "all", { row: 12, column: 2 }).up).toBe(1)
  expect(reflowed(before, size(100), "all", { row: 12, column: 0 }).up).toBeUndefined()
})
