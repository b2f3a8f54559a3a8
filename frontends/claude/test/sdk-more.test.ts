import { expect, test } from "bun:test"
import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type {
  HookCallbackMatcher,
  HookEvent,
  HookInput,
  PermissionUpdate,
  SDKMessage,
} from "@anthropic-ai/claude-agent-sdk"
import { elicitingServer } from "./eliciting-server.ts"
import { isMissing, real, resultOf, talked } from "./real.ts"

const host = real((prompt) => {
  const [, path] = /write (\S+)/.exec(prompt) ?? []
  if (path !== undefined) return { text: "I will.", call: { name: "write", input: { path, content: "made\n" } } }
  const [, name, input = "{}"] = /call (\S+) ?(.*)/.exec(prompt) ?? []
  if (name !== undefined) return { text: "I will.", call: { name, input: JSON.parse(input) } }
  if (prompt.includes("fail now")) return { status: 400 }
  return { text: "Hello there friend" }
})
const bodies = () => host.sent.map((body) => JSON.parse(body))

/** Callbacks that only listen, and what each heard. */
function listening(...events: HookEvent[]) {
  const heard: HookInput[] = []
  const listen = async (input: HookInput) => {
    heard.push(input)
    return {}
  }
  const hooks = Object.fromEntries(events.map((event) => [event, [{ hooks: [listen] } satisfies HookCallbackMatcher]]))
  return { heard, hooks, names: () => heard.map((input) => input.hook_event_name) }
}

const initOf = (messages: readonly SDKMessage[]) =>
  messages.find((line) => line.type === "system" && line.subtype === "init")

test.skipIf(isMissing)("agents of the host take work, and hooks hear them begin and end", async () => {
  const agents = { wader: { description: "Wades in water.", prompt: "You wade.", tools: ["Read", "Write"] } }
  const { heard, hooks, names } = listening("SubagentStart", "SubagentStop")
  const messages = await host.all('call task {"agent":"wader","description":"wade","prompt":"hello"}', {
    agents,
    hooks,
  })
  expect(names()).toEqual(["SubagentStart", "SubagentStop"])
  expect(heard[0]).toMatchObject({ agent_type: "wader" })
  expect(initOf(messages)).toMatchObject({ agents: expect.arrayContaining(["wader", "general-purpose"]) })
  expect(bodies().some(({ system }) => JSON.stringify(system).includes("You wade."))).toBe(true)
})

test.skipIf(isMissing)("agent makes the session one of them", async () => {
  const agents = { wader: { description: "Wades.", prompt: "You wade deep.", tools: ["Read"], maxTurns: 3 } }
  await host.all("hello", { agents, agent: "wader" })
  const body = bodies().at(-1)
  expect(body.tools.map(({ name }: { name: string }) => name)).toEqual(["read"])
  expect(JSON.stringify(body.system)).toContain("You wade deep.")
  const refused = host.all("hello", { agent: "stork" }).then(String, (error: Error) => error.message)
  expect(await refused).toContain('There is no agent "stork"')
})

test.skipIf(isMissing)(
  "PermissionRequest answers in the person's place; PermissionDenied and Notification hear of it",
  async () => {
    const allow = async () =>
      ({ hookSpecificOutput: { hookEventName: "PermissionRequest", decision: { behavior: "allow" } } }) as const
    const canUseTool = async () => ({ behavior: "deny" as const, message: "never asked" })
    await host.all("write allowed.txt", { hooks: { PermissionRequest: [{ hooks: [allow] }] }, canUseTool })
    expect(existsSync(join(host.cwd, "allowed.txt"))).toBe(true)
    const { hooks, names } = listening("PermissionDenied", "Notification", "PermissionRequest")
    const messages = await host.all("write denied.txt", { hooks, canUseTool })
    expect(names().toSorted()).toContain("PermissionRequest")
    expect(resultOf(messages).permission_denials).toHaveLength(1)
    const ruled = await host.all("write ruled.txt", { hooks, disallowedTools: ["Write(ruled.txt)"] })
    expect(ruled.some((line) => line.type === "system" && line.subtype === "permission_denied")).toBe(true)
  },
)

test.skipIf(isMissing)("PostToolUseFailure, StopFailure and PreCompact with PostCompact are heard", async () => {
  const failed = listening("PostToolUseFailure")
  await host.all('call read {"path":"nowhere.txt"}', { hooks: failed.hooks })
  expect(failed.heard).toMatchObject([{ hook_event_name: "PostToolUseFailure", tool_name: "Read" }])
  const stopped = listening("StopFailure")
  await host.all("fail now", { hooks: stopped.hooks }).catch(() => [])
  expect(stopped.names()).toEqual(["StopFailure"])
  const compacted = listening("PreCompact", "PostCompact")
  const told = await talked((prompts) => host.start(prompts, { hooks: compacted.hooks }), ["hello", "/compact"])
  expect([compacted.names(), told.filter(({ type }) => type === "result").length]).toEqual([
    ["PreCompact", "PostCompact"],
    2,
  ])
})

test.skipIf(isMissing)("UserPromptExpansion hears what a command becomes, and adds to it or refuses it", async () => {
  mkdirSync(join(host.cwd, ".home/config/commands"), { recursive: true })
  writeFileSync(join(host.cwd, ".home/config/commands/heron.md"), "Tell me of herons: $ARGUMENTS\n")
  const heard: HookInput[] = []
  const add = async (input: HookInput) => {
    heard.push(input)
    const additionalContext = "Only grey ones."
    return { hookSpecificOutput: { hookEventName: "UserPromptExpansion" as const, additionalContext } }
  }
  await host.all("/heron now", { hooks: { UserPromptExpansion: [{ hooks: [add] }] } })
  expect(heard).toMatchObject([{ command_name: "heron", command_args: "now", prompt: "Tell me of herons: now" }])
  expect(host.sent.at(-1)).toContain("Only grey ones.")
  const before = host.sent.length
  const refuse = async () => ({ decision: "block" as const, reason: "Not now." })
  const messages = await host
    .all("/heron now", { hooks: { UserPromptExpansion: [{ hooks: [refuse] }] } })
    .catch((error: Error) => error.message)
  expect([host.sent.length, JSON.stringify(messages).includes("Not now.")]).toEqual([before, true])
})

test.skipIf(isMissing)("canUseTool changes arguments, keeps rules for the session, and ends a turn", async () => {
  const asked: string[] = []
  const canUseTool = async (name: string, input: Record<string, unknown>) => {
    asked.push(name)
    const updatedPermissions: PermissionUpdate[] = [
      { type: "addRules", rules: [{ toolName: "Write" }], behavior: "allow", destination: "session" },
    ]
    return { behavior: "allow" as const, updatedInput: { ...input, content: "better\n" }, updatedPermissions }
  }
  await talked((prompts) => host.start(prompts, { canUseTool }), ["write first.txt", "write second.txt"])
  const texts = await Promise.all(["first.txt", "second.txt"].map((name) => Bun.file(join(host.cwd, name)).text()))
  expect([asked, texts]).toEqual([["Write"], ["better\n", "made\n"]])

  const before = host.sent.length
  const stop = async () => ({ behavior: "deny" as const, message: "Stop it.", interrupt: true })
  const ending = host.all("write third.txt", { canUseTool: stop }).then(String, (error: Error) => error.message)
  expect([await ending, host.sent.length - before]).toEqual([
    "Claude Code returned an error result: [Request interrupted by user]",
    1,
  ])
})

test.skipIf(isMissing)("onElicitation answers a server's form; its hooks hear of it before and after", async () => {
  const mcpServers = { greeter: elicitingServer(host.cwd) }
  const prompt = "call mcp__greeter__greet {}"
  const { hooks, names } = listening("Elicitation", "ElicitationResult")
  const requests: unknown[] = []
  const messages = await host.all(prompt, {
    ...{ mcpServers, hooks, allowedTools: ["mcp__greeter__greet"], strictMcpConfig: true },
    async onElicitation(request) {
      requests.push({ server: request.serverName, message: request.message, mode: request.mode })
      return { action: "accept", content: { name: "Ada" } }
    },
  })
  expect(requests).toEqual([{ server: "greeter", message: "Who is it?", mode: "form" }])
  expect(names()).toEqual(["Elicitation", "ElicitationResult"])
  expect(JSON.stringify(messages.filter(({ type }) => type === "user"))).toContain("accept: Ada")
  const alone = await host.all(prompt, { mcpServers, allowedTools: ["mcp__greeter__greet"] })
  expect(JSON.stringify(alone.filter(({ type }) => type === "user"))).toMatch(/(decline|cancel): nobody/)
})

test.skipIf(isMissing)("plugins and skills are what the host says, told at the beginning of a turn", async () => {
  const plugin = join(host.cwd, "reeds")
  for (const name of ["wade", "fly"]) {
    mkdirSync(join(plugin, "skills", name), { recursive: true })
    writeFileSync(
      join(plugin, "skills", name, "SKILL.md"),
      `---\nname: ${name}\ndescription: How to ${name}.\n---\nDo.\n`,
    )
  }
  mkdirSync(join(plugin, ".claude-plugin"), { recursive: true })
  writeFileSync(join(plugin, ".claude-plugin/plugin.json"), JSON.stringify({ name: "reeds", version: "1.0.0" }))
  for (const pluginDelivery of ["argv", "initialize"] as const) {
    const plugins = [{ type: "local" as const, path: plugin }]
    const all = initOf(await host.all("hello", { plugins, pluginDelivery }))
    expect(all).toMatchObject({ plugins: [{ name: "reeds", path: plugin }] })
    expect(JSON.stringify(all)).toContain("wade")
    const names = initOf(await host.all("hello", { plugins, pluginDelivery, skills: ["reeds:wade"] }))
    const { skills = [] } = names !== undefined && "skills" in names ? names : {}
    expect(skills).toEqual(["reeds:wade"])
  }
})

test.skipIf(isMissing)("settingSources says whether the project's instructions are read", async () => {
  writeFileSync(join(host.cwd, "CLAUDE.md"), "Herons are grey here.\n")
  await host.all("hello", { settingSources: [] })
  expect(host.sent.at(-1)).not.toContain("Herons are grey here.")
  await host.all("hello", { settingSources: ["project"] })
  expect(host.sent.at(-1)).toContain("Herons are grey here.")
})

test.skipIf(isMissing)(
  "includeHookEvents tells of callbacks that ran; mcpServersDelivery brings servers with the first request",
  async () => {
    const { hooks } = listening("UserPromptSubmit")
    const messages = await host.all("hello", { hooks, includeHookEvents: true })
    const kinds = messages.flatMap((line) => (line.type === "system" ? [line.subtype] : []))
    expect(kinds).toEqual(expect.arrayContaining(["hook_started", "hook_response"]))
    const mcpServers = { greeter: elicitingServer(host.cwd) }
    const init = initOf(await host.all("hello", { mcpServers, mcpServersDelivery: "initialize" }))
    expect(init).toMatchObject({ mcp_servers: [{ name: "greeter", status: "connected" }] })
  },
)

test.skipIf(isMissing)("what asks for dialogs, suggestions and stops of its own runs as without them", async () => {
  let asked = 0
  const messages = await host.all("hello", {
    ...{ supportedDialogKinds: ["refusal_fallback_prompt"], perTaskStopAffordance: true, promptSuggestions: true },
    async onUserDialog() {
      asked += 1
      return { behavior: "cancelled" as const }
    },
  })
  expect([resultOf(messages).subtype, asked]).toEqual(["success", 0])
})
