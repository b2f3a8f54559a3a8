import { afterAll, beforeAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { SDKMessage, SDKResultMessage } from "@anthropic-ai/claude-agent-sdk"
import { drive, fakeAgent, message, outline } from "./with-agent.ts"

let cwd = ""
let agent = ""
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "skein-claude-"))
  agent = fakeAgent(cwd)
})
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

async function all(lines: AsyncIterable<SDKMessage>): Promise<SDKMessage[]> {
  const messages: SDKMessage[] = []
  for await (const line of lines) messages.push(line)
  return messages
}

function resultOf(messages: readonly SDKMessage[]): SDKResultMessage {
  const result = messages.findLast((line) => line.type === "result")
  if (!result) throw new Error("There is no result")
  return result
}

test("the SDK completes a turn", async () => {
  const messages = await all(drive("hello", { agent, cwd }))

  expect(outline(messages)).toEqual(["system init", "assistant thinking", "assistant text", "result success"])
  expect(resultOf(messages)).toMatchObject({
    result: "Hello there friend",
    is_error: false,
    num_turns: 1,
    total_cost_usd: 0.0015,
    stop_reason: "end_turn",
    usage: { input_tokens: 10, cache_creation_input_tokens: 3, cache_read_input_tokens: 2, output_tokens: 7 },
  })
})

test("canUseTool is asked in the host's words, and its allowance runs the call", async () => {
  const asked: unknown[] = []
  const canUseTool = async (name: string, input: Record<string, unknown>) => {
    asked.push({ name, input })
    return { behavior: "allow" as const, updatedInput: input }
  }
  const messages = await all(drive("run it", { agent, cwd, canUseTool }))

  expect(asked).toEqual([{ name: "Bash", input: { command: "echo hi", timeout: 500 } }])
  expect(outline(messages)).toEqual([
    "system init",
    "assistant text",
    "assistant tool_use",
    "user",
    "assistant text",
    "result success",
  ])
  expect(resultOf(messages)).toMatchObject({ result: "All done here.", num_turns: 2, permission_denials: [] })
})

test("a refusal of canUseTool is told to the model and listed in the result", async () => {
  const messages = await all(
    drive("run it", { agent, cwd, canUseTool: async () => ({ behavior: "deny", message: "no way" }) }),
  )

  expect(messages.find((line) => line.type === "user")).toMatchObject({
    message: { content: [{ type: "tool_result", tool_use_id: "toolu_1-0", content: "no way", is_error: true }] },
    tool_use_result: "Error: no way",
  })
  expect(resultOf(messages).permission_denials).toEqual([
    { tool_name: "Bash", tool_use_id: "toolu_1-0", tool_input: { command: "echo hi", timeout: 500 } },
  ])
})

test("an interrupt ends the turn without success, and the next message is answered", async () => {
  const started = Promise.withResolvers<void>()
  const interrupted = Promise.withResolvers<void>()
  async function* prompts() {
    yield message("wait for me")
    await started.promise
    await lines.interrupt()
    interrupted.resolve()
    yield message("hello")
  }
  const lines = drive(prompts(), { agent, cwd, options: { includePartialMessages: true } })
  const results: SDKResultMessage[] = []
  for await (const line of lines) {
    if (line.type === "stream_event" && line.event.type === "content_block_delta") started.resolve()
    if (line.type === "result") results.push(line)
  }
  await interrupted.promise

  expect(results.map(({ subtype, is_error, num_turns }) => ({ subtype, is_error, num_turns }))).toEqual([
    { subtype: "error_during_execution", is_error: true, num_turns: 1 },
    { subtype: "success", is_error: false, num_turns: 1 },
  ])
})

test("two prompts sent together are two turns, and both may ask", async () => {
  let asked = 0
  async function* prompts() {
    yield message("run one")
    yield message("run two")
  }
  const canUseTool = async (_name: string, input: Record<string, unknown>) => {
    asked += 1
    return { behavior: "allow" as const, updatedInput: input }
  }
  const messages = await all(drive(prompts(), { agent, cwd, canUseTool }))

  expect(asked).toBe(2)
  expect(outline(messages).filter((line) => line.startsWith("result"))).toEqual(["result success", "result success"])
})

test("a failed request of the provider is an answer with an error, which the SDK throws at the end of one prompt", async () => {
  const messages: SDKMessage[] = []
  const run = async () => {
    for await (const line of drive("break it", { agent, cwd })) messages.push(line)
  }

  expect(await run().catch((error: Error) => error.message)).toBe(
    "Claude Code returned an error result: API Error: The provider is overloaded.",
  )
  expect(outline(messages)).toEqual(["system init", "assistant text", "result success"])
  expect(resultOf(messages).is_error).toBe(true)
})

test("structured output comes parsed", async () => {
  const schema = { type: "object", properties: { answer: { type: "number" } } }
  const messages = await all(
    drive("as json", { agent, cwd, options: { outputFormat: { type: "json_schema", schema } } }),
  )

  expect(resultOf(messages)).toMatchObject({ subtype: "success", structured_output: { answer: 42 } })
})

test("model, mode and status can be asked and changed between turns", async () => {
  const answers: unknown[] = []
  const done = Promise.withResolvers<void>()
  async function* prompts() {
    yield message("hello")
    await done.promise
    yield message("hello again")
  }
  const lines = drive(prompts(), { agent, cwd })
  const inits: unknown[] = []
  for await (const line of lines) {
    if (line.type === "system" && line.subtype === "init") inits.push([line.model, line.permissionMode])
    if (line.type === "result" && inits.length === 1) {
      answers.push((await lines.initializationResult()).models.map((model) => model.value))
      answers.push(await lines.mcpServerStatus())
      answers.push((await lines.getContextUsage()).totalTokens)
      await lines.setModel("openai/gpt-5")
      await lines.setPermissionMode("acceptEdits")
      answers.push(await lines.setPermissionMode("bypassPermissions").catch((error: Error) => error.message))
      done.resolve()
    }
  }

  expect(answers).toEqual([
    ["claude-sonnet-4-5"],
    [],
    120,
    "bypassPermissions needs --allow-dangerously-skip-permissions at the start.",
  ])
  expect(inits).toEqual([
    ["claude-sonnet-4-5", "default"],
    ["openai/gpt-5", "acceptEdits"],
  ])
})
