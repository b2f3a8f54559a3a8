import { expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { say, testEngine } from "@skein/testkit"
import { SURFACE, type SurfaceRow } from "../src/surface.ts"
import { served } from "./client.ts"
import { methodsOf, type Surface, stableSurface, unstableSurface } from "./schema.ts"
import { modelBy } from "./scripts.ts"

const idsOf = ({ methods, updates, prompts, contents }: Surface) => [
  ...methods,
  ...updates.map((kind) => `update:${kind}`),
  ...prompts.map((kind) => `prompt:${kind}`),
  ...contents.map((kind) => `content:${kind}`),
]
const rows = (isUnstable: boolean) => SURFACE.filter((row) => (row.isUnstable === true) === isUnstable)
const ids = (of: readonly SurfaceRow[]) => of.map(({ id }) => id).filter((id) => !id.startsWith("mcp:"))

test("the table has a row for each method, update, and block of the protocol's schemas, and for nothing else", () => {
  expect(ids(rows(false)).toSorted()).toEqual(idsOf(stableSurface()).toSorted())
  expect(ids(rows(true)).toSorted()).toEqual(idsOf(unstableSurface()).toSorted())
  expect(SURFACE.filter(({ holds, why }) => (holds === "yes") !== (why === undefined))).toEqual([])
})

/** The number of the error that a method without params is answered with; 0 for none. */
async function codesOf(methods: readonly string[]): Promise<Record<string, number>> {
  const pipe = served(testEngine(modelBy({ hello: [say("Hi")] })))
  for (const method of methods) pipe.write(JSON.stringify({ jsonrpc: "2.0", id: method, method, params: {} }))
  pipe.end()
  const codes: Record<string, number> = {}
  for await (const line of pipe.lines) {
    const { id, error } = JSON.parse(line)
    codes[String(id)] = error?.code ?? 0
  }
  await pipe.exited
  return codes
}

test("a method that does not hold is unknown, and every one that does is known", async () => {
  const asked = methodsOf("agent")
  const codes = await codesOf(asked)
  const unknown = asked.filter((method) => codes[method] === -32601)
  const noRows = SURFACE.filter(({ id, holds }) => holds === "no" && asked.includes(id)).map(({ id }) => id)
  expect(unknown.toSorted()).toEqual(noRows.toSorted())
})

test("what the agent says by itself is in its code where it holds, and nowhere where it does not", () => {
  const folder = join(import.meta.dir, "../src")
  const files = readdirSync(folder).filter((name) => name !== "surface.ts" && !name.endsWith(".test.ts"))
  const code = files.map((name) => readFileSync(join(folder, name), "utf8")).join("\n")
  const said = SURFACE.filter(({ id }) => methodsOf("client").includes(id) || /^(update|content):/.test(id))
  const isWrong = ({ id, holds }: SurfaceRow) => code.includes(`"${id.replace(/^\w+:/, "")}"`) === (holds === "no")
  expect(said.filter(isWrong).map(({ id }) => id)).toEqual([])
})
