import { afterAll, beforeAll, expect, test } from "bun:test"
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { SDKMessage, SDKResultMessage } from "@anthropic-ai/claude-agent-sdk"
import { anthropic, type Reply } from "@skein/testkit/providers"
import { drive, message, outline } from "./with-agent.ts"

/** The built program. `npm test` builds it first. */
const agent = join(import.meta.dir, "../../../dist/skein")
const isMissing = !existsSync(agent)
if (isMissing) console.warn("Skipped: the SDK against the real program, because dist/skein is not built.")

let cwd = ""
let provider: ReturnType<typeof anthropic> | undefined
beforeAll(() => {
  cwd = realpathSync(mkdtempSync(join(tmpdir(), "skein-sdk-")))
  provider = anthropic(replyTo)
})
afterAll(() => {
  provider?.stop()
  rmSync(cwd, { recursive: true, force: true })
})

function replyTo(prompt: string): Reply {
  if (prompt.includes("make it")) {
    return { text: "I will.", call: { name: "write", input: { path: "made.txt", content: "made\n" } } }
  }
  return prompt.includes("wait for me") ? { text: "Let me think", hangs: true } : { text: "Hello there friend" }
}

function environment(): Record<string, string> {
  return {
    ANTHROPIC_BASE_URL: provider?.url ?? "",
    ANTHROPIC_API_KEY: "none",
    SKEIN_HOME: join(cwd, ".home"),
  }
}

const options = { model: "claude-sonnet-4-5", includePartialMessages: true }

test.skipIf(isMissing)("the program completes a turn with one approval", async () => {
  const asked: unknown[] = []
  const messages: SDKMessage[] = []
  const canUseTool = async (name: string, input: Record<string, unknown>) => {
    asked.push({ name, input, isThere: existsSync(join(cwd, "made.txt")) })
    return { behavior: "allow" as const, updatedInput: input }
  }
  for await (const line of drive("make it", { agent, cwd, canUseTool, env: environment(), options }))
    messages.push(line)

  const input = { file_path: join(cwd, "made.txt"), content: "made\n" }
  expect(asked).toEqual([{ name: "Write", input, isThere: false }])
  expect(readFileSync(join(cwd, "made.txt"), "utf8")).toBe("made\n")
  expect(outline(messages).filter((line) => line !== "stream_event" && line !== "system status")).toEqual([
    "system init",
    "assistant text",
    "assistant tool_use",
    "user",
    "assistant text",
    "result success",
  ])
  expect(messages.findLast((line) => line.type === "result")).toMatchObject({
    result: "All done here.",
    is_error: false,
    num_turns: 2,
    permission_denials: [],
  })
})

test.skipIf(isMissing)("the program stops at an interrupt and answers the next message", async () => {
  const started = Promise.withResolvers<void>()
  async function* prompts() {
    yield message("wait for me")
    await started.promise
    await lines.interrupt()
    yield message("hello")
  }
  const lines = drive(prompts(), { agent, cwd, env: environment(), options })
  const results: SDKResultMessage[] = []
  for await (const line of lines) {
    if (line.type === "stream_event" && line.event.type === "content_block_delta") started.resolve()
    if (line.type === "result") results.push(line)
  }

  expect(results.map(({ subtype, is_error }) => ({ subtype, is_error }))).toEqual([
    { subtype: "error_during_execution", is_error: true },
    { subtype: "success", is_error: false },
  ])
})
