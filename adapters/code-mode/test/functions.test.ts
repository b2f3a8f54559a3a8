import { expect, test } from "bun:test"
import { functionsOf, matching, modulesOf } from "../src/functions.ts"

const tool = (name: string, description = "") => ({
  ...{ name, description, inputSchema: { type: "object" } },
  ...{ kind: "other" as const, isDeferred: true, isConcurrent: false, timeoutMs: 1_000 },
})
const functions = functionsOf([
  tool("mcp__github__search", "Finds code"),
  tool("mcp__github__se-arch"),
  tool("mcp__github__se_arch"),
  tool("toolbox__delete"),
])

test("a tool is a function of its server's module, whose name can be written", () => {
  expect(functions.map(({ module, name }) => `${module} ${name}`)).toEqual([
    "servers/github search",
    "servers/github se_arch",
    "servers/github se_arch2",
    "toolbox _delete",
  ])
})

test("a module is plain JavaScript that runs, and calls the tool by the model's name", async () => {
  const module = modulesOf(functions)["servers/github.js"] ?? ""
  const made = new Function("globalThis", `${module.replaceAll("export ", "")}; return { search, se_arch2 }`)
  const { search, se_arch2 } = made({ call: (name: string, input: unknown) => [name, input] })
  expect(search({ words: "x" })).toEqual(["mcp__github__search", { words: "x" }])
  expect(se_arch2()).toEqual(["mcp__github__se_arch", {}])
})

test("a quote in a tool's name stays within its quotes", () => {
  const evil = functionsOf([tool('mcp__a__x"); globalThis.bad = 1; ("')])
  const module = modulesOf(evil)["servers/a.js"] ?? ""
  const world: { bad?: number; call: () => void } = { call: () => undefined }
  new Function("globalThis", module.replaceAll("export ", ""))(world)
  expect(world.bad).toBeUndefined()
})

test("those that have the words in their names come first", () => {
  expect(matching(functions, "search code")[0]?.name).toBe("search")
  expect(matching(functions, "zebra")).toEqual([])
})
