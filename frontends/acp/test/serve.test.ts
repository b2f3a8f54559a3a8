import { expect, test } from "bun:test"
import { type McpServer, methods, type SessionUpdate } from "@agentclientprotocol/sdk"
import { type Id, type IdPrefix, SkeinError } from "@skein/protocol"
import {
  call,
  countingRandom,
  fail,
  memoryLogs,
  type Scripted,
  say,
  TEST_SETTINGS,
  testEngine,
  testTools,
} from "@skein/testkit"
import { RESTART_NOTE } from "../src/told-text.ts"
import { type Asking, allow, connect, outline, served, text } from "./client.ts"
import { modelBy } from "./scripts.ts"

const { session } = methods.agent

/** The clock of the tests jumps over anything shorter. */
const DAY_MS = 86_400_000
const DIFF = "--- /etc/a\n+++ /etc/a\n@@ -1,2 +1,2 @@\n one\n-two\n+2\n"
const tools = testTools({
  write: {
    timeoutMs: DAY_MS,
    effects: [{ kind: "write", paths: ["/etc/a"], isInside: false }],
    run: () => ({
      forModel: [{ type: "text", text: "Changed /etc/a." }],
      forHuman: { kind: "diff", body: DIFF },
      changes: [{ path: "/etc/a", kind: "update", before: "1", after: "2", diff: DIFF }],
    }),
  },
  look: {
    timeoutMs: DAY_MS,
    run: () => ({ forModel: [{ type: "text", text: "1\ta" }], forHuman: { kind: "file", body: "a\n```\n" } }),
  },
})

type Ports = Parameters<typeof testEngine>[1]

async function started(scripts: Record<string, readonly Scripted[]>, asking: Asking & { ports?: Ports } = {}) {
  const engine = testEngine(modelBy(scripts), { tools, settings: TEST_SETTINGS, ...asking.ports })
  const host = await connect(served(engine), asking)
  const open = async (cwd = "/repo") => (await host.agent.request(session.new, { cwd, mcpServers: [] })).sessionId
  const prompt = async (sessionId: string, words: string) =>
    (await host.agent.request(session.prompt, { sessionId, prompt: text(words) })).stopReason
  return { ...host, engine, open, prompt }
}

const ofTurn = (updates: readonly SessionUpdate[]) =>
  outline(updates.filter(({ sessionUpdate }) => !/usage|session_info/.test(sessionUpdate)))

test("a turn is text, a reported call, a question about it, its result, and the reason why it ended", async () => {
  const host = await started({ "write it": [call("write", {}), say("All ", "done.")] })
  const sessionId = await host.open()

  expect(await host.prompt(sessionId, "write it")).toBe("end_turn")
  expect(ofTurn(host.updates(sessionId))).toEqual([
    "tool_call pending write {}",
    "tool_call_update in_progress",
    "tool_call_update completed",
    'agent_message_chunk "All "',
    'agent_message_chunk "done."',
  ])
  const [asked] = host.asked
  const reported = host.updates(sessionId).find(({ sessionUpdate }) => sessionUpdate === "tool_call")
  expect(asked).toMatchObject({
    sessionId,
    toolCall: { toolCallId: reported && "toolCallId" in reported ? reported.toolCallId : "", status: "pending" },
    options: [
      { optionId: "allow_once", kind: "allow_once" },
      { optionId: "allow_always", kind: "allow_always", name: "Always allow in this session: write: /etc/a" },
      { optionId: "reject_once", kind: "reject_once" },
      { optionId: "reject_always", kind: "reject_always", name: "Always reject in this session: write: /etc/a" },
    ],
  })
  expect(host.updates(sessionId).find((update) => "status" in update && update.status === "completed")).toMatchObject({
    content: [{ type: "diff", path: "/etc/a", oldText: "one\ntwo\n", newText: "one\n2\n" }],
  })
  expect(await host.close()).toBe(0)
})

test("a refusal is told to the model, and the call has failed", async () => {
  const host = await started(
    { "write it": [call("write", {}), say("I could not.")] },
    { answer: async () => allow("reject_once") },
  )
  const sessionId = await host.open()

  expect(await host.prompt(sessionId, "write it")).toBe("end_turn")
  expect(ofTurn(host.updates(sessionId))).toContain("tool_call_update failed")
  await host.close()
})

test("a client that cannot be asked, or answers with what was not offered, refuses", async () => {
  for (const answer of [async () => allow("surely"), async () => Promise.reject(new Error("no dialog"))]) {
    const host = await started({ "write it": [call("write", {}), say("No.")] }, { answer })
    const sessionId = await host.open()

    expect(await host.prompt(sessionId, "write it")).toBe("end_turn")
    expect(ofTurn(host.updates(sessionId))).not.toContain("tool_call_update in_progress")
    await host.close()
  }
})

test("cancel stops a model that goes on for ever, and the prompt says so", async () => {
  const forever = new Promise(() => {})
  const host = await started({ wait: [[[{ type: "text", index: 0, text: "Let me" }], forever]], hello: [say("Hi")] })
  const sessionId = await host.open()
  const answer = host.prompt(sessionId, "wait")
  await host.until(sessionId, ({ sessionUpdate }) => sessionUpdate === "agent_message_chunk")
  await host.agent.notify(session.cancel, { sessionId })

  expect(await answer).toBe("cancelled")
  expect(await host.prompt(sessionId, "hello")).toBe("end_turn")
  await host.close()
})

test("cancel withdraws an open question: the client is told, and its late answer runs nothing", async () => {
  const shown = Promise.withResolvers<void>()
  const withdrawn = Promise.withResolvers<void>()
  const host = await started(
    { "write it": [call("write", {})] },
    {
      answer: async (_request, signal) => {
        signal.addEventListener("abort", () => withdrawn.resolve())
        shown.resolve()
        await withdrawn.promise
        return allow()
      },
    },
  )
  const sessionId = await host.open()
  const answer = host.prompt(sessionId, "write it")
  await shown.promise
  await host.agent.notify(session.cancel, { sessionId })

  expect(await answer).toBe("cancelled")
  await withdrawn.promise
  expect(ofTurn(host.updates(sessionId))).toEqual(["tool_call pending write {}", "tool_call_update failed"])
  await host.close()
})

test("a question answered with cancelled ends the turn as cancelled", async () => {
  const host = await started(
    { "write it": [call("write", {})] },
    { answer: async () => ({ outcome: { outcome: "cancelled" } }) },
  )
  const sessionId = await host.open()

  expect(await host.prompt(sessionId, "write it")).toBe("cancelled")
  await host.close()
})

test("a cancel that comes with the prompt cancels it, and a prompt sent behind it is answered", async () => {
  const host = await started({ hello: [say("Hi")], again: [say("Hi again")] })
  const sessionId = await host.open()
  const first = host.prompt(sessionId, "hello")
  const cancel = host.agent.notify(session.cancel, { sessionId })
  const second = host.prompt(sessionId, "again")
  await cancel

  expect([await first, await second]).toEqual(["cancelled", "end_turn"])
  await host.close()
})

test("an earlier session is replayed before load answers, and goes on", async () => {
  const host = await started({ "write it": [call("write", {}), say("Done.")], more: [say("More.")] })
  const sessionId = await host.open()
  await host.prompt(sessionId, "write it")
  await host.agent.request(session.close, { sessionId })
  const before = host.updates(sessionId).length
  const loaded = await host.agent.request(session.load, { sessionId, cwd: "/repo", mcpServers: [] })

  expect(ofTurn(host.updates(sessionId).slice(before))).toEqual([
    'user_message_chunk "write it"',
    "tool_call completed write {}",
    'agent_message_chunk "Done."',
  ])
  expect(loaded.modes?.currentModeId).toBe("auto")
  expect(await host.prompt(sessionId, "more")).toBe("end_turn")
  await host.close()
})

test("a call that a crash left waiting is asked about again with the next prompt, which then has its own turn", async () => {
  const scripts = { "write it": [call("write", {}), say("Written.")], more: [say("More.")] }
  const asked = Promise.withResolvers<void>()
  const forever = () => {
    asked.resolve()
    return new Promise<never>(() => {})
  }
  const before = memoryLogs()
  const crashed = await started(scripts, { answer: forever, ports: { logs: before } })
  const sessionId = await crashed.open()
  void crashed.prompt(sessionId, "write it")
  await asked.promise
  const logs = memoryLogs()
  const log = await logs.create("ses_1")
  await log.append(await before.read("ses_1"), { flush: true })
  await log.close()

  const scriptsAfter = { ...scripts, "write it": [say("Written.")] }
  const { id, fraction } = countingRandom()
  const random = { fraction, id: <P extends IdPrefix>(prefix: P): Id<P> => `${id(prefix)}-later` }
  const host = await started(scriptsAfter, { ports: { logs, random } })
  await host.agent.request(session.resume, { sessionId, cwd: "/repo" })
  expect(ofTurn(host.updates(sessionId))).toEqual(["tool_call pending write {}"])
  expect(await host.prompt(sessionId, "more")).toBe("end_turn")
  expect(host.asked).toMatchObject([{ toolCall: { toolCallId: "cal_1" } }])
  expect(ofTurn(host.updates(sessionId)).slice(1)).toEqual([
    "tool_call_update in_progress",
    "tool_call_update completed",
    'agent_message_chunk "Written."',
    'agent_message_chunk "More."',
  ])
  await host.close()
  await crashed.close()
})

test("resume goes on without a replay; sessions are listed by folder", async () => {
  const host = await started({ hello: [say("Hi")] })
  const sessionId = await host.open("/one")
  await host.open("/two")
  await host.prompt(sessionId, "hello")
  await host.agent.request(session.close, { sessionId })
  const before = host.updates(sessionId).length
  await host.agent.request(session.resume, { sessionId, cwd: "/one" })
  const { sessions } = await host.agent.request(session.list, { cwd: "/one" })

  expect(host.updates(sessionId)).toHaveLength(before)
  expect(sessions).toMatchObject([{ sessionId, cwd: "/one", title: "hello" }])
  await host.close()
})

test("two sessions run at the same time, each with its own folder", async () => {
  const both = Promise.withResolvers<void>()
  const wait = (index: number, words: string): Scripted => [
    [{ type: "text", index: 0, text: words }],
    both.promise,
    [
      { type: "item_end", index },
      { type: "stop", reason: "end" },
    ],
  ]
  const host = await started({ one: [wait(0, "First")], two: [wait(0, "Second")] })
  const [a, b] = [await host.open("/one"), await host.open("/two")]
  const answers = [host.prompt(a, "one"), host.prompt(b, "two")]
  for (const id of [a, b]) await host.until(id, ({ sessionUpdate }) => sessionUpdate === "agent_message_chunk")
  both.resolve()

  expect(await Promise.all(answers)).toEqual(["end_turn", "end_turn"])
  expect([ofTurn(host.updates(a)), ofTurn(host.updates(b))]).toEqual([
    ['agent_message_chunk "First"'],
    ['agent_message_chunk "Second"'],
  ])
  await host.close()
})

test("mode, model and effort can be chosen, by either way, and every choice is reported", async () => {
  const host = await started({})
  const { sessionId, modes, configOptions } = await host.agent.request(session.new, { cwd: "/repo", mcpServers: [] })
  expect(modes?.availableModes.map(({ id }) => id)).toEqual(["plan", "ask", "accept-edits", "auto", "full"])
  expect(configOptions?.map(({ id, category }) => `${id} ${category}`)).toEqual([
    "mode mode",
    "model model",
    "effort thought_level",
  ])
  await host.agent.request(session.setMode, { sessionId, modeId: "plan" })
  const set = await host.agent.request(session.setConfigOption, { sessionId, configId: "effort", value: "high" })
  await host.until(sessionId, ({ sessionUpdate }) => sessionUpdate === "config_option_update")

  expect(set.configOptions.map((option) => option.currentValue)).toEqual(["plan", "test/scripted", "high"])
  expect(outline(host.updates(sessionId)).slice(0, 2)).toEqual(["current_mode_update plan", "config_option_update"])
  const wrong = host.agent.request(session.setMode, { sessionId, modeId: "yolo" })
  expect(await wrong.catch((error: { code: number }) => error.code)).toBe(-32602)
  await host.close()
})

test("what cannot be given is said: as a notice where the client has them, else with the next answer, and as no part of it", async () => {
  const mcpServers: McpServer[] = [{ name: "files", command: "files", args: [], env: [] }]
  const sentence = "The session goes on without files: There are no MCP servers here."
  const one = await started({}, { capabilities: { session: { notices: {} } } })
  const noticed = await one.agent.request(session.new, { cwd: "/repo", mcpServers })
  await one.until(noticed.sessionId, ({ sessionUpdate }) => sessionUpdate === "notice")
  expect(outline(one.updates(noticed.sessionId))).toEqual([`notice warning ${sentence}`])
  await one.close()

  const two = await started({ hello: [say("Hi")] })
  const { sessionId } = await two.agent.request(session.new, { cwd: "/repo", mcpServers })
  expect(two.updates(sessionId)).toEqual([])
  await two.prompt(sessionId, "hello")
  expect(ofTurn(two.updates(sessionId))).toEqual([
    `agent_thought_chunk ${JSON.stringify(`\n\n${sentence}\n\n`)}`,
    'agent_message_chunk "Hi"',
  ])
  await two.close()
})

test("an attempt that broke is not told twice, and one that differs is announced", async () => {
  const broken = new SkeinError("provider.stream_cut", "The reply ended in the middle.")
  const host = await started({
    same: [fail(broken, "One, ", "two"), say("One, two", ", three.")],
    other: [fail(broken, "One, two"), say("Uno, dos.")],
  })
  const sessionId = await host.open()
  const said = async (words: string) => {
    const before = host.updates(sessionId).length
    await host.prompt(sessionId, words)
    return ofTurn(host.updates(sessionId).slice(before))
  }

  expect(await said("same")).toEqual([
    'agent_message_chunk "One, "',
    'agent_message_chunk "two"',
    'agent_message_chunk ", three."',
  ])
  expect(await said("other")).toEqual([
    'agent_message_chunk "One, two"',
    `agent_message_chunk ${JSON.stringify(`${RESTART_NOTE}Uno, dos.`)}`,
  ])
  await host.close()
})

test("a failed turn is an error of the prompt with its code, and the session goes on", async () => {
  const denied = fail(new SkeinError("provider.auth", "The key was refused. Check ANTHROPIC_API_KEY."))
  const host = await started({ denied: [denied], hello: [say("Hi")] })
  const sessionId = await host.open()

  expect(await host.prompt(sessionId, "denied").catch((error: unknown) => error)).toMatchObject({
    code: -32000,
    message: "The key was refused. Check ANTHROPIC_API_KEY.",
    data: { code: "provider.auth" },
  })
  expect(await host.prompt(sessionId, "hello")).toBe("end_turn")
  await host.close()
})

test("usage and a limit that was reached are told", async () => {
  const host = await started({ look: [call("look", {}), say("Never said.")] })
  const sessionId = await host.open()
  await host.engine.submit({ type: "settings.change", sessionId: "ses_1", changes: { limits: { stepsMax: 1 } } })

  expect(await host.prompt(sessionId, "look")).toBe("max_turn_requests")
  expect(host.updates(sessionId).find(({ sessionUpdate }) => sessionUpdate === "usage_update")).toMatchObject({
    size: 90_000,
    cost: { currency: "USD" },
  })
  expect(ofTurn(host.updates(sessionId)).at(-1)).toBe(
    'agent_message_chunk "\\n\\nStopped after 1 step, the limit of this turn.\\n\\n"',
  )
  await host.close()
})

test("code that a tool shows cannot close the block it is shown in", async () => {
  const host = await started({ look: [call("look", {}), say("Seen.")] })
  const sessionId = await host.open()
  await host.prompt(sessionId, "look")

  expect(host.updates(sessionId).find((update) => "status" in update && update.status === "completed")).toMatchObject({
    content: [{ type: "content", content: { type: "text", text: "````\na\n```\n````" } }],
  })
  await host.close()
})

test("links, embedded text and images reach the model; an empty prompt and audio are refused", async () => {
  const requests: unknown[] = []
  const model = modelBy({ look: [say("Seen.")] })
  const engine = testEngine({
    ...model,
    stream: (request, signal) => {
      requests.push(request.messages.at(-1)?.content)
      return model.stream(request, signal)
    },
  })
  const host = await connect(served(engine))
  const { sessionId } = await host.agent.request(session.new, { cwd: "/repo", mcpServers: [] })
  await host.agent.request(session.prompt, {
    sessionId,
    prompt: [
      { type: "text", text: "look at " },
      { type: "resource_link", uri: "file:///repo/a%20b.ts", name: "a b.ts" },
      { type: "image", data: "AAAA", mimeType: "image/png" },
      { type: "resource", resource: { uri: "zed://buffer", text: "look\n", mimeType: "text/plain" } },
    ],
  })
  const refused = (prompt: Parameters<typeof host.agent.request>[1]) =>
    host.agent.request("session/prompt", prompt).catch((error: { code: number }) => error.code)

  expect(requests).toEqual([
    [
      { type: "text", text: "look at /repo/a b.ts" },
      { type: "image", mediaType: "image/png", data: "AAAA" },
      { type: "text", text: "\n\nzed://buffer:\n```\nlook\n```\n\n" },
    ],
  ])
  expect(await refused({ sessionId, prompt: [] })).toBe(-32602)
  expect(await refused({ sessionId, prompt: [{ type: "audio", data: "AA", mimeType: "audio/wav" }] })).toBe(-32602)
  await host.close()
})

test("a client that leaves in the middle of a turn leaves nothing running behind", async () => {
  const host = await started({ wait: [[[{ type: "text", index: 0, text: "Let me" }], new Promise(() => {})]] })
  const sessionId = await host.open()
  const answer = host.prompt(sessionId, "wait")
  await host.until(sessionId, ({ sessionUpdate }) => sessionUpdate === "agent_message_chunk")
  const code = await host.close()

  expect([code, await answer]).toEqual([0, "cancelled"])
})

test("slash commands are offered to every client, and a prompt that is one is answered without a model", async () => {
  const host = await started({ "/etc/hosts is what?": [say("A file.")] })
  const sessionId = await host.open()
  await host.until(sessionId, ({ sessionUpdate }) => sessionUpdate === "available_commands_update")
  const [commands] = host.commands(sessionId)
  expect(commands?.find(({ name }) => name === "goal")).toEqual({
    name: "goal",
    description: "Show, set or clear what this session is for.",
    input: { hint: "[text | clear]" },
  })

  expect(await host.prompt(sessionId, "/mode plan")).toBe("end_turn")
  expect(await host.prompt(sessionId, "/mode nope")).toBe("end_turn")
  expect(await host.prompt(sessionId, "/etc/hosts is what?")).toBe("end_turn")
  expect(ofTurn(host.updates(sessionId)).filter((line) => line.startsWith("agent"))).toEqual([
    'agent_message_chunk "The mode is plan: reads and plans, changes nothing."',
    `agent_message_chunk ${JSON.stringify("```\nThere is no mode nope.\n/mode [plan|ask|accept-edits|auto|full]  Choose what may run without asking.\n```")}`,
    'agent_message_chunk "A file."',
  ])
  expect(await host.close()).toBe(0)
})

test("a written plan is shown as the client's plan, a step within another indented", async () => {
  const written = testTools({
    plan: {
      run: () => ({
        forModel: [{ type: "text", text: "kept" }],
        session: {
          type: "plan.changed",
          plan: "- one\n  - [x] two",
          steps: [
            { text: "one", depth: 0 },
            { text: "two", depth: 1, status: "completed" },
          ],
        },
      }),
    },
  })
  const host = await started({ go: [call("plan", {}), say("Done.")] }, { ports: { tools: written } })
  const sessionId = await host.open()
  expect(await host.prompt(sessionId, "go")).toBe("end_turn")
  expect(host.updates(sessionId).find(({ sessionUpdate }) => sessionUpdate === "plan")).toEqual({
    sessionUpdate: "plan",
    entries: [
      { content: "one", priority: "medium", status: "pending" },
      { content: "  two", priority: "medium", status: "completed" },
    ],
  })
  expect(await host.close()).toBe(0)
})

test("the list of what is to do is shown as the client's plan", async () => {
  const todo = testTools({
    todo_write: {
      run: () => ({
        forModel: [{ type: "text", text: "kept" }],
        session: {
          type: "todo.changed",
          todos: [
            { text: "one", status: "completed" },
            { text: "two", status: "in_progress" },
          ],
        },
      }),
    },
  })
  const host = await started({ go: [call("todo_write", {}), say("Done.")] }, { ports: { tools: todo } })
  const sessionId = await host.open()
  expect(await host.prompt(sessionId, "go")).toBe("end_turn")
  expect(host.updates(sessionId).find(({ sessionUpdate }) => sessionUpdate === "plan")).toEqual({
    sessionUpdate: "plan",
    entries: [
      { content: "one", priority: "medium", status: "completed" },
      { content: "two", priority: "medium", status: "in_progress" },
    ],
  })
  expect(await host.close()).toBe(0)
})
