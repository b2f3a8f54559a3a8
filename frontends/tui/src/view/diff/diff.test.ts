import { expect, test } from "bun:test"
import { lookOf, monochrome, randomOf, textsOf } from "../../../test/looks.ts"
import { DIFF_OF_DEBOUNCE, DIFF_OF_MANY } from "../../fixtures/texts.ts"
import { diffLines } from "./diff.ts"
import { parseDiff } from "./parse.ts"
import { changedWords } from "./words.ts"

const drawn = (diff: string, columns: number, isExpanded = true) =>
  textsOf(diffLines(diff, lookOf(columns), { isExpanded })).join("\n")

test("folded, a diff is what changed first, and how much more there is", () => {
  expect(drawn(DIFF_OF_DEBOUNCE, 80, false)).toBe(
    [
      "  ▎  18   -     const timer = setTimeout(flush, 300)",
      "  ▎  18   +     const timer = clock.after(300, flush)",
      "  ▎       ⋯ 2 more hunks",
    ].join("\n"),
  )
})

test("unfolded, it has all hunks with what stands around them", () => {
  expect(drawn(DIFF_OF_DEBOUNCE, 60)).toContain("  ▎  15     export function debounce(flush: () => void, clo⋯")
  expect(drawn(DIFF_OF_DEBOUNCE, 60)).toContain("  ▎       ⋯\n  ▎  40     export interface Clock {")
})

test("renamed, binary and deleted files say so, and a removed line that looks like a header is a line", () => {
  expect(
    parseDiff(DIFF_OF_MANY).map(({ path, pathBefore, kind, isBinary }) => [path, pathBefore, kind, isBinary]),
  ).toEqual([
    ["src/new.ts", "src/old.ts", "renamed", false],
    ["logo.png", undefined, "changed", true],
    ["gone.txt", undefined, "deleted", false],
    ["long.json", undefined, "added", false],
  ])
  expect(drawn(DIFF_OF_MANY, 80)).toContain("  ▎   1   - -- a removed line that looks like a header")
  expect(drawn(DIFF_OF_MANY, 80)).toContain("(no newline at end)")
})

test("line ends that all have a CR are not shown; one that alone has it is what changed", () => {
  expect(drawn(DIFF_OF_MANY, 80)).not.toContain("\\r")
  expect(drawn("@@ -1 +1 @@\n-a\r\n+a\n", 80)).toContain("- a\\r")
})

test("on a wide screen what was stands beside what is", () => {
  const rows = drawn("--- a\n+++ a\n@@ -1,3 +1,2 @@\n x\n-one\n-two\n+three\n", 120).split("\n")
  expect(rows.map((row) => [row.slice(0, 60).trimEnd(), row.slice(60).trim()])).toEqual([
    ["  ▎   1   x", "1   x"],
    ["  ▎   2 - one", "2 + three"],
    ["  ▎   3 - two", ""],
  ])
})

test("within a line that was replaced, the words that changed are told apart", () => {
  const before = "const timer = setTimeout(flush, 300)"
  const after = "const timer = clock.after(300, flush)"
  const words = changedWords(before, after)
  expect(words?.removed.map(({ from, to }) => before.slice(from, to))).toEqual(["setTimeout", "flush", "300"])
  expect(words?.added.map(({ from, to }) => after.slice(from, to))).toEqual(["clock.after", "300", "flush"])
  expect(changedWords("one thing", "quite another matter")).toBeUndefined()
  const theme = monochrome()
  const spans = diffLines(DIFF_OF_DEBOUNCE, lookOf(80), { isExpanded: false }).flat()
  expect(spans.filter(({ style }) => style?.isUnderlined).map(({ text }) => text)).toContain("setTimeout")
  expect(theme.added.isUnderlined).toBeUndefined()
})

test("tabs are spaces, and a line that is too long is cut", () => {
  expect(drawn("@@ -1 +1 @@\n-\ta\n+\tb\n", 40)).toContain("  ▎   1   -     a")
  for (const line of drawn(`@@ -0,0 +1 @@\n+${"x".repeat(100_000)}`, 40).split("\n"))
    expect(line.length).toBeLessThanOrEqual(40)
})

test("nothing that calls itself a diff breaks the screen", () => {
  const random = randomOf(3)
  const lines = `${DIFF_OF_DEBOUNCE}\n${DIFF_OF_MANY}\n@@ -1,9999999999 +1 @@\n@@@\n--- \n+++ \n\\ x\n+\n-`.split("\n")
  for (let round = 0; round < 200; round += 1) {
    const text = Array.from({ length: 10 }, () => lines[Math.floor(random() * lines.length)]).join("\n")
    for (const columns of [3, 40, 120]) {
      for (const line of drawn(text, columns, round % 2 === 0).split("\n")) {
        expect(Bun.stringWidth(line)).toBeLessThanOrEqual(columns)
      }
    }
  }
})
