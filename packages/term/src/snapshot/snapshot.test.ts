import { expect, test } from "bun:test"
import type { Frame, Line } from "../index.ts"
import { compare, snapshot, tellComparison } from "../index.ts"

const line = (text: string): Line => [{ text }]
const frame = (...texts: string[]): Frame => ({ lines: texts.map(line) })
const SIZE = { columns: 20, rows: 10 }

test("a snapshot is the text of the screen, and on request its looks and the cursor", () => {
  const lines: Line[] = [[{ text: "a 日", style: { isBold: true } }, { text: "  " }], line(""), line("b")]
  const shown: Frame = { lines, caret: { row: 2, column: 3 } }
  expect(snapshot(shown, SIZE)).toBe("a 日\n\nb")
  expect(snapshot(shown, SIZE, { showsStyles: true, showsCaret: true })).toBe("a 日\nb b\n\nb  ▏")
})

test("equal frames compare as the same", () => {
  expect(compare(frame("a", "b"), frame("a", "b"), SIZE)).toEqual({ isSame: true, changes: [], more: 0, cells: 0 })
})

test("a row that only moved is told as moved, with the cells that its place costs", () => {
  const { changes, cells } = compare(frame("a", "bb", "c"), frame("new", "a", "bb", "c"), SIZE)
  expect(changes).toEqual([
    { kind: "added", row: 0, text: "new" },
    { kind: "moved", from: 0, to: 1 },
    { kind: "moved", from: 1, to: 2 },
    { kind: "moved", from: 2, to: 3 },
  ])
  expect(cells).toBe(3 + 2 + 2 + 1)
})

test("blank rows do not move", () => {
  const { changes } = compare(frame("a", ""), frame("", "b"), SIZE)
  expect(changes).toEqual([
    { kind: "changed", row: 0, before: "a", after: "", columns: [0, 1], cells: 1 },
    { kind: "changed", row: 1, before: "", after: "b", columns: [0, 1], cells: 1 },
  ])
})

test("a change of text and a change of looks are told apart", () => {
  const before: Frame = { lines: [line("tick 1"), line("same")] }
  const after: Frame = { lines: [line("tick 2"), [{ text: "sa" }, { text: "me", style: { isDim: true } }]] }
  expect(compare(before, after, SIZE).changes).toEqual([
    { kind: "changed", row: 0, before: "tick 1", after: "tick 2", columns: [5, 6], cells: 1 },
    { kind: "restyled", row: 1, text: "same", columns: [2, 4], cells: 2, before: {}, after: { isDim: true } },
  ])
})

test("what is removed is told, a caret that moved too, and no more changes than asked for", () => {
  const before = frame("a", "b", "c")
  const after: Frame = { lines: [line("a")], caret: { row: 0, column: 1 } }
  expect(compare(before, after, SIZE, 1)).toEqual({
    isSame: false,
    changes: [{ kind: "removed", row: 1, text: "b" }],
    more: 1,
    cells: 2,
    caret: { from: undefined, to: { row: 0, column: 1 } },
  })
})

test("what differs is told by row: the words that went and came, or only the looks", () => {
  const before: Frame = { lines: ["it runs one test", "same", "gone", "old"].map(line) }
  const now: Line[] = [line("it runs two fast test"), [{ text: "sa" }, { text: "me", style: { isBold: true } }]]
  const after: Frame = { lines: [...now, line("old"), line("old one")], caret: { row: 0, column: 2 } }
  expect(tellComparison(compare(before, after, { columns: 40, rows: 10 })).join("\n")).toMatchInlineSnapshot(`
    "row 1  "one" → "two fast"
      - it runs one test
      + it runs two fast test
    row 2  only looks, columns 3 to 4: plain → bold
        same
    row 3  moved from row 4
    row 3  removed
      - gone
    row 4  added
      + old one
    cursor  none → row 1, column 3
    Rows that differ: 4 in text, 1 only in looks; 18 cells to repaint."
  `)
  expect(tellComparison(compare(before, before, SIZE))).toEqual(["The same, text and looks."])
})
