import { expect, test } from "bun:test"
import { age, counted, duration, money, size, tokens } from "./amounts.ts"
import { table } from "./table.ts"
import { clipped, clippedStart, oneLine, visible } from "./visible.ts"

test("amounts are short: money to a hundredth of a cent, tokens by thousands, ages by their largest unit", () => {
  expect([undefined, 0, 49, 4_200, 1_234_567, 12_345_678].map(money)).toEqual([
    "?",
    "$0.0000",
    "<$0.0001",
    "$0.0042",
    "$1.2346",
    "$12.35",
  ])
  expect([0, 999, 1_000, 12_400, 123_456, 999_499, 999_500, 1_240_000].map(tokens)).toEqual([
    ...["0", "999", "1k", "12.4k", "123k", "999k", "1M", "1.2M"],
  ])
  const now = Date.UTC(2026, 2, 1, 12)
  const ago = (ms: number) => age(now - ms, now)
  expect([-5, 59_000, 60_000, 3_599_000, 7_200_000, 86_400_000 * 3].map(ago)).toEqual([
    ...["now", "now", "1 min ago", "59 min ago", "2 h ago", "3 d ago"],
  ])
  expect(ago(86_400_000 * 40)).toMatch(/^2026-01-20$/)
  expect([0.44, 3, 3_240, 250_000, 7_500_000].map(duration)).toEqual([
    "0.4 ms",
    "3 ms",
    "3.2 s",
    "4 min 10 s",
    "2 h 5 min",
  ])
  expect([counted(1, "turn"), counted(2, "turn"), size(640), size(12_345), size(3_400_000)]).toEqual([
    ...["1 turn", "2 turns", "640 B", "12.3 kB", "3.4 MB"],
  ])
})

test("nothing that is shown acts on the terminal or hides in it", () => {
  expect(visible("a\u001b[2Jb\u202ec\n\td")).toBe("a\\e[2Jb\\u{202e}c\n\td")
  expect(oneLine(" a\n\n b\t\u0007c ")).toBe("a b \\u{7}c")
})

test("text is clipped by the columns it takes, not by its letters", () => {
  expect(clipped("abcdef", 6)).toBe("abcdef")
  expect(clipped("abcdefg", 6)).toBe("abcde…")
  expect(clipped("日本語日本語", 6)).toBe("日本…")
  expect([clippedStart("/a/b", 4), clippedStart("/some/long/path", 6), clippedStart("日本語日本語", 6)]).toEqual([
    ...["/a/b", "…/path", "…本語"],
  ])
})

test("a table is as wide as the terminal, its flexible column gives way, and an empty column takes no room", () => {
  const columns = [{ head: "id" }, { head: "n", isRight: true }, {}, { head: "what", isFlexible: true }]
  const rows = [
    ["a", "1", undefined, "short"],
    ["bb", "10", "", "a sentence that is far too long for this"],
  ]
  expect(table(columns, rows, 30)).toEqual(["id   n  what", "a    1  short", "bb  10  a sentence that is fa…"])
  expect(table([{}, {}], [["one\ntwo", "x"]], 80)).toEqual(["one two  x"])
})
