import { expect, test } from "bun:test"
import { fenced, oneLine } from "./text.ts"

test("one line shows what hides in a text", () => {
  expect(oneLine("rm a\n\u001b[2Jb\u202ec\u200b", 100)).toBe("rm a⏎\\e[2Jb\\u{202e}c\\u{200b}")
})

test("a long line keeps its head and its tail", () => {
  expect(oneLine(`head${"x".repeat(500)}tail`, 21)).toBe("headxxxxxx…xxxxxxtail")
})

test("a block of code is fenced by more backticks than it holds", () => {
  expect(fenced("a ```` b", "diff")).toBe("`````diff\na ```` b\n`````")
})
