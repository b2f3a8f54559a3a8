import { expect, test } from "bun:test"
import type { Language } from "@skein/grammars"
import { openAfter } from "./open-text.ts"

/** What is open at the end of these lines. */
function openAtEnd(lines: readonly string[], language: Language): string | undefined {
  return lines.reduce<string | undefined>((open, line) => openAfter(line, open, language), undefined)
}

test.each([
  ["at the beginning of a line", "# don't"],
  ["behind a tab", "\t# don't"],
  ["behind a tab and a command", "make\t# don't"],
  ["behind a blank", "make # don't"],
  ["behind the end of a command", "make;# don't"],
])("a comment of a shell opens nothing: %s", (_, line) => {
  expect(openAtEnd([line, "echo one"], "bash")).toBeUndefined()
})

test("a sharp within a word of a shell is no comment", () => {
  expect(openAtEnd(["echo ${name#*/} $# 'it goes on"], "bash")).toBe("'")
  expect(openAtEnd(['echo a#b "it goes on', "and on"], "bash")).toBe('"')
})

test("a quote that is escaped opens nothing", () => {
  expect(openAtEnd(["echo don\\'t", "echo one"], "bash")).toBeUndefined()
})

test("what is opened goes on until it is ended", () => {
  expect(openAtEnd(["/* one", "two"], "typescript")).toBe("*/")
  expect(openAtEnd(["/* one", "two */ x"], "typescript")).toBeUndefined()
  expect(openAtEnd(["x = 1 # '''"], "python")).toBeUndefined()
})
