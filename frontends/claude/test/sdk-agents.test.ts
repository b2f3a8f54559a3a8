import { afterAll, beforeAll, expect, test } from "bun:test"
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { SDKMessage } from "@anthropic-ai/claude-agent-sdk"
import { anthropic, type Reply } from "@skein/testkit/providers"
import { drive, outline } from "./with-agent.ts"

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
  if (prompt.includes("hand it on")) {
    const input = { agent: "general", description: "make a file", prompt: "make it" }
    return { call: { name: "task", input } }
  }
  return { text: "I will.", call: { name: "write", input: { path: "made.txt", content: "made\n" } } }
}

test.skipIf(isMissing)(
  "a host is asked what a sub-agent asks, by its own call, and shows what it says below its task",
  async () => {
    const asked: unknown[] = []
    const messages: SDKMessage[] = []
    const canUseTool = async (name: string, input: Record<string, unknown>, { agentID }: { agentID?: string }) => {
      asked.push({ name, input, isOfAgent: agentID !== undefined })
      return { behavior: "allow" as const, updatedInput: { ...input, content: "made better\n" } }
    }
    const env = {
      ANTHROPIC_BASE_URL: provider?.url ?? "",
      ANTHROPIC_API_KEY: "none",
      SKEIN_HOME: join(cwd, ".home"),
    }
    const options = { model: "claude-sonnet-4-5", forwardSubagentText: true }
    for await (const line of drive("hand it on", { agent, cwd, canUseTool, env, options })) messages.push(line)

    const input = { file_path: join(cwd, "made.txt"), content: "made\n" }
    expect(asked).toEqual([{ name: "Write", input, isOfAgent: true }])
    expect(readFileSync(join(cwd, "made.txt"), "utf8")).toBe("made better\n")
    const below = messages.map((line) => ("parent_tool_use_id" in line && line.parent_tool_use_id !== null ? "> " : ""))
    // How far it is comes whenever it is told.
    const told = outline(messages).map((line, index) => `${below[index]}${line}`)
    expect(told.filter((line) => !line.endsWith("_progress"))).toEqual([
      "system init",
      "assistant tool_use",
      "system task_started",
      "> assistant text",
      "> assistant tool_use",
      "> user",
      "> assistant text",
      "system task_notification",
      "user",
      "assistant text",
      "result success",
    ])
  },
)
