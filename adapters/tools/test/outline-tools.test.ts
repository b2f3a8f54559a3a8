import { afterEach, beforeEach, expect, test } from "bun:test"
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import type { OutlinePort, RunContext, SourceTree } from "@skein/core/ports"
import { fakeExec, fakeShell } from "@skein/testkit"
import type { AnyTool, ToolWorld } from "../src/define.ts"
import { localFiles } from "../src/files/local.ts"
import { codeGraph } from "../src/outline/code-graph.ts"
import { repoMap } from "../src/outline/repo-map.ts"
import { symbols } from "../src/outline/symbols.ts"
import { findRipgrep } from "../src/search/ripgrep-path.ts"
import { noSessions } from "./session.ts"

const ripgrep = findRipgrep("/nowhere/skein") ?? "/nowhere/rg"
const all = { filesAll: 3, filesRead: 3 }
const definition = { name: "put", kind: "function", line: 3, lineEnd: 9, depth: 0, signature: "function put()" }

let base: string
let asked: { readonly tree?: SourceTree; readonly wanted: unknown }[]
let port: OutlinePort
let cwd: string

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), "skein-outline-tools-")))
  cwd = join(base, "work")
  asked = []
  port = {
    outline: async (path) =>
      path.endsWith(".ts") ? [definition, { ...definition, name: "inner", line: 4, lineEnd: 4, depth: 1 }] : undefined,
    find: async (tree, wanted) => {
      asked.push({ tree, wanted })
      return { ...all, found: [{ ...definition, path: "src/a.ts" }] }
    },
    map: async (tree, wanted) => {
      asked.push({ tree, wanted })
      return { ...all, text: "src/a.ts\n 3: function put()", files: 1, definitions: 1 }
    },
    graph: async (tree, wanted) => {
      asked.push({ tree, wanted })
      return { ...all, edges: [{ from: 'src/"a".ts', to: "src/b.ts", how: "imports" }], isCut: true }
    },
  }
  for (const name of ["src/a.ts", "src/b.ts", "notes.txt", ".env", "node_modules/x/index.js", "build/made.ts"]) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true })
    writeFileSync(join(cwd, name), "x\n")
  }
  writeFileSync(join(cwd, ".gitignore"), "build/\n")
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

async function run(tool: AnyTool, input: Record<string, unknown>, more: Partial<ToolWorld> = {}) {
  const world: ToolWorld = {
    ...{ files: localFiles(), exec: fakeExec({}), shell: fakeShell(), ripgrep: async () => ripgrep, outline: port },
    ...more,
  }
  const context: RunContext = {
    ...{ sessionId: "ses_a", callId: "cal_a", cwd, sessions: noSessions, roots: [cwd], sandbox: "workspace-write" },
    askClient: () => Promise.reject(new Error("Nobody is asked")),
    ...{ observed: () => undefined, signal: new AbortController().signal, progress: () => undefined },
  }
  const parsed = tool.input().parse(input)
  try {
    const planned = await tool.plan?.(parsed, world, context)
    const result = await tool.run(parsed, world, context, planned?.prepared)
    return { text: result.forModel.map((block) => ("text" in block ? block.text : "")).join(""), result }
  } catch (error) {
    return { text: error instanceof Error ? error.message : String(error), result: undefined }
  }
}

test("a map of a part is asked for with the whole workspace beside it, without what a search would not read", async () => {
  expect((await run(repoMap, { path: "src", focus: ["put"] })).text).toBe("src/a.ts\n 3: function put()")
  expect(asked[0]?.wanted).toEqual({ tokensMax: 2_000, focus: ["put"], within: "src" })
  expect(asked[0]?.tree?.root).toBe(cwd)
  expect(asked[0]?.tree?.files.toSorted()).toEqual(["node_modules/x/index.js", "notes.txt", "src/a.ts", "src/b.ts"])
})

test("an answer that does not rest on all files says so", async () => {
  const partly = { ...port, map: async () => ({ filesAll: 9, filesRead: 4, text: "a", files: 1, definitions: 1 }) }
  expect((await run(repoMap, {}, { outline: partly })).text).toEndWith(
    "(read 4 of 9 files so far; the same call again goes on from there)",
  )
  const none = { ...port, map: async () => ({ filesAll: 0, filesRead: 0, text: "", files: 0, definitions: 0 }) }
  expect((await run(repoMap, {}, { outline: none })).text).toContain("no file here is in a language")
})

test("a file's symbols are shown with their lines, nested", async () => {
  expect((await run(symbols, { path: "src/a.ts" })).text).toBe("3-9: function put()\n  4: function put()")
  expect((await run(symbols, { path: "notes.txt" })).text).toContain("no grammar of its language")
  expect((await run(symbols, { path: "src" })).text).toContain("it is a folder")
  expect((await run(symbols, { path: "gone.ts" })).text).toContain("nothing is there")
})

test("a symbol is found by name below a folder, as path, line and kind", async () => {
  expect((await run(symbols, { name: "put", path: "src", limit: 5 })).text).toBe("src/a.ts:3: function put()")
  expect(asked[0]?.wanted).toEqual({ name: "put", kind: undefined, within: "src", limit: 6 })
})

test("a graph is edges as text, or mermaid in which no name is syntax", async () => {
  expect((await run(codeGraph, { path: "src" })).text).toBe(
    'src/"a".ts imports src/b.ts\n(more than is shown; limit is 80 edges)',
  )
  expect((await run(codeGraph, { symbol: "put", format: "mermaid" })).text).toStartWith(
    'flowchart LR\n  n0["src/#34;a#34;.ts"]\n  n1["src/b.ts"]\n  n0 -->|imports| n1\n',
  )
  expect(asked.map(({ wanted }) => wanted)).toMatchObject([{ of: { path: "src" } }, { of: { symbol: "put" } }])
  expect((await run(codeGraph, {})).text).toContain("name a path")
})

test("what is outside of the workspace is a tree of its own, and its paths are told from the folder", async () => {
  const other = join(base, "other")
  mkdirSync(other)
  writeFileSync(join(other, "o.ts"), "x\n")
  const { text, result } = await run(repoMap, { path: other })
  expect(asked[0]?.tree).toEqual({ root: other, files: ["o.ts"] })
  expect(text).toContain(`(paths are from ${other}/)`)
  expect(result?.provenance?.isTrusted).toBe(false)
})

test("without a reader of code the tools say that there is none", async () => {
  expect((await run(repoMap, {}, { outline: undefined })).text).toBe("Cannot read code for its definitions here.")
})
