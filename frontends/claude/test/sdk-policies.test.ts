import { expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { createSdkMcpServer, type McpServerToolPolicy, type Options, tool } from "@anthropic-ai/claude-agent-sdk"
import * as z from "@skein/protocol/schema"
import { isMissing, real, resultOf, talked } from "./real.ts"

const host = real((prompt) => {
  const [, path] = /write (\S+)/.exec(prompt) ?? []
  if (path !== undefined) return { text: "I will.", call: { name: "write", input: { path, content: "made\n" } } }
  if (prompt.includes("add them")) return { text: "", call: { name: "mcp__calc__add", input: { a: 40, b: 2 } } }
  if (prompt.includes("too busy") && modelOf(host.sent.at(-1)).includes("sonnet")) return { status: 529 }
  return { text: "Hello there friend" }
})
const modelOf = (body = "{}"): string => JSON.parse(body).model
const toolNames = (): readonly string[] =>
  JSON.parse(host.sent.at(-1) ?? "{}").tools.map(({ name }: { name: string }) => name)

function calc(policies: McpServerToolPolicy[] = []) {
  const calls: unknown[] = []
  const add = tool("add", "Add two numbers", { a: z.number(), b: z.number() }, async ({ a, b }) => {
    calls.push([a, b])
    return { content: [{ type: "text", text: `The sum is ${a + b}.` }] }
  })
  const server = createSdkMcpServer({ name: "calc", version: "1.0.0", tools: [add] })
  return { calls, server: { ...server, tools: policies } }
}

const ALL: Partial<Options> = { permissionMode: "bypassPermissions", allowDangerouslySkipPermissions: true }

test.skipIf(isMissing)("a tool of a server that the host denies never runs, whatever the mode allows", async () => {
  const denied = calc([{ name: "add", permission_policy: "always_deny" }])
  await host.all("add them", { mcpServers: { calc: denied.server }, ...ALL })
  const free = calc()
  await host.all("add them", { mcpServers: { calc: free.server }, ...ALL })
  expect([denied.calls, free.calls]).toEqual([[], [[40, 2]]])
})

test.skipIf(isMissing)("one that is always asked about is asked about though allowedTools has it", async () => {
  const asked: string[] = []
  const canUseTool = async (name: string, input: Record<string, unknown>) => {
    asked.push(name)
    return { behavior: "allow" as const, updatedInput: input }
  }
  const { calls, server } = calc([{ name: "add", permission_policy: "always_ask" }])
  await host.all("add them", { mcpServers: { calc: server }, allowedTools: ["mcp__calc__add"], canUseTool })
  expect([asked, calls]).toEqual([["mcp__calc__add"], [[40, 2]]])
})

test.skipIf(isMissing)("servers that are set anew bring their policies, and those of before are over", async () => {
  const { calls, server } = calc()
  const denied = { ...server, tools: [{ name: "add", permission_policy: "always_deny" as const }] }
  const ran: number[] = []
  await talked(
    (prompts) => host.start(prompts, { mcpServers: { calc: denied }, ...ALL }),
    [
      "add them",
      async (lines) => {
        ran.push(calls.length)
        await lines.setMcpServers({ calc: server })
      },
      "add them",
      async (lines) => {
        ran.push(calls.length)
        await lines.setMcpServers({ calc: denied })
      },
      "add them",
    ],
  )
  expect([...ran, calls.length]).toEqual([0, 1, 1])
})

test.skipIf(isMissing)(
  "a tool that a server of the host gains while it runs is there with the next prompt",
  async () => {
    const { server } = calc()
    const listed: (readonly string[])[] = []
    await talked(
      (prompts) => host.start(prompts, { mcpServers: { calc: server } }),
      [
        "hello",
        async (lines) => {
          listed.push(toolNames())
          // The SDK's server tells of it by itself, with notifications/tools/list_changed.
          server.instance.registerTool("multiply", { description: "Multiply" }, async () => ({ content: [] }))
          while (!JSON.stringify(await lines.mcpServerStatus()).includes("multiply"));
        },
        "hello again",
      ],
    )
    listed.push(toolNames())
    expect(listed.map((names) => names.filter((name) => name.startsWith("mcp__calc__")).toSorted())).toEqual([
      ["mcp__calc__add"],
      ["mcp__calc__add", "mcp__calc__multiply"],
    ])
  },
)

test.skipIf(isMissing)(
  "fallbackModel answers where the model is too busy",
  async () => {
    const before = host.sent.length
    const messages = await host.all("too busy", { fallbackModel: "claude-haiku-4-5" })
    const asked = host.sent.slice(before).map(modelOf)
    expect(resultOf(messages)).toMatchObject({ subtype: "success", result: "Hello there friend" })
    expect([asked[0], asked.at(-1)]).toEqual(["claude-sonnet-4-5", "claude-haiku-4-5"])
  },
  60_000,
)

test.skipIf(isMissing)(
  "with another tool for prompts than stdio, what must be asked is refused, and that is said; so is what is not read",
  async () => {
    const heard: string[] = []
    const messages = await host.all("write asked.txt", {
      ...{ permissionPromptToolName: "mcp__host__ask", stderr: (text: string) => void heard.push(text) },
      ...{ taskBudget: { total: 10_000 }, toolConfig: { askUserQuestion: { previewFormat: "html" } } },
      ...{ betas: ["context-1m-2025-08-07"], debug: true },
    })
    expect(existsSync(join(host.cwd, "asked.txt"))).toBe(false)
    expect(resultOf(messages).permission_denials).toMatchObject([{ tool_name: "Write" }])
    const said = heard.join("")
    for (const word of ["--permission-prompt-tool: only stdio", "--task-budget", "toolConfig", "--betas"]) {
      expect(said).toContain(word)
    }
  },
)
