import { afterEach, beforeEach, expect, test } from "bun:test"
import { CallDefect, type CallPlan, type CapabilityProvider, type Place, type ToolFacts } from "@skein/core/ports"
import { localFiles, tools } from "../src/index.ts"
import { type ToolSession, toolSession } from "./session.ts"

let session: ToolSession
beforeEach(() => {
  session = toolSession()
})
afterEach(() => session.close())

const world = { files: localFiles(), exec: undefined as never, shell: undefined as never, ripgrep: async () => "rg" }
const inputSchema = { type: "object", properties: { city: { type: "string" } } }

/** One that says what it was asked. */
function speaking(id: string, rows: readonly Partial<ToolFacts>[], more: Partial<CapabilityProvider> = {}) {
  const facts: ToolFacts[] = rows.map((row) => ({
    ...{
      name: `${id}__now__tell`,
      description: "Tells.",
      inputSchema,
      kind: "other",
      isConcurrent: true,
      timeoutMs: 1,
    },
    ...row,
  }))
  const provider: CapabilityProvider = {
    id,
    discover: ({ cwd }) => (cwd === "/elsewhere" ? [] : facts),
    owns: (name) => name.startsWith(`${id}__`),
    describe: (name) => ({ title: `${id} does ${name}`, kind: "other", locations: [] }),
    plan: async (name, input): Promise<CallPlan> => ({
      ...{ name, input, effects: [{ kind: "none" }], actions: [], isConcurrent: true, digest: name, timeoutMs: 1 },
    }),
    run: async ({ name, input }) => ({ forModel: [{ type: "text", text: `${name} ${JSON.stringify(input)}` }] }),
    ...more,
  }
  return provider
}

const allows = () => true

test("a protocol that is registered is told of, planned, shown and run like the built-in tools", async () => {
  const registry = tools(world, { definitions: [], providers: [speaking("weather", [{}])] })
  const place: Place = session.context
  expect(registry.offered({ allows, place }).map(({ name }) => name)).toEqual(["weather__now__tell"])
  expect(registry.list(place).map(({ name }) => name)).toEqual(["weather__now__tell"])
  expect(registry.describe("weather__now__tell", {}, "/w").title).toBe("weather does weather__now__tell")
  const plan = await registry.plan("weather__now__tell", { city: "Bern" }, session.context)
  const result = await registry.run(plan, session.context)
  expect(result.forModel).toEqual([{ type: "text", text: 'weather__now__tell {"city":"Bern"}' }])
  expect(result.provenance).toEqual({ source: "weather__now__tell", isTrusted: false })
})

test("what a place does not have is not told of there, and without a place only the built-in tools are", () => {
  const registry = tools(world, { definitions: [], providers: [speaking("weather", [{}])] })
  expect(registry.offered({ allows, place: { cwd: "/elsewhere" } })).toEqual([])
  expect(registry.offered({ allows })).toEqual([])
  expect(registry.list()).toEqual([])
})

test("a row with a summary is a line of the tool that calls by name, told of with its schema, and run by it", async () => {
  const rows = [{ summary: "tells the weather" }]
  const registry = tools(world, { definitions: [], providers: [speaking("weather", rows)] })
  const [called] = registry.offered({ allows, place: session.context })
  expect(called?.description).toEndWith("\nweather__now__tell: tells the weather")
  const telling = await registry.plan("call_tool", { name: "weather__now__tell" }, session.context)
  const told = await registry.run(telling, session.context)
  expect(told.forModel).toEqual([
    { type: "text", text: `weather__now__tell\nTells.\nInput: ${JSON.stringify(inputSchema)}` },
  ])
  const plan = await registry.plan("call_tool", { name: "weather__now__tell", input: {} }, session.context)
  expect(plan.name).toBe("weather__now__tell")
  expect(plan.callInput?.({ city: "Genf" })).toEqual({ name: "weather__now__tell", input: { city: "Genf" } })
})

test("the same offer gives the same objects until a provider has others; the first that owns a name has it", async () => {
  let specs = [{ name: "mcp", description: "One for all.", inputSchema: {} }]
  const first = speaking("mcp", [{}], { offered: () => specs })
  const registry = tools(world, { definitions: [], providers: [first, speaking("mcp", [{}])] })
  const offer = { allows, place: session.context }
  const before = registry.offered(offer)
  expect(before.map(({ name }) => name)).toEqual(["mcp__now__tell", "mcp"])
  expect(registry.offered(offer)).toBe(before)
  specs = [{ name: "mcp", description: "One for all, changed.", inputSchema: {} }]
  expect(registry.offered(offer).at(-1)?.description).toBe("One for all, changed.")
  const unknown = registry.plan("nobody__knows__it", {}, session.context)
  expect(await unknown.catch((error: unknown) => error)).toBeInstanceOf(CallDefect)
})
