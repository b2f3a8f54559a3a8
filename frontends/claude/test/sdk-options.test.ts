import { expect, test } from "bun:test"
import { spawn } from "node:child_process"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { SDKUserMessage } from "@anthropic-ai/claude-agent-sdk"
import { isMissing, real, resultOf } from "./real.ts"
import { message } from "./with-agent.ts"

const host = real((prompt) => {
  const [, path] = /write (\S+)/.exec(prompt) ?? []
  if (path !== undefined) return { text: "I will.", call: { name: "write", input: { path, content: "made\n" } } }
  const [, command] = /run (.+)/.exec(prompt) ?? []
  if (command !== undefined) return { text: "I will.", call: { name: "bash", input: { command } } }
  if (prompt.includes("as json")) return { text: '{"answer":42}' }
  if (prompt.includes("wait")) return { text: "Let me think", hangs: true }
  return { text: "Hello there friend" }
})
const lastBody = () => JSON.parse(host.sent.at(-1) ?? "{}")

test.skipIf(isMissing)("systemPrompt stands in the place of skein's own words, or after them", async () => {
  await host.all("hello", { systemPrompt: "You are a heron." })
  const own = JSON.stringify(lastBody().system)
  expect(own).toContain("You are a heron.")
  await host.all("hello", { systemPrompt: { type: "preset", preset: "claude_code", append: "Speak like a heron." } })
  const appended = JSON.stringify(lastBody().system)
  expect(appended).toContain("Speak like a heron.")
  expect(appended.length).toBeGreaterThan(own.length)
})

test.skipIf(isMissing)("model, effort, thinking and maxThinkingTokens are what the provider is asked for", async () => {
  await host.all("hello", { model: "claude-sonnet-4-5", thinking: { type: "disabled" } })
  expect(lastBody()).toMatchObject({ model: "claude-sonnet-4-5" })
  expect(lastBody().thinking?.type ?? "disabled").toBe("disabled")
  await host.all("hello", { effort: "high" })
  expect(lastBody().thinking?.type).not.toBe("disabled")
  expect(lastBody().thinking).toBeDefined()
  await host.all("hello", { thinking: { type: "enabled", budgetTokens: 20_000 } })
  expect(lastBody().thinking).toBeDefined()
  await host.all("hello", { maxThinkingTokens: 20_000 })
  expect(lastBody().thinking?.type ?? "disabled").not.toBe("disabled")
  await host.all("hello", { maxThinkingTokens: 0 })
  expect(lastBody().thinking?.type ?? "disabled").toBe("disabled")
})

test.skipIf(isMissing)("maxTurns and maxBudgetUsd end a turn by name", async () => {
  const lines: string[] = []
  for await (const line of stopped(host.start("write a.txt", { maxTurns: 1, permissionMode: "acceptEdits" })))
    if (line.type === "result") lines.push(line.subtype)
  for await (const line of stopped(
    host.start("write a.txt", { maxBudgetUsd: 0.000001, permissionMode: "acceptEdits" }),
  ))
    if (line.type === "result") lines.push(line.subtype)
  expect(lines).toEqual(["error_max_turns", "error_max_budget_usd"])
})

/** The SDK throws after an error result of one prompt; what came before is what counts here. */
async function* stopped<T>(lines: AsyncIterable<T>): AsyncIterable<T> {
  try {
    yield* lines
  } catch (error) {
    if (!(error instanceof Error)) throw error
  }
}

test.skipIf(isMissing)("outputFormat gives the answer parsed", async () => {
  const schema = { type: "object", properties: { answer: { type: "number" } }, required: ["answer"] }
  const messages = await host.all("as json", { outputFormat: { type: "json_schema", schema } })
  expect(resultOf(messages)).toMatchObject({ subtype: "success", structured_output: { answer: 42 } })
})

test.skipIf(isMissing)("images of a message reach the provider", async () => {
  const data = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
  async function* prompts(): AsyncGenerator<SDKUserMessage> {
    const image = { type: "image", source: { type: "base64", media_type: "image/png", data } } as const
    const content = [{ type: "text", text: "hello, what is this" } as const, image]
    yield { type: "user", message: { role: "user", content }, parent_tool_use_id: null }
  }
  await host.all(prompts())
  expect(host.sent.at(-1)).toContain('"type":"image"')
})

test.skipIf(isMissing)(
  "tools, disallowedTools and allowedTools say what there is and what needs no question",
  async () => {
    await host.all("hello", { tools: ["Read", "Write"] })
    expect(lastBody().tools.map(({ name }: { name: string }) => name)).toEqual(["read", "write"])
    const hidden = await host.all("hello", { disallowedTools: ["Write"] })
    expect(lastBody().tools.map(({ name }: { name: string }) => name)).not.toContain("write")
    expect(resultOf(hidden).is_error).toBe(false)
    const messages = await host.all("write allowed.txt", { allowedTools: ["Write"] })
    expect([existsSync(join(host.cwd, "allowed.txt")), resultOf(messages).permission_denials]).toEqual([true, []])
  },
)

test.skipIf(isMissing)("additionalDirectories can be written in, and others cannot", async () => {
  const beside = `${host.cwd}-beside`
  mkdirSync(beside, { recursive: true })
  await host.all(`write ${beside}/in.txt`, { permissionMode: "acceptEdits" })
  expect(existsSync(join(beside, "in.txt"))).toBe(false)
  await host.all(`write ${beside}/in.txt`, { permissionMode: "acceptEdits", additionalDirectories: [beside] })
  expect(existsSync(join(beside, "in.txt"))).toBe(true)
})

test.skipIf(isMissing)(
  "permissionMode: plan writes nothing, dontAsk refuses, bypassPermissions needs leave",
  async () => {
    const refused = await host.all("write p.txt", { permissionMode: "dontAsk" })
    expect(resultOf(refused).permission_denials).toMatchObject([{ tool_name: "Write" }])
    await host.all("write p.txt", { permissionMode: "plan" })
    expect(existsSync(join(host.cwd, "p.txt"))).toBe(false)
    const options = { permissionMode: "bypassPermissions", allowDangerouslySkipPermissions: true } as const
    await host.all("write p.txt", options)
    expect(existsSync(join(host.cwd, "p.txt"))).toBe(true)
  },
)

test.skipIf(isMissing)("permissionPrompts none asks nobody", async () => {
  let asked = 0
  const canUseTool = async () => {
    asked += 1
    return { behavior: "deny" as const, message: "no" }
  }
  const messages = await host.all("write q.txt", { permissionPrompts: "none", canUseTool })
  expect([asked, resultOf(messages).permission_denials.length]).toEqual([0, 1])
})

test.skipIf(isMissing)("sessionId, resume, continue and forkSession name the session", async () => {
  const sessionId = "0199cccc-0000-7000-8000-000000000001"
  const first = resultOf(await host.all("hello one", { sessionId, title: "About herons" }))
  expect(first.session_id).toBe(sessionId)
  const second = resultOf(await host.all("hello two", { resume: sessionId }))
  expect([second.session_id, host.sent.at(-1)?.includes("hello one")]).toEqual([sessionId, true])
  const fork = resultOf(await host.all("hello three", { resume: sessionId, forkSession: true }))
  expect([fork.session_id === sessionId, host.sent.at(-1)?.includes("hello two")]).toEqual([false, true])
  const again = resultOf(await host.all("hello four", { continue: true }))
  expect(again.session_id).toBe(fork.session_id)
  const listed = Bun.spawnSync([host.agent, "session", "list", "--include-non-interactive", "--json"], {
    ...{ cwd: host.cwd, env: { ...host.env(), PATH: process.env.PATH ?? "", HOME: host.cwd } },
  })
  expect(listed.stdout.toString()).toContain("About herons")
})

test.skipIf(isMissing)("persistSession false leaves nothing to resume", async () => {
  const { session_id } = resultOf(await host.all("hello", { persistSession: false }))
  const again = host.all("hello", { resume: session_id })
  expect(await again.then(resultOf, (error: Error) => error.message)).toContain("Cannot find session")
})

test.skipIf(isMissing)("env and cwd are the program's own; stderr hears what is not supported", async () => {
  const heard: string[] = []
  const settings = { env: { HERON: "grey" }, language: "french" }
  const options = { settings, stderr: (text: string) => heard.push(text), betas: ["context-1m-2025-08-07" as const] }
  await host.all("run echo is $HERON > env.txt", { ...options, allowedTools: ["Bash"] })
  expect(readFileSync(join(host.cwd, "env.txt"), "utf8")).toBe("is grey\n")
  expect(heard.join("")).toContain("The setting language is not supported")
  expect(heard.join("")).toContain("--betas")
})

test.skipIf(isMissing)("settings give rules, a mode and hooks that run commands", async () => {
  const log = join(host.cwd, "hooked.txt")
  const hooks = {
    PreToolUse: [{ matcher: "Write", hooks: [{ type: "command" as const, command: `echo ran >> ${log}` }] }],
  }
  const settings = { permissions: { defaultMode: "acceptEdits" as const, deny: ["Write(secret/**)"] }, hooks }
  await host.all("write s.txt", { settings })
  expect([existsSync(join(host.cwd, "s.txt")), readFileSync(log, "utf8")]).toEqual([true, "ran\n"])
  mkdirSync(join(host.cwd, "secret"), { recursive: true })
  await host.all("write secret/s.txt", { settings })
  expect(existsSync(join(host.cwd, "secret/s.txt"))).toBe(false)
  const file = join(host.cwd, "settings.json")
  writeFileSync(file, JSON.stringify(settings))
  await host.all("write t.txt", { settings: file })
  expect(existsSync(join(host.cwd, "t.txt"))).toBe(true)
})

test.skipIf(isMissing)("sandbox lets confined commands run without a question", async () => {
  const asked = await host.all("run echo hi > u.txt", {})
  expect(resultOf(asked).permission_denials).toMatchObject([{ tool_name: "Bash" }])
  await host.all("run echo hi > u.txt", { sandbox: { enabled: true, autoAllowBashIfSandboxed: true } })
  expect(readFileSync(join(host.cwd, "u.txt"), "utf8")).toBe("hi\n")
})

test.skipIf(isMissing)("verbatimPrompts sends what looks like a command as it is", async () => {
  const before = host.sent.length
  await host.all("/help")
  expect(host.sent.length).toBe(before)
  await host.all("/help", { verbatimPrompts: true })
  expect(host.sent.at(-1)).toContain("/help")
})

test.skipIf(isMissing)(
  "spawnClaudeCodeProcess, extraArgs and debugFile are the SDK's way to the same program",
  async () => {
    const seen: string[] = []
    const messages = await host.all("hello", {
      ...{ extraArgs: { "max-turns": "5" }, debugFile: join(host.cwd, "debug.log") },
      spawnClaudeCodeProcess({ command, args, cwd, env, signal }) {
        seen.push(...args)
        return spawn(command, args, { cwd, env, signal, stdio: ["pipe", "pipe", "inherit"] })
      },
    })
    expect([resultOf(messages).subtype, seen.includes("--max-turns")]).toEqual(["success", true])
  },
)

test.skipIf(isMissing)("streamInput says more while the program runs, and close ends it at once", async () => {
  const over = Promise.withResolvers<void>()
  async function* first(): AsyncGenerator<SDKUserMessage> {
    yield message("hello first")
    await over.promise
  }
  async function* second(): AsyncGenerator<SDKUserMessage> {
    yield message("hello second")
  }
  const lines = host.start(first())
  let results = 0
  for await (const line of lines) {
    if (line.type !== "result") continue
    results += 1
    if (results === 1) await lines.streamInput(second())
    else lines.close()
  }
  over.resolve()
  expect([results, host.sent.at(-1)?.includes("hello second")]).toEqual([2, true])
})

test.skipIf(isMissing)("abortController ends the program in the middle of a turn", async () => {
  const abortController = new AbortController()
  const lines = host.start("wait for me", { abortController, includePartialMessages: true })
  const reading = (async () => {
    for await (const line of lines) if (line.type === "stream_event") abortController.abort()
  })()
  expect(
    await reading.then(
      () => "ended",
      (error: Error) => error.message,
    ),
  ).toMatch(/abort/i)
})
