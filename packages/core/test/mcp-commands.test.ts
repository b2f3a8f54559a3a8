import { expect, test } from "bun:test"
import type { McpServerInfo } from "@skein/protocol"
import { say, scriptedModel } from "@skein/testkit"
import type { McpPort, PassToClient } from "../src/ports/index.ts"
import { type Scene, scene } from "./scene.ts"

const info = (name: string, over: Partial<McpServerInfo> = {}): McpServerInfo => ({
  ...{ name, state: "idle", transport: "stdio", target: name, scope: "user", tools: [], promptsCount: 0 },
  ...{ resourcesCount: 0, contextTokens: 0, ...over },
})

const LOG = { name: "log", description: "Shows\nthe log.", isReadOnlyHinted: true, isEnabled: true, tokens: 9 }

async function withServers(servers: readonly McpServerInfo[]) {
  const done: string[] = []
  const mcp: McpPort = {
    servers: async () => servers,
    control: async (name, action) => {
      done.push(`${action} ${name}`)
      return info(name)
    },
    bring: async (_, brought) => void done.push(`brought ${brought.map(({ name }) => name).join(" ")}`),
    inherit: () => undefined,
  }
  return { ...(await scene(scriptedModel(say("hi")), { mcp })), done }
}

const resolve = ({ engine, id }: Scene, args: string) =>
  engine.ask({ type: "command.resolve", sessionId: id, name: "mcp", args })

test("/mcp lists servers with their states, and what is chosen is the next thing to do with one", async () => {
  const git = info("git", { state: "connected", tools: [LOG], contextTokens: 1200 })
  const given = await withServers([git, info("new"), info("off", { state: "disabled", message: "turned off" })])
  expect(await resolve(given, "")).toEqual({
    kind: "choose",
    title: "MCP servers",
    choices: [
      { label: "git", detail: "connected, 1 tool, about 1200 tokens, user", command: "mcp tools git" },
      { label: "new", detail: "idle, user", command: "mcp connect new" },
      { label: "off", detail: "disabled, user: turned off", command: "mcp enable off" },
    ],
  })
  expect(await resolve(given, "tools git")).toEqual({ kind: "show", text: "log  (says it only reads) Shows the log." })
  const long = { ...LOG, description: `${"Shows the log. ".repeat(6)}Of branches.` }
  const shown = await resolve(await withServers([info("git", { tools: [long] })]), "tools git")
  expect(shown).toEqual({ kind: "show", text: `log  (says it only reads) ${"Shows the log. ".repeat(6)}Of…` })
  expect((await engineReport(given)).servers).toEqual([{ name: "git", tokens: 1200 }])
})

const engineReport = ({ engine, id }: Scene) => engine.ask({ type: "context.report", sessionId: id })

test("/mcp login says where a login is made, and begins nothing", async () => {
  const given = await withServers([info("docs", { state: "login" })])
  expect(await resolve(given, "login docs")).toEqual({
    kind: "show",
    text: "In a terminal: skein mcp login docs. The next call of it here is made with that.",
  })
  expect(given.done).toEqual([])
})

test("/mcp starts and ends servers, and makes a call as a person does", async () => {
  const given = await withServers([info("git", { tools: [LOG] })])
  const sessionId = given.id
  expect(await resolve(given, "disable git")).toEqual({
    kind: "ops",
    ops: [{ type: "mcp.control", sessionId, server: "git", action: "disable" }],
    done: "git is off for this session.",
  })
  expect(await resolve(given, 'call git log {"n": 1}')).toEqual({
    kind: "ops",
    ops: [{ type: "call.make", sessionId, name: "mcp", input: { server: "git", tool: "log", input: { n: 1 } } }],
  })
  expect(await resolve(given, "connect nope")).toMatchObject({
    text: expect.stringContaining('There is no MCP server "nope". There are git.'),
  })
  expect((await resolve(given, "fly git")).kind).toBe("usage")
})

test("a client starts servers and brings its own; where nobody speaks to any, it is told so", async () => {
  const given = await withServers([info("git")])
  const transport = { kind: "stdio", command: "x", args: [] } as const
  expect((await given.op({ type: "mcp.control", server: "git", action: "connect" })).status).toBe("accepted")
  expect((await given.op({ type: "mcp.bring", servers: [{ name: "mine", transport }] })).status).toBe("accepted")
  expect(given.done).toEqual(["connect git", "brought mine"])
  const bare = await scene(scriptedModel(say("hi")), {})
  const op = { type: "mcp.control", sessionId: bare.id, server: "git", action: "connect" } as const
  expect(await bare.engine.submit(op)).toMatchObject({ status: "rejected", message: "There are no MCP servers here." })
})

test("a server that lives in a client is reached by messages that the client passes on", async () => {
  const ways: PassToClient[] = []
  const mcp: McpPort = {
    servers: async () => [],
    control: async (name) => info(name),
    bring: async (_, __, pass) => void ways.push(pass),
    inherit: () => undefined,
  }
  const given = await scene(scriptedModel(say("hi")), { mcp })
  await given.op({ type: "client.attach", clientId: "cli_sdk", answers: ["mcp"] })
  await given.op({ type: "mcp.bring", servers: [{ name: "calc", transport: { kind: "client" } }] })
  const message = { jsonrpc: "2.0", id: 1, method: "tools/list" }
  const answered = ways[0]?.({ server: "calc", message })
  const asked = await given.session.until("client.requested")
  expect([asked.clientId, asked.kind, asked.payload]).toEqual(["cli_sdk", "mcp", { server: "calc", message }])
  await given.op({ type: "client.answer", clientId: "cli_sdk", requestId: asked.requestId, result: { id: 1 } })
  expect(await answered).toEqual({ id: 1 })
  const left = ways[0]?.({ server: "calc", message })
  await given.op({ type: "client.detach", clientId: "cli_sdk" })
  await expect(left).rejects.toMatchObject({ code: "client.gone" })
})
