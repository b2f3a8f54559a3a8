import { expect, test } from "bun:test"
import { rowOf } from "../cells/row.ts"
import type { Line, Style } from "../index.ts"
import { apply } from "./apply.ts"
import { colorParameters } from "./colors.ts"
import { Pen } from "./pen.ts"
import { planDiff, planFull } from "./plan.ts"
import { styleBytes } from "./sgr.ts"

const grid = (...lines: readonly (string | Line)[]) =>
  lines.map((line) => rowOf(typeof line === "string" ? [{ text: line }] : line, 40))

function bytesOf(before: readonly (string | Line)[], after: readonly (string | Line)[], isAbsolute = false): string {
  const pen = new Pen({ columns: 40, colorDepth: "true", isAbsolute, row: 0, column: 0, reached: before.length - 1 })
  apply(planDiff(grid(...before), grid(...after)), pen)
  pen.rest()
  return pen.bytes.replaceAll("\u001b[?7l", "").replaceAll("\u001b[?7h", "").replaceAll("\u001b", "^")
}

test("what is the same costs nothing", () => {
  expect(bytesOf(["abc", "def"], ["abc", "def"])).toBe("")
  expect(planDiff(grid("abc"), grid("abc  "))).toEqual({ patches: [] })
})

test("only cells that differ are written, and near ones in one go", () => {
  expect(bytesOf(["0123456789abcdef"], ["0x23456789ab!d!f"])).toBe("^[Cx^[13G!d!")
  expect(bytesOf(["abc", "def", "ghi"], ["abc", "def", "gHi"])).toBe("\r\n\r\n^[CH")
})

test("what a row loses is erased, and rows that are gone are erased together", () => {
  expect(bytesOf(["long text"], ["long"])).toBe("^[5G^[K")
  expect(bytesOf(["a", "b", "c"], ["a"])).toBe("\r\n^[J")
})

test("new rows are made by going to the next line, which scrolls", () => {
  expect(bytesOf(["a"], ["a", "b", "", "d"])).toBe("\r\nb\r\n\r\nd")
})

test("a wide character is written whole, and half of one is never left", () => {
  expect(bytesOf(["a日b"], ["axxb"])).toBe("^[Cxx")
  expect(bytesOf(["axxb"], ["a日b"])).toBe("^[C日")
  expect(bytesOf(["a日本"], ["a本日"])).toBe("^[C本日")
  expect(bytesOf(["abcd日     x"], ["abcd本     y"])).toBe("^[5G本^[5Cy")
})

test("behind a character of unsure width the cursor is told where it is, and the rest of the row is written", () => {
  expect(bytesOf(["ab_______end"], ["a👍______end"])).toBe("^[C  ^[2G👍^[4G______end^[K")
})

test("the same grids give the same bytes, and a full plan writes every row", () => {
  const plan = planFull(grid("a", "", "b"))
  expect(plan.patches.map(({ row, cells, erasesRest }) => [row, cells.length, erasesRest])).toEqual([
    [0, 1, true],
    [1, 0, true],
    [2, 1, true],
  ])
  expect(planFull(grid("a", "", "b"))).toEqual(plan)
})

test("styles change by the fewest bytes", () => {
  const step = (from: Style, to: Style) => styleBytes(from, to, "true").replaceAll("\u001b", "^")
  expect(step({}, { isBold: true, foreground: "red" })).toBe("^[1;31m")
  expect(step({ isBold: true, foreground: "red" }, {})).toBe("^[m")
  expect(step({ isBold: true, foreground: "red" }, { isBold: true })).toBe("^[39m")
  expect(step({ isBold: true }, { isDim: true })).toBe("^[0;2m")
  expect(step({ isBold: true, isDim: true }, { isDim: true })).toBe("^[0;2m")
  expect(step({ isDim: true }, { isDim: true })).toBe("")
  expect(step({}, { background: "#102030", isUnderlined: true })).toBe("^[4;48;2;16;32;48m")
})

test("a link is opened and closed, and can end no sequence", () => {
  const link = (to: string) => styleBytes({}, { link: to }, "true").replaceAll("\u001b", "^")
  expect(link("https://a.example/b?c=d")).toBe("^]8;;https://a.example/b?c=d^\\")
  expect(link("file:///a b/é")).toBe("^]8;;file:///a%20b/%C3%A9^\\")
  expect(link("x\u001b\\evil")).toBe("")
  expect(styleBytes({ link: "a" }, {}, "true")).toBe("\u001b]8;;\u001b\\")
})

test("colors come down to what a terminal has", () => {
  const at = (color: "red" | "bright-black" | `#${string}`) =>
    (["true", "256", "16", "none"] as const).map((depth) => colorParameters(color, depth, "foreground"))
  expect(at("red")).toEqual(["31", "31", "31", ""])
  expect(at("bright-black")).toEqual(["90", "90", "90", ""])
  expect(at("#ff0000")).toEqual(["38;2;255;0;0", "38;5;196", "91", ""])
  expect(at("#808080")).toEqual(["38;2;128;128;128", "38;5;244", "90", ""])
  expect(at("#fff")).toEqual(["38;2;255;255;255", "38;5;231", "97", ""])
  expect(at("#nonsense")).toEqual(["", "", "", ""])
  expect(colorParameters("#00ff00", "16", "background")).toBe("102")
})
