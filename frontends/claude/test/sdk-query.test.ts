import { expect, test } from "bun:test"
import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { createSdkMcpServer, type HookInput, startup, tool } from "@anthropic-ai/claude-agent-sdk"
import * as z from "@skein/protocol/schema"
import { agent, isMissing, real, resultOf, talked } from "./real.ts"

const host = real((prompt) => {
  const [, path] = /write (\S+)/.exec(prompt) ?? []
  if (path !== undefined) return { text: "I will.", call: { name: "write", input: { path, content: "made\n" } } }
  const [, name, input = "{}"] = /call (\S+) ?(.*)/.exec(prompt) ?? []
  if (name !== undefined) return { text: "I will.", call: { name, input: JSON.parse(input) } }
  if (prompt.includes("serve")) {
    return { text: "I will.", call: { name: "bash", input: { command: "echo up; sleep 60", background: true } } }
  }
  return { text: "Hello there friend" }
})
const lastBody = () => JSON.parse(host.sent.at(-1) ?? "{}")
const toolNames = () => lastBody().tools.map(({ name }: { name: string }) => name)
const add = (name: string) =>
  createSdkMcpServer({
    ...{ name, version: "1.0.0" },
    tools: [
      tool("add", "Add two numbers", { a: z.number(), b: z.number() }, async ({ a, b }) => ({
        content: [{ type: "text", text: `The sum is ${a + b}.` }],
      })),
    ],
  })

test.skipIf(isMissing)("what there is to choose is told before the first prompt", async () => {
  mkdirSync(join(host.cwd, ".claude/skills/heron"), { recursive: true })
  mkdirSync(join(host.cwd, ".home/config"), { recursive: true })
  const agents = { wader: { description: "Wades.", prompt: "You wade.", tools: ["Read"] } }
  await talked(
    (prompts) => host.start(prompts, { agents }),
    ["hello"],
    async (lines) => {
      const init = await lines.initializationResult()
      expect(init.available_output_styles).toContain("default")
      expect((await lines.supportedCommands()).map(({ name }) => name)).toContain("compact")
      expect((await lines.supportedModels()).map(({ value }) => value)).toContain("claude-sonnet-4-5")
      expect((await lines.supportedAgents()).map(({ name }) => name)).toContain("wader")
      expect(await lines.accountInfo()).toMatchObject({ apiKeySource: "ANTHROPIC_API_KEY" })
      expect((await lines.reinitialize()).models.length).toBeGreaterThan(0)
    },
  )
})

test.skipIf(isMissing)(
  "setModel, setPermissionMode, setMaxThinkingTokens and applyFlagSettings hold from the next prompt",
  async () => {
    const refusalOf = (work: Promise<unknown>) => work.then(String, (error: Error) => error.message)
    mkdirSync(join(host.cwd, "secret"), { recursive: true })
    await talked(
      (prompts) => host.start(prompts),
      [
        "hello one",
        async (lines) => {
          await lines.setModel("claude-haiku-4-5")
          await lines.setPermissionMode("acceptEdits")
          await lines.setMaxThinkingTokens(0)
          await lines.applyFlagSettings({ permissions: { deny: ["Write(secret/**)"] } })
          expect(await refusalOf(lines.applyFlagSettings({ language: "french" }))).toContain(
            "language is not supported",
          )
          expect(await refusalOf(lines.setPermissionMode("bypassPermissions"))).toContain("bypassPermissions needs")
          expect(await refusalOf(lines.updateSettings("userSettings", {}))).toContain("Unsupported control request")
        },
        "write mode.txt",
        "write secret/mode.txt",
      ],
    )
    expect(lastBody().model).toBe("claude-haiku-4-5")
    const there = ["mode.txt", "secret/mode.txt"].map((name) => existsSync(join(host.cwd, name)))
    expect(there).toEqual([true, false])
  },
)

test.skipIf(isMissing)("hooks hear of another model, and may refuse it", async () => {
  const told: unknown[] = []
  const before = async (input: HookInput) => {
    told.push("from_model" in input && [input.hook_event_name, input.from_model, input.to_model])
    if (!("to_model" in input && input.to_model.includes("opus"))) return {}
    const decision = { permissionDecision: "deny", permissionDecisionReason: "Too dear." } as const
    return { hookSpecificOutput: { hookEventName: "PreModelSwitch", ...decision } as const }
  }
  await talked(
    (prompts) =>
      host.start(prompts, { hooks: { PreModelSwitch: [{ hooks: [before] }], PostModelSwitch: [{ hooks: [before] }] } }),
    ["hello"],
    async (lines) => {
      expect(await lines.setModel("claude-opus-4-5").catch((error: Error) => error.message)).toContain("Too dear.")
      await lines.setModel("claude-haiku-4-5")
    },
  )
  expect(told).toEqual([
    ["PreModelSwitch", "claude-sonnet-4-5", "claude-opus-4-5"],
    ["PreModelSwitch", "claude-sonnet-4-5", "claude-haiku-4-5"],
    ["PostModelSwitch", "claude-sonnet-4-5", "claude-haiku-4-5"],
  ])
})

test.skipIf(isMissing)("servers are set, told of, turned off, on and begun again while a session is open", async () => {
  const settings = { allowedTools: ["mcp__calc__add", "mcp__other__add"] }
  const told = await talked(
    (prompts) => host.start(prompts, { mcpServers: { calc: add("calc") }, ...settings }),
    ["hello"],
    async (lines) => {
      expect(await lines.mcpServerStatus()).toMatchObject([
        { name: "calc", status: "connected", tools: [{ name: "add" }] },
      ])
      await lines.toggleMcpServer("calc", false)
      expect(await lines.mcpServerStatus()).toMatchObject([{ name: "calc", status: "disabled" }])
      await lines.toggleMcpServer("calc", true)
      await lines.reconnectMcpServer("calc")
      expect(await lines.reconnectMcpServer("nobody").catch((error: Error) => error.message)).toContain("nobody")
      expect(await lines.setMcpPermissionModeOverride("calc", "default")).toEqual({})
      expect((await lines.setMcpPermissionModeOverride("nobody", null)).warning).toContain("nobody")
      const set = await lines.setMcpServers({ other: add("other"), broken: { command: "/nowhere/at/all" } })
      expect([set.added.toSorted(), set.removed, Object.keys(set.errors)]).toEqual([
        ["broken", "other"],
        ["calc"],
        ["broken"],
      ])
      expect((await lines.mcpServerStatus()).map(({ name }) => name).toSorted()).toEqual(["broken", "other"])
      expect(await lines.readMcpResource("other", "ui://x").catch((error: Error) => error.message)).toContain(
        "Unsupported",
      )
    },
  )
  expect(told.find((line) => line.type === "system" && line.subtype === "init")).toMatchObject({
    mcp_servers: [{ name: "calc", status: "connected" }],
    tools: expect.arrayContaining(["mcp__calc__add"]),
  })
  expect(toolNames()).toContain("mcp__calc__add")
})

test.skipIf(isMissing)("a host's call of a server is answered over the same pipe", async () => {
  const messages = await host.all('call mcp__calc__add {"a":40,"b":2}', {
    ...{ mcpServers: { calc: add("calc") }, allowedTools: ["mcp__calc__add"] },
  })
  expect(JSON.stringify(messages.filter(({ type }) => type === "user"))).toContain("The sum is 42.")
})

test.skipIf(isMissing)("context, usage, files and what lies on the disk are told when they are asked for", async () => {
  writeFileSync(join(host.cwd, "poem.txt"), "A heron stands.\n")
  await talked(
    (prompts) => host.start(prompts),
    ["hello"],
    async (lines, told) => {
      const context = await lines.getContextUsage()
      expect([context.totalTokens > 0, context.maxTokens > 100_000]).toEqual([true, true])
      const used = await lines.usage_EXPERIMENTAL_MAY_CHANGE_DO_NOT_RELY_ON_THIS_API_YET()
      expect(used).toMatchObject({ rate_limits_available: false, session: { total_lines_added: 0 } })
      expect(Object.keys(used.session.model_usage)).toEqual(["claude-sonnet-4-5"])
      // All the time since the session was opened, not the model's alone.
      expect(used.session.total_duration_ms).toBeGreaterThanOrEqual(resultOf(told).duration_ms)
      expect(await lines.readFile("poem.txt")).toMatchObject({ contents: "A heron stands.\n" })
      expect(await lines.readFile("poem.txt", { maxBytes: 7 })).toMatchObject({ contents: "A heron", truncated: true })
      expect(await lines.readFile("/etc/shadow")).toBeNull()
      expect((await lines.reloadSkills()).skills).toBeArray()
      expect((await lines.reloadOutputStyles()).available_output_styles).toContain("default")
      expect((await lines.reloadPlugins()).error_count).toBe(0)
      const seeded = lines.seedReadState("poem.txt", 1).catch((error: Error) => error.message)
      expect(await seeded).toContain("Unsupported control request")
    },
  )
})

test.skipIf(isMissing)("a task beside the turns is told of, read and stopped", async () => {
  const told = await talked(
    (prompts) => host.start(prompts, { allowedTools: ["Bash"] }),
    ["serve"],
    async (lines, soFar) => {
      const started = soFar.find((line) => line.type === "system" && line.subtype === "task_started")
      const taskId = started !== undefined && "task_id" in started ? started.task_id : ""
      expect(taskId).toStartWith("prc_")
      await lines.stopTask(taskId)
      // While the session is open: its end would stop the task, too.
      while (!soFar.some((line) => line.type === "system" && line.subtype === "task_notification"))
        await lines.mcpServerStatus()
      expect(await lines.stopTask("nothing").catch((error: Error) => error.message)).toContain("No task found")
      expect(await lines.backgroundTasks()).toBe(true)
      expect(await lines.backgroundTasks("toolu_none")).toBe(false)
    },
  )
  const ended = told.find((line) => line.type === "system" && line.subtype === "task_notification")
  expect(ended).toMatchObject({ status: "stopped" })
})

test.skipIf(isMissing)("a program that was started before its prompt answers it", async () => {
  const options = {
    ...{ pathToClaudeCodeExecutable: agent, cwd: host.cwd, settingSources: [], model: "claude-sonnet-4-5" },
    env: { PATH: process.env.PATH, HOME: host.cwd, ...host.env() },
  }
  const warm = await startup({ options })
  const lines = warm.query("hello")
  const messages = []
  for await (const line of lines) messages.push(line)
  expect(resultOf(messages).subtype).toBe("success")
})
