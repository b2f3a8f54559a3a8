import { expect, test } from "bun:test"
import { accepted, type Engine, type EventOf, type SessionId, SkeinError } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { Children } from "../src/children.ts"
import { fakeEngine } from "./fake-engine.ts"
import { script } from "./script.ts"

const childSessionId: SessionId = "ses_0199bbbb-0000-7000-8000-000000000001"
const common = { v: 1, seq: 1, id: "evt_1", at: 0, sessionId: "ses_0199aaaa-0000-7000-8000-000000000001" } as const

const started: EventOf<"subagent.started"> = {
  ...common,
  ...{ type: "subagent.started", childSessionId, callId: "cal_1", agent: "general", description: "read a file" },
}
const ended: EventOf<"subagent.ended"> = {
  ...common,
  ...{ type: "subagent.ended", childSessionId, agent: "general", outcome: { kind: "completed" }, text: "Two lines." },
  ...{ steps: 2, tokens: 100, microUsd: 0, durationMs: 9, changedPaths: [] },
}

/** The engine of a child that works when it is asked to, whose events come slowly. */
async function slowly(): Promise<Engine & { work(): Promise<void> }> {
  const engine = fakeEngine(script)
  let isThere = false
  return {
    ...engine,
    async ask(query) {
      if (!isThere) throw new SkeinError("session.not_found", "There is none.")
      return engine.ask(query)
    },
    async *events(subscription) {
      for await (const event of engine.events(subscription)) {
        await Bun.sleep(3)
        yield event
      }
    },
    async work() {
      isThere = true
      const model = "anthropic/claude-sonnet-4-5"
      const created = { type: "session.create", sessionId: childSessionId, cwd: "/w/tree" } as const
      await accepted(engine, { ...created, settings: { model }, isInteractive: false })
      const input = [{ type: "text", text: "read it" } as const]
      await accepted(engine, { type: "turn.submit", sessionId: childSessionId, input, delivery: "start" })
      await Bun.sleep(5)
    },
  }
}

async function told(isTextForwarded: boolean, doesWork = true) {
  const engine = await slowly()
  const sent: Json[] = []
  const warned: string[] = []
  const context = {
    ...{
      sessionId: "s",
      cwd: "/w",
      tools: () => [],
      models: [],
      commands: () => [],
      agents: [],
      outputStyle: "default",
      model: "m/m",
      mcpServers: () => [],
      skills: [],
      plugins: [],
    },
    ...{ isPartial: true, isStructured: false, hasHooks: false, mode: () => "default" as const, uuid: () => "u" },
    ...{ engine, isTextForwarded, send: (line: Json) => sent.push(line), warn: (text: string) => warned.push(text) },
  }
  const children = new Children(context, () => "toolu_task")
  await children.before(started)
  if (doesWork) await engine.work()
  await children.before(ended)
  return { sent, warned }
}

const brief = ({ type, subtype, parent_tool_use_id: parent }: Json) =>
  [type, subtype, parent].filter((word) => word !== undefined).join(" ")

test("all that a sub-agent did is told below its call before its end is, however late its events come", async () => {
  const { sent } = await told(false)
  expect(sent.map(brief)).toEqual([
    "system task_started",
    "assistant toolu_task",
    "user toolu_task",
    "system task_notification",
  ])
  expect(sent[1]).toMatchObject({
    message: { content: [{ type: "tool_use", name: "Read", input: { file_path: "/w/tree/a.txt" } }] },
    ...{ subagent_type: "general-purpose", task_description: "read a file", session_id: "s" },
  })
  expect(sent[3]).toMatchObject({ status: "completed", usage: { tool_uses: 1 }, tool_use_id: "toolu_task" })
})

test("what it says is told to a host that asked for it", async () => {
  expect((await told(true)).sent.map(brief)).toEqual([
    "system task_started",
    "assistant toolu_task",
    "user toolu_task",
    "assistant toolu_task",
    "system task_notification",
  ])
})

test("one that never got to begin is told to have started and ended, without a warning", async () => {
  const { sent, warned } = await told(false, false)
  expect(sent.map(brief)).toEqual(["system task_started", "system task_notification"])
  expect(warned).toEqual([])
})

test("task_progress says what one does, with what it has used so far", async () => {
  const engine = await slowly()
  const sent: Json[] = []
  const context = {
    ...{
      sessionId: "s",
      cwd: "/w",
      tools: () => [],
      models: [],
      commands: () => [],
      agents: [],
      outputStyle: "default",
    },
    ...{ model: "m/m", mcpServers: () => [], skills: [], plugins: [], isPartial: false, isStructured: false },
    ...{ hasHooks: false, mode: () => "default" as const, uuid: () => "u", isTextForwarded: false, warn: () => {} },
    ...{ engine, send: (line: Json) => sent.push(line) },
  }
  const children = new Children(context, () => "toolu_task")
  await children.before(started)
  const live = { v: 1, after: 1, live: 1, at: 900, sessionId: common.sessionId, childSessionId } as const
  const what = { agent: "general", description: "read a file", status: "running", steps: 1, microUsd: 0 } as const
  await children.before({ ...live, type: "subagent.updated", ...what, doing: "read a.txt", tokens: 40 })
  expect(sent.at(-1)).toMatchObject({
    ...{ subtype: "task_progress", tool_use_id: "toolu_task", description: "read a file", summary: "read a.txt" },
    usage: { total_tokens: 40, tool_uses: 0, duration_ms: 900 },
  })
})
