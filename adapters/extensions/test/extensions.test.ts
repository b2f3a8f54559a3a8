import { expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { nested, SESSION, scene } from "./scene.ts"

const HANG_MS = 60_000
const WHOLE = `
import { defineExtension, defineTool } from "@skein/extension"
const count = defineTool({
  name: "count", description: "Count", effects: ["read"],
  input: { type: "object", properties: { words: { type: "array", items: { type: "string" } } }, required: ["words"] },
  async run({ words }, { progress, storage, files, ask, call }) {
    progress("counting")
    const before = Number((await storage.get("count")) ?? 0)
    await storage.set("count", before + words.length)
    return [before + words.length, await files.read("a.ts"), await call("list", {}), await ask("Go on?", ["yes", "no"])].join("; ")
  },
})
const zod = { toJSONSchema: () => ({ type: "object", properties: { n: { type: "number" } } }), parse: (value: any) => ({ n: value.n * 2 }) }
export default defineExtension({
  tools: [count, defineTool({ name: "double", description: "Double", input: zod, run: (input: any) => ({ text: String(input.n), isError: true }) })],
  commands: [{ name: "hail", summary: "Hail  somebody", usage: "<name>", run: (args) => "Hail " + args }],
  hooks: {
    PreToolUse: { match: "edit|write*", run: ({ toolName }) => ({ decision: "deny", reason: "No " + toolName + "." }) },
    PostToolUse: () => ({ output: "less", context: "more" }),
    UserPromptSubmit: ({ prompt }) => (prompt === "bad" ? { block: "Not that." } : undefined),
    Stop: () => { throw new Error("torn") },
  },
})`

test(
  "a tool is told with its schema, called with what that describes, and does through skein what it is let",
  async () => {
    await using at = scene(WHOLE)
    await at.plan("count", { words: [] })
    const [count] = at.ext.provider.discover({ cwd: at.root })
    expect(count).toMatchObject({
      name: "ext__own__count",
      description: "Count",
      isConcurrent: true,
      timeoutMs: 60_000,
    })
    expect(count?.inputSchema).toMatchObject({ required: ["words"] })
    const context = {
      call: async (name: string, input: unknown) => nested(`${name} ${JSON.stringify(input)}`),
      askClient: async () => ({ answers: [{ chosen: ["yes"] }] }),
    }
    expect(await at.call("count", { words: ["a", "b"] }, context)).toBe('2; read {"path":"a.ts"}; list {}; yes')
    expect(at.progress).toEqual(["counting"])
    expect(existsSync(join(at.root, "data/storage/count.json"))).toBe(true)
    expect(await at.call("double", { n: 4 })).toBe("8")
  },
  HANG_MS,
)

test(
  "what extensions declare is known by their bytes, so that telling of them starts none",
  async () => {
    await using at = scene(WHOLE)
    await at.ext.provider.refresh?.({ cwd: at.root })
    expect(at.processes.started).toHaveLength(1)
    expect(at.processes.running()).toHaveLength(0)
    const again = at.again()
    expect(await again.prompts.list({ cwd: at.root })).toMatchObject([
      { name: "own:hail", summary: "Hail somebody", usage: "<name>", scope: "plugin" },
    ])
    expect((await again.hooks.list({ cwd: at.root })).hooks.map(({ event }) => event)).toContain("PreToolUse")
    expect(at.processes.started).toHaveLength(1)
    at.write(WHOLE.replace('name: "hail"', 'name: "greet"'))
    expect((await again.prompts.list({ cwd: at.root })).map(({ name }) => name)).toEqual(["own:greet"])
    expect(at.processes.started).toHaveLength(2)
  },
  HANG_MS,
)

test(
  "a command gives the prompt that it stands for",
  async () => {
    await using at = scene(WHOLE)
    const { signal } = new AbortController()
    const begun = await at.ext.prompts.expand("own:hail", "Ada", { cwd: at.root, sessionId: SESSION }, signal)
    expect(begun?.input).toEqual([{ type: "text", text: "Hail Ada" }])
    expect(await at.ext.prompts.expand("own:other", "", { cwd: at.root }, signal)).toBeUndefined()
  },
  HANG_MS,
)

test(
  "hooks say no, add and replace, each at its points and for its tools, and one that fails says nothing",
  async () => {
    await using at = scene(WHOLE)
    const denied = await at.hook({ event: "PreToolUse", toolName: "write_file" })
    expect(denied).toMatchObject({ decision: "deny", reason: "No write_file.", ran: [{ outcome: "blocked" }] })
    expect((await at.hook({ event: "PreToolUse", toolName: "read" })).ran).toEqual([])
    expect(await at.hook({ event: "PostToolUse", output: "long", durationMs: 1 })).toMatchObject({
      output: "less",
      context: "more",
    })
    expect(await at.hook({ event: "UserPromptSubmit", prompt: "bad" })).toMatchObject({
      block: { reason: "Not that." },
    })
    const torn = await at.hook({ event: "Stop", isHookActive: false })
    expect(torn).toMatchObject({ messages: [], ran: [{ outcome: "failed", message: "torn" }] })
    expect(torn.block).toBeUndefined()
  },
  HANG_MS,
)

test(
  "a hook can take away and never give",
  async () => {
    await using at = scene(
      `export default { hooks: { PreToolUse: () => ({ decision: "allow" }), Stop: () => ({ decision: "allow" }) } }`,
    )
    expect((await at.hook({ event: "PreToolUse" })).decision).toBeUndefined()
  },
  HANG_MS,
)

test(
  "a module that cannot be loaded is told once and left out",
  async () => {
    await using at = scene("throw new Error('torn')")
    await at.ext.provider.refresh?.({ cwd: at.root })
    await at.ext.provider.refresh?.({ cwd: at.root })
    expect(at.ext.provider.discover({ cwd: at.root })).toEqual([])
    expect(at.warned).toHaveLength(1)
    expect(at.warned[0]).toMatch(
      /^The extension own cannot be loaded: torn \(\/.*index\.ts:1\)\. It is left out\. Look: skein plugin dev /,
    )
    expect(at.processes.started).toHaveLength(1)
  },
  HANG_MS,
)

test(
  "what it declares badly is left out and told, and the rest is there",
  async () => {
    await using at = scene(`export const extension = {
      tools: [{ name: "a b", description: "", input: {} }, { name: "ok", description: "\\u202e", input: {}, run: () => "" }, { name: "ok", input: {} }],
      commands: [{ name: "Up", summary: "" }], hooks: { Never() {} } }`)
    await at.ext.provider.refresh?.({ cwd: at.root })
    expect(at.ext.provider.discover({ cwd: at.root }).map(({ name }) => name)).toEqual(["ext__own__ok"])
    expect(at.ext.provider.discover({ cwd: at.root })[0]?.description).not.toContain("\u202e")
    expect(at.warned).toEqual([
      'The extension own: A tool is left out: "a b" is no name of letters, digits and _.',
      "The extension own: A second tool ok is left out.",
      'The extension own: A command is left out: "Up" is no name of small letters, digits, - and _.',
      'The extension own: A hook is left out: there is no point "Never".',
    ])
  },
  HANG_MS,
)
