import { expect, test } from "bun:test"
import type { Rule } from "@skein/protocol"
import { patternOf } from "../src/content/pattern.ts"
import { holdsOf } from "../src/content/written.ts"

/** Patterns, a text in which each is found, and one in which it is not. */
const PATTERNS: readonly (readonly [string, string, string])[] = [
  ["TODO", "a TODO b", "todo"],
  ["(?i)todo", "a ToDo b", "to-do"],
  ["^import .* from 'lodash'$", "x\nimport a from 'lodash'\ny", "// import a from 'lodash'"],
  ["console\\.(log|debug)\\(", "console.debug(1)", "consoleXlog(1)"],
  ["\\bany\\b", ": any;", "company"],
  ["[A-Z0-9]{4,6}-\\d+", "ABCD-1", "ABC-1"],
  ["[^a-c]x", "dx", "ax"],
  ["a{2}b?c*$", "aab", "ab"],
  ["a.b", "a\tb", "a\nb"],
  ["(?s)a.b", "a\nb", "ab"],
  ["\\u00e9|\\x41", "é", "e"],
  ["[\\]\\-x]", "-", "y"],
  ["(?:ab)+c", "ababc", "abac"],
  ["", "anything", ""],
]

for (const [source, found, missed] of PATTERNS) {
  test(`/${source}/ is found in ${JSON.stringify(found)}`, () => {
    const pattern = patternOf(source)
    expect([pattern(found), source === "" || pattern(missed)]).toEqual([true, source === ""])
    // As the platform's own has it, for what both read alike.
    if (!source.startsWith("(?")) expect(new RegExp(source, "mu").test(found)).toBe(true)
  })
}

const NONE = [
  "(a",
  "a)",
  "[a",
  "a**",
  "*a",
  "(?=a)",
  "(?<!a)b",
  "(a)\\1",
  "\\q",
  "a{3,2}",
  "a{9999}",
  "(((a{200}){200}))",
  "\\",
]

for (const source of NONE) {
  test(`${source} is refused, in words`, () => {
    expect(() => patternOf(source)).toThrow(SyntaxError)
  })
}

test("no pattern is made slow by a text", () => {
  for (const source of ["(a+)+$", "(a|aa)*b", "(.*)*x", "(a?){25}a{25}b", "(x+x+)+y"]) {
    const text = `${"a".repeat(20_000)}!`
    const from = performance.now()
    patternOf(source)(text)
    expect(performance.now() - from).toBeLessThan(3_000)
  }
})

test("a text that is too large to be looked through counts as one that has it", () => {
  expect(patternOf("(a|b|c|d|e|f|g){30}z")("a".repeat(1_000_000))).toBe(true)
})

test("the many rules of one project hold up a call no longer than one of them could", () => {
  const text = "a".repeat(20_000)
  const rule = (at: number): Rule => ({ ...ASKING, content: `(a?){900}b${at}` })
  const holds = holdsOf({ input: { path: "a.txt", content: text } })
  const from = performance.now()
  const found = Array.from({ length: 100 }, (_, at) => holds(rule(at), ABOUT))
  expect(performance.now() - from).toBeLessThan(10_000)
  expect(found.at(-1)).toBe(true)
})

const ASKING = { tool: "write", decision: "ask", scope: "project" } as const
const ABOUT = { kind: "path", access: "write", path: "/w/a.txt" } as const
