import { expect, test } from "bun:test"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { codex } from "./codex-program.ts"
import { mockModel } from "./compare/mock.ts"
import { serving } from "./compare/programs.ts"
import { writeEchoServer } from "./echo-server.ts"
import { isMissing } from "./program.ts"
import { realSchemas } from "./real-schemas.ts"

const HANG_MS = 60_000
const schemas = realSchemas()

/** The built program, with settings of its person's, and a client that has shaken hands. */
async function served(settings = "") {
  const model = mockModel()
  const { host, work, home, end } = serving("skein", "", model, { ".config/skein/config.toml": settings })
  await host.handshake()
  const file = join(home, ".config/skein/config.toml")
  return {
    ...{ host, work, home, file, model },
    async over() {
      const { messages, sent } = host
      const errors = await end()
      model.stop()
      // Codex's own program describes none of these.
      const isOurs = (method = "") => ["feedback/save", "modelProvider/list", "getAuthStatus"].includes(method)
      const ids = new Set(sent.filter(({ method }) => isOurs(method)).map(({ id }) => id))
      const described = messages.filter(({ id, method }) => method !== undefined || !ids.has(id))
      if (codex !== undefined) expect(schemas?.defects(sent, described)).toEqual([])
      return errors
    },
  }
}

test.skipIf(isMissing)(
  "a setting is written in place, into the person's file alone, and read with who said it",
  async () => {
    const at = await served('# mine\nmodel = "mock/gpt-5.4" # for now\n\n[tui]\ntheme = "dark"\n')
    const { host, file, work } = at
    const before = await host.request("config/read", { includeLayers: true })
    const written = await host.request("config/value/write", {
      ...{ keyPath: "model_reasoning_effort", value: "high", mergeStrategy: "replace" },
    })
    const batch = await host.request("config/batchWrite", {
      edits: [
        { keyPath: "sandbox_mode", value: "read-only", mergeStrategy: "replace" },
        { keyPath: "sandbox_workspace_write.writable_roots", value: ["/srv"], mergeStrategy: "upsert" },
      ],
      expectedVersion: written.result?.version,
    })
    const after = await host.request("config/read", { cwd: work })
    const text = readFileSync(file, "utf8")
    const refused = [
      await host.request("config/value/write", {
        keyPath: "mcp_servers.x.env.TOKEN",
        value: "s",
        mergeStrategy: "replace",
      }),
      await host.request("config/value/write", { keyPath: "sandbox_mode", value: "none", mergeStrategy: "replace" }),
      await host.request("config/value/write", {
        ...{ keyPath: "web_search", value: "live", mergeStrategy: "replace", expectedVersion: "sha256:0" },
      }),
      await host.request("config/value/write", {
        ...{ keyPath: "web_search", value: "live", mergeStrategy: "replace", filePath: join(work, "x.toml") },
      }),
      await host.request("config/batchWrite", {
        edits: [
          { keyPath: "web_search", value: "live", mergeStrategy: "replace" },
          { keyPath: "notify", value: ["x"], mergeStrategy: "replace" },
        ],
      }),
    ]
    // Of a batch with one that is refused, none is written.
    expect(readFileSync(file, "utf8")).toBe(text)
    await at.over()

    expect(before.result?.layers).toMatchObject([
      { name: { type: "sessionFlags" }, config: { model: "mock/gpt-5.5" } },
      { name: { type: "user", file }, config: { "tui.theme": "dark" } },
    ])
    expect(written.result).toMatchObject({ status: "ok", filePath: file })
    expect(batch.result).toMatchObject({ status: "ok" })
    expect(after.result?.origins).toMatchObject({ model_reasoning_effort: { name: { type: "user", file } } })
    expect(text).toContain('# mine\nmodel = "mock/gpt-5.4" # for now\n')
    expect(text).toContain('effort = "high"')
    expect(text).toContain('sandbox = "read-only"')
    expect(text).toContain('extra_roots = ["/srv"]')
    expect(refused.map(({ error }) => error?.message.slice(0, 40))).toEqual([
      "`mcp_servers.x.env.TOKEN` cannot be writ",
      "unknown variant `none` in `sandbox_mode`",
      "Configuration was modified since last re",
      "Only the person's own settings are writt",
      "`notify` cannot be written: known keys t",
    ])
  },
  HANG_MS,
)

test.skipIf(isMissing)(
  "servers are listed with their tools, one of which is called and asked about in a thread",
  async () => {
    // In the folder that is worked in, which the server's sandbox shows it.
    const at = await served('[mcp_servers.own]\ncommand = "./echo.sh"\nargs = []\n')
    const { host, work } = at
    writeEchoServer(join(work, "echo.sh"))
    const listed = await host.request("mcpServerStatus/list")
    const threadId = await host.thread({ approvalPolicy: "untrusted" })
    const ofThread = await host.request("mcpServerStatus/list", { threadId, serverName: "nobody" })
    const call = { threadId, server: "own", tool: "echo", arguments: { text: "said back" } }
    const called = host.request("mcpServer/tool/call", call)
    const asked = await host.next("item/commandExecution/requestApproval")
    host.say({ id: asked.id, result: { decision: "accept" } })
    const { result } = await called
    const missing = await host.request("mcpServer/tool/call", { ...call, server: "nobody" })
    await host.request("config/mcpServer/reload")
    await at.over()

    const [own] = (listed.result?.data ?? []) as readonly { tools: Record<string, { inputSchema: unknown }> }[]
    expect(own).toMatchObject({ name: "own", runtimeStatus: "connected", authStatus: "unsupported" })
    expect(own?.tools.echo?.inputSchema).toMatchObject({ type: "object", properties: { text: {} } })
    expect(ofThread.result).toEqual({ data: [], nextCursor: null })
    expect(JSON.stringify(result)).toContain("said back")
    expect(result?.isError).toBe(false)
    expect(missing.result?.isError ?? missing.error !== undefined).toBe(true)
  },
  HANG_MS,
)

test.skipIf(isMissing)(
  "a key is kept only where the person allows it, and is never told",
  async () => {
    const closed = await served('[secrets]\nallow = ["keyring"]\n')
    const refused = await closed.host.request("account/login/start", { type: "apiKey", apiKey: "sk-secret-of-a-test" })
    await closed.over()
    const at = await served('[secrets]\nallow = ["file"]\n')
    const { host } = at
    const kept = await host.request("account/login/start", { type: "apiKey", apiKey: "sk-secret-of-a-test" })
    const told = await host.next("account/updated")
    const account = await host.request("account/read")
    const status = await host.request("getAuthStatus", { includeToken: true })
    const page = await host.request("account/login/start", { type: "chatgpt" })
    await host.request("account/logout")
    const after = await host.request("account/read")
    const limits = await host.request("account/rateLimits/read")
    const all = JSON.stringify(host.messages)
    const errors = await at.over()

    expect(refused.error?.message).toStartWith("Nothing was kept")
    expect(kept.result).toEqual({ type: "apiKey" })
    expect(told.params).toEqual({ authMode: "apikey", planType: null })
    expect(account.result?.account).toEqual({ type: "apiKey" })
    expect(status.result).toEqual({ authMethod: "apikey", authToken: null, requiresOpenaiAuth: false })
    expect(page.error?.message).toContain("log in with skein login")
    expect(after.result?.account).toBeNull()
    expect(limits.error?.message).toBe("codex account authentication required to read rate limits")
    expect(all + errors).not.toContain("sk-secret")
  },
  HANG_MS,
)

test.skipIf(isMissing)(
  "feedback says what was done and not what was said, and overwrites nothing",
  async () => {
    const at = await served()
    const { host, work } = at
    const threadId = await host.thread({ approvalPolicy: "never" })
    await host.turn(threadId, "run: echo the-secret-word")
    await host.next("turn/completed")
    const savePath = join(work, "feedback.json")
    const saved = await host.request("feedback/save", { classification: "bug", savePath, threadId })
    const text = readFileSync(savePath, "utf8")
    const again = await host.request("feedback/save", { classification: "bug", savePath })
    const relative = await host.request("feedback/save", { classification: "bug", savePath: "x" })
    await at.over()

    expect(saved.result).toMatchObject({ threadId })
    expect(JSON.parse(text).work).toContainEqual(expect.objectContaining({ kind: "tool_call", name: "bash" }))
    expect(text).not.toContain("the-secret-word")
    expect(again.error?.message).toContain("EEXIST")
    expect(relative.error?.message).toContain("no absolute path")
  },
  HANG_MS,
)

test.skipIf(isMissing)(
  "a marketplace is added, shown and taken away; what nobody signed is not installed",
  async () => {
    const at = await served()
    const { host, work } = at
    const market = join(work, "market")
    put(join(market, ".claude-plugin/marketplace.json"), {
      name: "shop",
      plugins: [{ name: "demo", source: "./demo" }],
    })
    put(join(market, "demo/.claude-plugin/plugin.json"), { name: "demo", version: "1.0.0", description: "A demo" })
    const added = await host.request("marketplace/add", { source: market })
    const listed = await host.request("plugin/list")
    const refused = await host.request("plugin/install", { pluginName: "demo", remoteMarketplaceName: "shop" })
    const upgraded = await host.request("marketplace/upgrade", {})
    const read = await host.request("plugin/read", { pluginName: "demo" })
    const removed = await host.request("marketplace/remove", { marketplaceName: "shop" })
    const again = await host.request("marketplace/remove", { marketplaceName: "shop" })
    const installed = await host.request("plugin/installed")
    await at.over()

    expect(added.result).toMatchObject({ marketplaceName: "shop", alreadyAdded: false })
    expect(listed.result?.marketplaces).toMatchObject([
      { name: "shop", plugins: [{ id: "demo@shop", installed: false, source: { type: "remote" } }] },
    ])
    expect(refused.error?.message).toMatch(/sign/i)
    expect(upgraded.result).toMatchObject({ selectedMarketplaces: ["shop"], errors: [] })
    expect(read.error?.message).toStartWith("plugin not found: demo")
    expect(removed.result).toMatchObject({ marketplaceName: "shop" })
    expect(again.error?.message).toBe("marketplace not found: shop")
    expect(installed.result?.marketplaces).toEqual([])
  },
  HANG_MS,
)

test.skipIf(isMissing)(
  "what is asked for and is not there is an answer, and other programs' settings are only told of",
  async () => {
    const at = await served()
    const { host, home, work } = at
    put(join(home, ".claude/settings.json"), {})
    put(join(work, ".mcp.json"), {})
    const answers = new Map<string, unknown>()
    for (const [method, params] of [
      ["app/list", {}],
      ["app/installed", {}],
      ["app/read", { appIds: ["a"] }],
      ["plugin/reconcile", {}],
      ["permissionProfile/list", { limit: 1 }],
      ["experimentalFeature/list", {}],
      ["modelProvider/capabilities/read", {}],
      ["account/usage/read", {}],
      ["externalAgentConfig/detect", { includeHome: true, cwds: [work] }],
    ] as const) {
      answers.set(method, (await host.request(method, params)).result)
    }
    await at.over()

    expect(answers.get("app/read")).toEqual({ apps: [], missingAppIds: ["a"] })
    expect(answers.get("permissionProfile/list")).toMatchObject({ data: [{ id: ":read-only" }], nextCursor: "1" })
    expect(answers.get("account/usage/read")).toMatchObject({ summary: { lifetimeTokens: 0 } })
    expect(answers.get("externalAgentConfig/detect")).toMatchObject({
      items: [
        { itemType: "CONFIG", cwd: null },
        { itemType: "MCP_SERVER_CONFIG", cwd: work },
      ],
    })
  },
  HANG_MS,
)

function put(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, JSON.stringify(value))
}
