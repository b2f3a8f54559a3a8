import { expect, test } from "bun:test"
import { BUILTINS } from "../builtins.ts"
import { SCHEMAS } from "../schemas.ts"
import { fit } from "./fit.ts"

/** Inputs near every edge of every built-in tool's schema. */
const VALUES: readonly unknown[] = [
  undefined,
  null,
  true,
  "",
  "a",
  "x".repeat(1_001),
  "content",
  "never",
  0,
  1,
  -1,
  1.5,
  20,
  21,
  2_000,
  2_001,
  1e15,
  Number.NaN,
  { accept: "text/plain" },
  { "not a token": "x" },
  { accept: "a\nb" },
  ["EXAMPLE.org"],
  [],
  [{}],
  [{ oldText: "a", newText: "b" }],
  [{ oldText: "a", newText: "b", replaceAll: "yes" }],
  {},
]

test("what fits, and what it becomes, is what the schema library says", () => {
  let compared = 0
  for (const tool of BUILTINS) {
    const schema = SCHEMAS[tool.name] ?? {}
    const properties = Object.keys(schema.properties ?? {})
    const base = {
      path: "p",
      content: "c",
      oldText: "a",
      newText: "b",
      edits: [{ oldText: "a", newText: "b" }],
      pattern: "p",
      command: "c",
    }
    const valid = Object.fromEntries(Object.entries(base).filter(([key]) => schema.required?.includes(key)))
    for (const input of [
      ...VALUES,
      valid,
      { ...valid, surprise: 1 },
      ...properties.flatMap((key) => VALUES.map((value) => ({ ...valid, [key]: value }))),
    ]) {
      const expected = tool.input().safeParse(input)
      expect({ tool: tool.name, input, is: fit(input, schema)?.value }).toEqual({
        tool: tool.name,
        input,
        is: expected.success ? expected.data : undefined,
      })
      compared += 1
    }
  }
  expect(compared).toBeGreaterThan(600)
})

test("a keyword that is not known fits nothing", () => {
  expect(fit("a", { type: "string", format: "email" })).toBeUndefined()
})
