import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { CallDefect } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { rowOf } from "../scripts/row-of.ts"
import { AT_HAND } from "../src/at-hand.ts"
import { BUILTINS } from "../src/builtins.ts"
import { defineTool, localFiles, tools } from "../src/index.ts"
import { schemaOf } from "../src/input/schema.ts"
import { ROWS } from "../src/rows.ts"
import { SCHEMAS } from "../src/schemas.ts"
import { noSessions, type ToolSession, toolSession } from "./session.ts"

let session: ToolSession
beforeEach(() => {
  session = toolSession()
})
afterEach(() => session.close())

const world = { files: localFiles(), exec: undefined as never, shell: undefined as never, ripgrep: async () => "rg" }

describe("what the model is told of the tools", () => {
  test("the kept schemas and rows are the tools' own (else run scripts/schemas.ts)", () => {
    expect(SCHEMAS).toEqual(Object.fromEntries(BUILTINS.map((tool) => [tool.name, schemaOf(tool)])))
    expect(ROWS).toEqual(BUILTINS.map(rowOf))
    expect(BUILTINS.filter((tool) => tool.summary === undefined)).toEqual([...AT_HAND])
  })

  test("those of few sessions are loaded by their first call, and shown in full from then on", async () => {
    const registry = tools(world)
    const shown = () => registry.describe("call_tool", { name: "code_graph", input: { path: "src" } }, "/w")
    expect(shown()).toEqual({ tool: "code_graph", title: "code_graph", kind: "search", locations: [] })
    expect(registry.ready?.("read")).toBeUndefined()
    await registry.ready?.("call_tool")
    expect(shown()).toMatchObject({ title: "code_graph src", locations: ["/w/src"] })
    expect(registry.ready?.("call_tool")).toBeUndefined()
  })

  test("is the same bytes every time, within 10,900 bytes, each description within 2,048 characters, each line within 80", () => {
    const offer = { allows: () => true }
    const specs = JSON.stringify(tools(world).offered(offer))
    expect(JSON.stringify(tools(world).offered(offer))).toBe(specs)
    expect(Buffer.byteLength(specs)).toBeLessThan(10_900)
    expect(BUILTINS.filter(({ effects }) => effects.length === 0 || effects.includes("unknown"))).toEqual([])
    expect(BUILTINS.filter((tool) => tool.description.length > 2_048)).toEqual([])
    expect(BUILTINS.filter((tool) => (tool.summary ?? "").length > 80)).toEqual([])
    expect(
      tools(world)
        .list()
        .map((spec) => spec.name),
    ).toEqual([...new Set(BUILTINS.map((tool) => tool.name))])
  })
})

describe("a call that cannot be run says what would", () => {
  test("where room is short, six are offered in the same order, as the same objects, and the others still run", async () => {
    const registry = tools(world)
    const short = { profile: "compact", allows: () => true } as const
    const offered = registry.offered(short)
    expect(offered.map(({ name }) => name)).toEqual(["read", "write", "edit", "glob", "grep", "bash"])
    expect(offered).toBe(registry.offered(short))
    for (const { name } of offered) expect(registry.list().map((tool) => tool.name)).toContain(name)
    expect(registry.describe("tree", {}, "/").kind).toBe("search")
  })

  test("an unknown tool brings the nearest names", async () => {
    expect(await session.say("raed", {})).toContain('There is no tool "raed". Did you mean read?')
    const defect = await session.plan("zzz", {}).catch((error: unknown) => error)
    expect(defect instanceof CallDefect ? defect.code : defect).toBe("call.unknown_tool")
  })

  test("arguments that do not fit bring what is wrong and the expected shape", async () => {
    const said = await session.say("multiedit", { path: 5, edits: [] })
    expect(said).toContain("path")
    expect(said).toContain("edits")
    expect(said).toEndWith(
      "Expected: multiedit {path?: string, edits: [{path?: string, oldText: string, newText: string, replaceAll?: boolean}]}",
    )
    expect(await session.say("read", { path: "a", colour: "red" })).toContain("colour")
    expect(await session.say("read", "a")).toContain(
      "Expected: read {path: string, offset?: integer, limit?: integer, pages?: string}",
    )
    expect(await session.say("read", undefined)).toContain("path")
  })
})

describe("what a model plainly meant is taken", () => {
  test.each([
    ["another spelling", "read", { file_path: "a.txt" }, { path: "a.txt" }],
    ["null for nothing", "read", { path: "a.txt", offset: null, limit: undefined }, { path: "a.txt" }],
    ["a number as text", "read", { path: "a.txt", offset: "1" }, { path: "a.txt", offset: 1 }],
    ["a remark", "read", { path: "a.txt", explanation: "because" }, { path: "a.txt" }],
    ["arguments as text", "read", '{"path": "a.txt"}', { path: "a.txt" }],
    [
      "the words of another tool",
      "edit",
      { filePath: "a.txt", old_str: "a", new_string: "b", replace_all: "false" },
      { path: "a.txt", oldText: "a", newText: "b", replaceAll: false },
    ],
    [
      "a list as text",
      "multiedit",
      { path: "a.txt", edits: '[{"old_string": "a", "new_string": "b"}]' },
      { path: "a.txt", edits: [{ oldText: "a", newText: "b" }] },
    ],
    [
      "one for a list of one",
      "multiedit",
      { path: "a.txt", edits: { oldText: "a", newText: "b" } },
      { path: "a.txt", edits: [{ oldText: "a", newText: "b" }] },
    ],
  ])("%s", async (_, name, input, meant) => {
    session.put("a.txt", "a\n")
    expect((await session.plan(name, input)).input).toEqual(meant)
  })

  test("the text of strings is never touched, and a key that is there wins", async () => {
    const content = ' {"a": null} '
    expect((await session.plan("write", { path: "b", content, text: "x" }).catch(String)) as unknown).toContain("text")
    expect((await session.plan("write", { path: "b", content })).input).toEqual({ path: "b", content })
  })
})

describe("a plan's digest", () => {
  test("is the same for the same call, whatever the order of keys", async () => {
    session.put("a.txt", "a\n")
    const one = await session.plan("edit", { path: "a.txt", oldText: "a", newText: "b" })
    const two = await session.plan("edit", { newText: "b", path: "a.txt", oldText: "a" })
    expect(two.digest).toBe(one.digest)
  })

  test("is another for another input, target or content", async () => {
    session.put("a.txt", "a\n")
    const digests = new Set<string>()
    const add = async (input: unknown) => digests.add((await session.plan("edit", input)).digest)
    await add({ path: "a.txt", oldText: "a", newText: "b" })
    await add({ path: "a.txt", oldText: "a", newText: "c" })
    session.put("a.txt", "a\na2\n".replace("a2", "z"))
    await add({ path: "a.txt", oldText: "a", newText: "b" })
    expect(digests.size).toBe(3)
  })
})

describe("a tool that plans nothing", () => {
  const shy = defineTool<{ readonly word: string }>({
    name: "shy",
    description: "Does something.",
    input: () => z.strictObject({ word: z.string() }),
    kind: "other",
    effects: ["unknown"],
    title: ({ word }) => `shy ${word}`,
    run: async () => ({ forModel: [{ type: "text", text: "done" }] }),
  })
  const port = tools(world, { definitions: [shy], schemaOf })
  const context = {
    sessionId: "ses_a",
    callId: "cal_a",
    cwd: "/",
    roots: ["/"],
    sandbox: "read-only",
    sessions: noSessions,
    askClient: () => Promise.reject(new Error("Nobody is asked")),
    observed: () => undefined,
    signal: new AbortController().signal,
    progress: () => {},
  } as const

  test("is taken as the worst: unknown effect, alone, untrusted", async () => {
    const plan = await port.plan("shy", { word: "x" }, context)
    expect([plan.effects, plan.actions, plan.isConcurrent]).toEqual([
      [{ kind: "unknown" }],
      [{ verb: "run", target: "shy x" }],
      false,
    ])
    expect((await port.run(plan, context)).provenance).toEqual({ source: "shy", isTrusted: false })
  })

  test("may be declared as anything, and what does more than its tool declares is our mistake; doing nothing never is", async () => {
    const declaring = (...effects: (typeof shy)["effects"][number][]) => {
      const read = { kind: "read", paths: ["/a"], isInside: true } as const
      const plan = async () => ({ effects: [{ kind: "none" } as const, read], actions: [], prepared: undefined })
      const definitions = [
        { ...shy, effects },
        { ...shy, name: "bold", effects, plan },
      ]
      return tools(world, { definitions, schemaOf })
    }
    const said = (port: ReturnType<typeof tools>, name: string) =>
      port.plan(name, { word: "x" }, context).then((plan) => plan.effects.length, String)
    expect(await said(declaring("unknown"), "bold")).toBe(2)
    expect(await said(declaring("read"), "bold")).toBe(2)
    expect(await said(declaring("write", "network"), "bold")).toBe(
      "Error: The tool bold planned the effect read, and declares write, network",
    )
    expect(await said(declaring("read"), "shy")).toBe(
      "Error: The tool shy planned the effect unknown, and declares read",
    )
  })

  test("stops being waited for when its call is stopped", async () => {
    const stuck = defineTool({ ...shy, run: () => new Promise<never>(() => {}) })
    const stop = new AbortController()
    const stuckPort = tools(world, { definitions: [stuck], schemaOf })
    const plan = await stuckPort.plan("shy", { word: "x" }, context)
    const run = stuckPort.run(plan, { ...context, signal: stop.signal }).catch((error: unknown) => error)
    stop.abort(new Error("stopped"))
    expect(String(await run)).toBe("Error: stopped")
  })
})

test("a call is described without looking at the world, its paths as from the session's folder", () => {
  const port = tools(world)
  expect(port.describe("edit", { file_path: "/w/a.ts", oldText: "a", newText: "b" }, "/w")).toMatchObject({
    title: "edit a.ts",
    kind: "edit",
    locations: ["/w/a.ts"],
  })
  expect(port.describe("read", { path: "a.ts", offset: 5, limit: 10 }, "/w")).toMatchObject({
    title: "read a.ts:5-14",
    kind: "read",
    locations: ["/w/a.ts"],
  })
  expect(port.describe("edit", null, "/w")).toMatchObject({ title: "edit", kind: "edit", locations: [] })
  expect(port.describe("nope", {}, "/w")).toMatchObject({ title: "nope", kind: "other", locations: [] })
})

describe("a tool that few sessions need", () => {
  const tool = (name: string, summary?: string) =>
    defineTool<{ readonly text: string }>({
      ...{ name, summary, description: `Says ${name}.`, kind: "other", effects: ["none"] },
      input: () => z.strictObject({ text: z.string().describe("What to say.") }),
      title: ({ text }) => `${name} ${text}`,
      plan: async () => ({ effects: [{ kind: "none" }], actions: [], prepared: undefined }),
      run: async ({ text }) => ({ forModel: [{ type: "text", text: `${name}: ${text}` }] }),
    })
  const definitions = [tool("often"), tool("seldom", "says it, seldom"), tool("hardly", "says it, hardly")]
  const registry = tools(world, { definitions, schemaOf })
  const all = { allows: () => true }

  test("is a line of the one that calls it by name, unless the session chose its tools or wants all of them", () => {
    const [often, called, ...others] = registry.offered(all)
    expect([often?.name, called?.name, others]).toEqual(["often", "call_tool", []])
    expect(called?.description).toEndWith("\nseldom: says it, seldom\nhardly: says it, hardly")
    expect(registry.offered(all)).toBe(registry.offered({ allows: (name) => name !== "nothing" }))
    const names = (offer: Parameters<typeof registry.offered>[0]) => registry.offered(offer).map(({ name }) => name)
    expect(names({ allows: (name) => name === "seldom", isChosen: true })).toEqual(["seldom"])
    expect(names({ allows: (name) => name !== "hardly" })).toEqual(["often", "call_tool"])
    expect(registry.offered({ allows: (name) => name !== "hardly" })[1]?.description).not.toContain("hardly")
    const full = tools(world, { definitions, schemaOf, isAllInFull: true })
    expect(full.offered(all).map(({ name }) => name)).toEqual(["often", "seldom", "hardly"])
  })

  test("is told of without input, runs with it, and is planned and shown as itself", async () => {
    const context = session.context
    const run = async (input: unknown) => registry.run(await registry.plan("call_tool", input, context), context)
    const text = async (input: unknown) =>
      (await run(input)).forModel.map((part) => (part.type === "text" ? part.text : ""))
    expect(await text({ name: "seldom" })).toEqual(["seldom {text: string}\nSays seldom.\ntext: What to say."])
    expect(await text({ name: "seldom", input: { text: "now" } })).toEqual(["seldom: now"])
    expect(await text({ name: "seldom", arguments: { text: "now" } })).toEqual(["seldom: now"])
    expect((await registry.plan("call_tool", { name: "seldom", input: { text: "now" } }, context)).name).toBe("seldom")
    const plan = await registry.plan("call_tool", { name: "seldom", input: { text: "now" } }, context)
    const again = await registry.plan("call_tool", plan.callInput?.(plan.input), context)
    expect([again.name, again.digest]).toEqual(["seldom", plan.digest])
    expect(registry.describe("call_tool", { name: "seldom", input: { text: "now" } }, "/")).toMatchObject({
      ...{ tool: "seldom", title: "seldom now" },
    })
  })

  test("that is not there, or called with what does not fit, is refused with what is; it never calls itself", async () => {
    const refused = async (input: unknown) =>
      registry.plan("call_tool", input, session.context).then(
        () => "planned",
        (error: unknown) => (error instanceof CallDefect ? error.message : "another error"),
      )
    expect(await refused({ name: "sedlom" })).toContain("Did you mean seldom?")
    expect(await refused({ name: "seldom", input: { txt: 1 } })).toContain("Expected: seldom {text: string}")
    for (const wrong of [{}, { name: "" }, { name: "call_tool", input: { name: "often" } }, 5, null])
      expect(await refused(wrong)).toContain("takes the name of a tool")
  })
})
