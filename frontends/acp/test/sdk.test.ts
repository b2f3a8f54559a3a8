import { afterAll, beforeAll, expect, test } from "bun:test"
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { methods } from "@agentclientprotocol/sdk"
import { anthropic, type Reply } from "@skein/testkit/providers"
import { type Asking, connect, outline, started, text } from "./client.ts"

const { session } = methods.agent

/** The built program. `npm test` builds it first. */
const program = join(import.meta.dir, "../../../dist/skein")
const isMissing = !existsSync(program)
if (isMissing) console.warn("Skipped: the SDK's client against the real program, because dist/skein is not built.")

let folder = ""
let model: ReturnType<typeof anthropic> | undefined
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "skein-acp-")))
  model = anthropic(replyTo)
})
afterAll(() => {
  model?.stop()
  rmSync(folder, { recursive: true, force: true })
})

function replyTo(prompt: string): Reply {
  if (prompt.includes("make it")) {
    return { text: "I will.", call: { name: "write", input: { path: "made.txt", content: "made\n" } } }
  }
  return prompt.includes("wait for me") ? { text: "Let me think", hangs: true } : { text: "Hello there friend" }
}

function start(asking: Asking = {}) {
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: folder,
    SKEIN_HOME: join(folder, ".home"),
    ANTHROPIC_BASE_URL: model?.url ?? "",
    ANTHROPIC_API_KEY: "none",
  }
  return connect(started(program, env, folder), asking)
}

test.skipIf(isMissing)(
  "the program completes a turn with one approval, and replays it to the next client",
  async () => {
    const host = await start()
    const { sessionId } = await host.agent.request(session.new, { cwd: folder, mcpServers: [] })
    const { stopReason } = await host.agent.request(session.prompt, { sessionId, prompt: text("make it") })

    expect(stopReason).toBe("end_turn")
    expect(host.asked).toMatchObject([
      {
        toolCall: { kind: "edit", content: [{ type: "diff", path: join(folder, "made.txt"), newText: "made\n" }, {}] },
      },
    ])
    expect(readFileSync(join(folder, "made.txt"), "utf8")).toBe("made\n")
    expect(outline(host.updates(sessionId)).filter((line) => !/^(usage|session_info)/.test(line))).toEqual([
      'agent_message_chunk "I will."',
      "tool_call pending write made.txt",
      "tool_call_update in_progress",
      "tool_call_update completed",
      'agent_message_chunk "All done here."',
    ])
    expect(await host.close()).toBe(0)

    const next = await start()
    const { sessions } = await next.agent.request(session.list, { cwd: folder })
    expect(sessions).toMatchObject([{ sessionId, title: "make it" }])
    await next.agent.request(session.load, { sessionId, cwd: folder, mcpServers: [] })
    expect(outline(next.updates(sessionId))).toEqual([
      'user_message_chunk "make it"',
      'agent_message_chunk "I will."',
      "tool_call completed write made.txt",
      'agent_message_chunk "All done here."',
    ])
    expect(await next.close()).toBe(0)
  },
)

test.skipIf(isMissing)("the program stops at a cancel in one session while another goes on", async () => {
  const host = await start()
  const open = async () => (await host.agent.request(session.new, { cwd: folder, mcpServers: [] })).sessionId
  const prompt = (sessionId: string, words: string) =>
    host.agent.request(session.prompt, { sessionId, prompt: text(words) })
  const [a, b] = [await open(), await open()]
  const waiting = prompt(a, "wait for me")
  await host.until(a, ({ sessionUpdate }) => sessionUpdate === "agent_message_chunk")

  expect(await prompt(b, "hello")).toEqual({ stopReason: "end_turn" })
  await host.agent.notify(session.cancel, { sessionId: a })
  expect(await waiting).toEqual({ stopReason: "cancelled" })
  expect(await prompt(a, "hello")).toEqual({ stopReason: "end_turn" })
  expect(await host.close()).toBe(0)
})
