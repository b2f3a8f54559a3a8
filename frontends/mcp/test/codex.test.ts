import { describe, expect, test } from "bun:test"
import { accepted, type Engine } from "@skein/protocol"
import { call, type Scripted, say, scriptedModel, testEngine, testTools } from "@skein/testkit"
import { codexSource, type McpSource } from "../src/index.ts"
import { CLIENTS, connect1, served } from "./client.ts"

const tools = testTools({
  bash: { effects: [{ kind: "unknown" }], run: () => "on branch main" },
  echo: { run: ({ text }) => `echo ${text}` },
})

function engineWith(...script: readonly Scripted[]): Engine {
  return testEngine(scriptedModel(...script), { tools })
}

/** Sessions of one engine, as the program opens them; `policy` never leaves what must be asked unasked. */
function source(engine: Engine): McpSource {
  return codexSource({
    version: "0.0.0",
    async open({ cwd = "/repo", policy, compactPrompt }) {
      const settings = { model: "test/scripted", ...(compactPrompt === undefined ? {} : { compactPrompt }) }
      const { sessionId } = await accepted(engine, { type: "session.create", cwd, settings })
      return { engine, sessionId, isAsking: policy !== "never" }
    },
    async resume(threadId) {
      const sessionId = `ses_${threadId}` as const
      await engine.ask({ type: "session.read", sessionId })
      return { engine, sessionId, isAsking: true }
    },
  })
}

const eventsOf = (lines: readonly string[]) =>
  lines.map((line) => JSON.parse(line)).filter(({ method }) => method === "codex/event")

for (const [name, connect] of Object.entries(CLIENTS)) {
  describe(name, () => {
    test("begins a thread, goes on with it, and is told what happens by events of Codex", async () => {
      const engine = engineWith(call("echo", { text: "a" }), say("done"), say("more"), say("again"))
      const { wire, done } = served(source(engine))
      const client = await connect(wire)
      expect((await client.sdk.listTools()).tools.map(({ name }) => name)).toEqual(["codex", "codex-reply"])
      const first = await client.call("codex", { prompt: "do it", "compact-prompt": "Keep ports." })
      expect(first).toMatchObject({ isError: false, text: "done", structured: { threadId: "1", content: "done" } })
      const second = await client.call("codex-reply", { threadId: "1", prompt: "more" })
      expect(second.structured).toEqual({ threadId: "1", content: "more" })
      const third = await client.call("codex-reply", { conversationId: "1", prompt: "again" })
      expect(third.text).toBe("again")
      const told = eventsOf(wire.lines)
      expect(told[0].params).toMatchObject({ _meta: { threadId: "1" }, msg: { type: "session_configured" } })
      const kinds = new Set(told.map(({ params }) => params.msg.type))
      for (const kind of ["task_started", "mcp_tool_call_end", "agent_message", "token_count", "task_complete"])
        expect(kinds).toContain(kind)
      expect((await engine.ask({ type: "session.read", sessionId: "ses_1" })).settings.compactPrompt).toBe(
        "Keep ports.",
      )
      await client.sdk.close()
      await done
    })
  })
}

/** A client that answers as Codex's own do: with a `decision`, which no form has. */
async function decided(decision: unknown, ...script: readonly Scripted[]) {
  const { wire } = served(source(engineWith(...script)))
  const asked: unknown[] = []
  const result = Promise.withResolvers<Record<string, unknown>>()
  wire.onLine = (line) => {
    const message = JSON.parse(line)
    if (message.method === "elicitation/create") {
      asked.push(message.params)
      wire.type(JSON.stringify({ jsonrpc: "2.0", id: message.id, result: decision }))
    }
    if (message.id === "call") result.resolve(message.result)
  }
  const send = (message: object) => wire.type(JSON.stringify({ jsonrpc: "2.0", ...message }))
  const clientInfo = { name: "codex", version: "0" }
  send({
    ...{ id: 0, method: "initialize" },
    params: { protocolVersion: "2025-06-18", capabilities: { elicitation: {} }, clientInfo },
  })
  send({ method: "notifications/initialized" })
  send({ id: "call", method: "tools/call", params: { name: "codex", arguments: { prompt: "look" } } })
  const settled = await result.promise
  wire.end()
  return { asked, settled, events: eventsOf(wire.lines) }
}

test("what must be asked is asked with Codex's fields, and a decision is taken", async () => {
  const script = [call("bash", { command: "git status" }), say("clean")]
  const { asked, settled } = await decided({ decision: "approved" }, ...script)
  expect(asked).toEqual([
    expect.objectContaining({
      ...{ threadId: "1", codex_elicitation: "exec-approval", codex_mcp_tool_call_id: "call" },
      ...{ codex_command: ["bash", "-lc", "bash"], requestedSchema: { type: "object", properties: {} } },
    }),
  ])
  expect(settled.structuredContent).toEqual({ threadId: "1", content: "clean" })
})

test("a denial is told to the model, an abort ends the turn, and what is no decision refuses", async () => {
  const script = [call("bash", { command: "x" }), say("not allowed")]
  const denied = await decided({ decision: "denied" }, ...script)
  expect([denied.settled.isError, denied.settled.structuredContent]).toEqual([
    undefined,
    { threadId: "1", content: "not allowed" },
  ])
  const strange = await decided({ yes: "yes" }, ...script)
  expect(strange.settled.structuredContent).toEqual({ threadId: "1", content: "not allowed" })
  const aborted = await decided({ decision: "abort" }, ...script)
  expect(aborted.settled.isError).toBe(true)
  expect(aborted.events.at(-1)?.params.msg).toEqual({ type: "turn_aborted", reason: "interrupted" })
})

test("threads run at the same time, one that is busy says so, and one taken back is stopped", async () => {
  const begun = Promise.withResolvers<void>()
  const engine = engineWith(
    [[{ type: "text", index: 0, text: "Let" }], new Promise<never>(() => begun.resolve())],
    say("b"),
  )
  const { wire } = served(source(engine))
  const client = await connect1(wire)
  const stop = new AbortController()
  const first = client.call("codex", { prompt: "a" }, { signal: stop.signal })
  await begun.promise
  expect((await client.call("codex", { prompt: "b" })).text).toBe("b")
  const busy = await client.call("codex-reply", { threadId: "1", prompt: "c" })
  expect([busy.isError, busy.text]).toEqual([true, expect.stringContaining("A turn is running")])
  stop.abort()
  await expect(first).rejects.toThrow()
  const ended = async () => eventsOf(wire.lines).some(({ params }) => params.msg.type === "turn_aborted")
  while (!(await ended())) await Bun.sleep(1)
  await client.sdk.close()
})

test("a wish that nobody knows, a prompt without words and a thread that is not there are told", async () => {
  const { wire } = served(source(engineWith()))
  const client = await connect1(wire)
  await expect(client.call("codex", { prompt: "a", sandbox: "none" })).rejects.toThrow("sandbox")
  await expect(client.call("codex", { prompt: "a", color: "red" })).rejects.toThrow("color")
  await expect(client.call("codex", { prompt: " " })).rejects.toThrow("prompt")
  await expect(client.call("codex-reply", { prompt: "a" })).rejects.toThrow("Either threadId or conversationId")
  expect((await client.call("codex-reply", { prompt: "a", threadId: "99" })).isError).toBe(true)
  await client.sdk.close()
})
