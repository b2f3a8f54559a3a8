import { afterAll, beforeAll, expect, test } from "bun:test"
import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createSdkMcpServer, type SDKMessage, tool } from "@anthropic-ai/claude-agent-sdk"
import * as z from "@skein/protocol/schema"
import { anthropic, type Reply } from "@skein/testkit/providers"
import { drive } from "./with-agent.ts"

/** The built program. `npm test` builds it first. */
const agent = join(import.meta.dir, "../../../dist/skein")
const isMissing = !existsSync(agent)
if (isMissing) console.warn("Skipped: servers of the SDK against the real program, because dist/skein is not built.")

let cwd = ""
let provider: ReturnType<typeof anthropic> | undefined
/** Before it, for what is sent there. */
let recorder: Bun.Server<undefined> | undefined
const sent: string[] = []
beforeAll(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), "skein-sdk-servers-")))
  provider = anthropic(
    (prompt): Reply =>
      prompt.includes("hand it on")
        ? { text: "", call: { name: "task", input: { agent: "general", description: "add", prompt: "add them" } } }
        : prompt.includes("add them")
          ? { text: "", call: { name: "mcp__calc__add", input: { a: 40, b: 2 } } }
          : { text: "Hello there friend" },
  )
  recorder = Bun.serve({
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url)
      const body = await request.text()
      sent.push(body)
      const headers = { "content-type": "application/json" }
      return fetch(`${provider?.url}${pathname}`, { method: "POST", body, headers })
    },
  })
})
afterAll(() => {
  recorder?.stop(true)
  provider?.stop()
  rmSync(cwd, { recursive: true, force: true })
})

test.skipIf(isMissing)("a server that lives in the host is told to the model, and its tools run there", async () => {
  const calls: unknown[] = []
  const add = tool("add", "Add two numbers", { a: z.number(), b: z.number() }, async ({ a, b }) => {
    calls.push([a, b])
    return { content: [{ type: "text", text: `The sum is ${a + b}.` }] }
  })
  const options = {
    model: "claude-sonnet-4-5",
    mcpServers: { calc: createSdkMcpServer({ name: "calc", version: "1.0.0", tools: [add] }) },
    allowedTools: ["mcp__calc__add"],
  }
  const env = {
    ANTHROPIC_BASE_URL: recorder?.url.origin ?? "",
    ANTHROPIC_API_KEY: "none",
    SKEIN_HOME: join(cwd, ".home"),
  }
  const messages: SDKMessage[] = []
  for await (const line of drive("add them", { agent, cwd, env, options })) messages.push(line)

  expect(calls).toEqual([[40, 2]])
  expect(messages.find((line) => line.type === "system" && line.subtype === "init")).toMatchObject({
    mcp_servers: [{ name: "calc", status: "connected" }],
  })
  expect(JSON.stringify(messages.filter((line) => line.type === "user"))).toContain("The sum is 42.")
  expect(messages.findLast((line) => line.type === "result")).toMatchObject({ is_error: false, permission_denials: [] })
  // From the first request on, and in full.
  expect(sent[0]).toContain("mcp__calc__add")
})

test.skipIf(isMissing)("a sub-agent has the host's servers as its parent has", async () => {
  const calls: unknown[] = []
  const add = tool("add", "Add two numbers", { a: z.number(), b: z.number() }, async ({ a, b }) => {
    calls.push([a, b])
    return { content: [{ type: "text", text: `The sum is ${a + b}.` }] }
  })
  const options = {
    model: "claude-sonnet-4-5",
    mcpServers: { calc: createSdkMcpServer({ name: "calc", version: "1.0.0", tools: [add] }) },
    allowedTools: ["mcp__calc__add"],
  }
  const env = {
    ...{ ANTHROPIC_BASE_URL: recorder?.url.origin ?? "", ANTHROPIC_API_KEY: "none" },
    SKEIN_HOME: join(cwd, ".home"),
  }
  for await (const _ of drive("hand it on", { agent, cwd, env, options }));
  expect(calls).toEqual([[40, 2]])
})
