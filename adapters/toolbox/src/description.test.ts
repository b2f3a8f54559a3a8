import { expect, test } from "bun:test"
import { describedBy, fromObject, frontComment } from "./description.ts"

test("a script of Amp's toolboxes says what it is in lines, and is then given lines", () => {
  const told = describedBy(
    "name: run_tests\ndescription: Runs the tests\n of a folder.\ndir: string the folder\nfilter: string? which\nall: boolean (optional) every one\nlike: which they are\n",
    "x",
  )
  expect(told).toEqual({
    name: "run_tests",
    description: "Runs the tests of a folder.",
    input: "lines",
    inputSchema: {
      type: "object",
      properties: {
        dir: { type: "string", description: "the folder" },
        filter: { type: "string", description: "which" },
        all: { type: "boolean", description: "every one" },
        like: { type: "string", description: "which they are" },
      },
      required: ["dir", "like"],
    },
  })
})

test("or in JSON, with args or a schema, and is then given JSON", () => {
  const args = describedBy(
    '{"name":"t","description":"Tests.","args":{"dir":["string","the folder"],"n":"number?"}}',
    "x",
  )
  expect(args).toEqual({
    ...{ name: "t", description: "Tests.", input: "json" },
    inputSchema: {
      type: "object",
      properties: { dir: { type: "string", description: "the folder" }, n: { type: "number", description: "" } },
      required: ["dir"],
    },
  })
  const inputSchema = { type: "object", properties: { deep: { type: "object" } } }
  expect(fromObject({ description: "Tests.", inputSchema, effects: ["read"], timeout: 5 }, "beside")).toEqual({
    ...{ name: "beside", description: "Tests.", input: "json", inputSchema, effects: ["read"], timeoutMs: 5_000 },
  })
})

test("a front comment is one only where it says so, and ends where the comment does", () => {
  const source = "#!/bin/sh\n# skein tool\n# description: Counts.\n# effects: read, network\n\n# name: no\necho"
  expect(frontComment(source, "count")).toEqual({
    ...{ name: "count", description: "Counts.", input: "json", effects: ["read", "network"] },
    inputSchema: { type: "object", properties: {} },
  })
  expect(frontComment("// skein tool\n// description: Counts.", "ts")).toMatchObject({ name: "ts" })
  expect(frontComment("#!/bin/sh\n# a tool of mine\n# name: x", "x")).toBeUndefined()
})

test("what cannot be used says why", () => {
  expect(describedBy("", "x")).toContain("it printed nothing")
  expect(describedBy("{oops", "x")).toContain("no JSON")
  expect(describedBy("name: a b\ndescription: c", "x")).toContain("its name")
  expect(describedBy("name: a", "x")).toContain("what it is for")
  expect(fromObject({ description: "a", effects: ["all"] }, "x")).toContain('"all" is none of read, write, network')
  const inputSchema = { type: "object", description: "x".repeat(20_000) }
  expect(fromObject({ description: "a", inputSchema }, "x")).toContain("too much")
})
