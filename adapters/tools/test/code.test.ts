import { afterEach, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import type { CodePort, CodeRange, Diagnostic } from "@skein/core/ports"
import { type ToolSession, toolSession } from "./session.ts"

let session: ToolSession | undefined
afterEach(() => session?.close())

const range = (path: string, line: number, column: number, columnEnd: number): CodeRange => ({
  ...{ path, line, column, lineEnd: line, columnEnd },
})
const error = (path: string, line: number, message: string): Diagnostic => ({
  ...{ range: range(path, line, 1, 2), severity: "error", source: "typescript", code: "2322", message },
})

/** Knows nothing, but what a test says, and what it was asked. */
function fakeCode(given: Partial<CodePort> = {}) {
  const asked: unknown[] = []
  const nothing: CodePort = {
    beforeChange: async () => {},
    introduced: async () => ({ diagnostics: [], late: [] }),
    diagnostics: async () => ({ diagnostics: [], late: [] }),
    at: async (question, place) => {
      asked.push([question, place.line, place.column])
      return []
    },
    symbols: async () => [],
    rename: async () => [],
    status: async () => [],
    ...given,
  }
  return { code: nothing, asked }
}

function open(given: Partial<CodePort> = {}) {
  const { code, asked } = fakeCode(given)
  session = toolSession({ code })
  return { at: session, asked }
}

test("errors that a change brought stand in its result, for the model and for the person, and no more than twenty", async () => {
  const before: string[] = []
  const { at } = open({
    async beforeChange(paths) {
      before.push(...paths.map((path) => readFileSync(path, "utf8")))
    },
    introduced: async ([path = ""]) => ({
      diagnostics: Array.from({ length: 30 }, (_, at) => error(path, at + 1, "Type 'a'\n  is not 'b'.")),
      late: [],
    }),
  })
  at.put("a.ts", "one\n")
  await at.call("read", { path: "a.ts" })
  const { forModel, forHuman } = await at.call("edit", { path: "a.ts", oldText: "one", newText: "two" })
  const said = forModel.map((block) => (block.type === "text" ? block.text : ""))
  expect(before).toEqual(["one\n"])
  expect(said[1]?.split("\n").slice(0, 2)).toEqual([
    "The change brought 30 errors:",
    "a.ts:1:1 error typescript 2322: Type 'a' is not 'b'.",
  ])
  expect(said[1]?.split("\n").slice(-3)).toEqual([
    "a.ts:20:1 error typescript 2322: Type 'a' is not 'b'.",
    "(10 more)",
    "The tool diagnostics tells all; call_tool calls it where it is not listed.",
  ])
  expect(forHuman?.summary).toBe("+1 −1, 30 errors")
  expect(forHuman?.body).toContain("+two")
  expect(forHuman?.body).toContain("a.ts:20:1 error")
})

test("a change that brings none says nothing of it", async () => {
  const { at } = open()
  expect(await at.say("write", { path: "a.ts", content: "one\n" })).toBe("Created a.ts (1 lines).")
})

test("diagnostics are a line each, with what could not be asked", async () => {
  const { at } = open({
    diagnostics: async (paths) => ({
      diagnostics: paths.map((path) => error(path, 3, "Bad")),
      late: ["The language server rust\nis starting."],
    }),
  })
  at.put("src/a.ts", "")
  expect(await at.say("diagnostics", { paths: ["src/a.ts"] })).toBe(
    "src/a.ts:3:1 error typescript 2322: Bad\n(The language server rust is starting.)",
  )
  expect(await at.say("diagnostics", {})).toBe("No errors or warnings.\n(The language server rust is starting.)")
})

test("a place is a column, a name on a line, or the first place of a name as a word", async () => {
  const { at, asked } = open()
  at.put("a.ts", "// é twice_over\nconst twice = 1\n\n  twice()\n")
  const ask = (more: object) => at.say("lsp", { action: "hover", path: "a.ts", ...more })
  await ask({ symbol: "twice" })
  await ask({ line: 4, symbol: "twice" })
  await ask({ line: 4, column: 2 })
  await ask({ line: 4 })
  expect(asked).toEqual([
    ["hover", 2, 7],
    ["hover", 4, 3],
    ["hover", 4, 2],
    ["hover", 4, 3],
  ])
  expect(await ask({ line: 3, symbol: "twice" })).toContain("It stands on line 2, 4.")
  expect(await ask({ line: 40 })).toContain("has 5 lines")
  expect(await ask({})).toContain("needs a symbol, or a line and a column")
  expect(await at.say("lsp", { action: "hover" })).toContain("needs path")
})

test("a rename changes all files or none, keeps their bytes otherwise, and refuses edits that overlap", async () => {
  let edits: Awaited<ReturnType<CodePort["rename"]>> = []
  const { at } = open({ rename: async () => edits })
  const a = at.put("a.ts", "\ufeffone two one\r\n  one\r\n")
  const b = at.put("b.ts", "one")
  edits = [
    { range: range(a, 1, 2, 5), newText: "three" },
    { range: range(a, 1, 10, 13), newText: "three" },
    { range: range(a, 2, 3, 6), newText: "three" },
    { range: range(b, 1, 1, 4), newText: "three" },
  ]
  const input = { action: "rename", path: "a.ts", line: 2, symbol: "one", newName: "three" }
  const plan = await at.plan("lsp", input)
  expect(plan.effects.map(({ kind }) => kind)).toEqual(["write", "write"])
  at.put("b.ts", "changed")
  await expect(at.run(plan)).rejects.toThrow("changed underneath")
  expect(at.text("a.ts")).toBe("\ufeffone two one\r\n  one\r\n")
  at.put("b.ts", "one")
  await at.run(await at.plan("lsp", input))
  expect([at.text("a.ts"), at.text("b.ts")]).toEqual(["\ufeffthree two three\r\n  three\r\n", "three"])
  edits = [
    { range: range(b, 1, 1, 4), newText: "x" },
    { range: range(b, 1, 3, 5), newText: "y" },
  ]
  expect(await at.say("lsp", { ...input, path: "b.ts", line: 1, symbol: "three" })).toContain("overlap")
  edits = []
  expect(await at.say("lsp", { ...input, path: "b.ts", line: 1, symbol: "three" })).toContain("nothing to rename")
})

test("places come with what stands there, unless it lies outside of the folders", async () => {
  let outside = ""
  const { at } = open({
    at: async (_, { path }) => [{ range: range(path, 2, 1, 2) }, { range: range(outside, 1, 1, 2) }],
  })
  outside = at.put(`${at.outside}/x.d.ts`, "not to be told\n")
  at.put("a.ts", "one\n  two\n")
  expect(await at.say("lsp", { action: "references", path: "a.ts", symbol: "one" })).toBe(
    `a.ts:2:1 two\n${outside}:1:1`,
  )
})

test("without language servers the tools say so", async () => {
  session = toolSession()
  session.put("a.ts", "one\n")
  expect(await session.say("diagnostics", { paths: ["a.ts"] })).toContain("No language servers are to be had here.")
  expect(await session.say("lsp", { action: "symbols", path: "a.ts" })).toContain("No language servers")
})
