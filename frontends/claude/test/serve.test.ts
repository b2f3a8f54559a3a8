import { expect, test } from "bun:test"
import { talk } from "./talk.ts"

const isResult = (line: { type?: string }) => line.type === "result"
const asks = (line: { type?: string; request?: unknown }) => line.type === "control_request"
const STDIO = ["--permission-prompt-tool=stdio"]

test("an unknown control request is answered with an error, never with silence", async () => {
  const host = talk()
  expect(await host.request("a", { subtype: "fly" })).toEqual({
    subtype: "error",
    request_id: "a",
    error: "Unsupported control request subtype: fly",
  })
  expect(await host.end()).toBe(0)
})

test("a request named like a property of every object is unknown too", async () => {
  const host = talk()
  expect((await host.request("a", { subtype: "constructor" })).subtype).toBe("error")
  await host.end()
})

test("a host that says nothing opens no session", async () => {
  const host = talk()
  await host.request("a", { subtype: "initialize" })
  expect(await host.end()).toBe(0)
  expect(host.engine.ops).toEqual([])
})

test("broken lines are told and passed over", async () => {
  const host = talk()
  host.say("{not json")
  host.say("[]")
  host.user("hello")
  await host.until(isResult)
  expect(await host.end()).toBe(0)
  expect(host.notes).toEqual([
    "A line of input that is not a JSON object was left out.",
    "A line of input that is not a JSON object was left out.",
  ])
})

test("the end of input lets the turn finish", async () => {
  const host = talk()
  host.user("hello")
  expect(await host.end()).toBe(0)
  expect(host.lines.findLast(isResult)).toMatchObject({ subtype: "success", result: "Hello there friend" })
})

test("a question left open by a host that closed its end refuses the call", async () => {
  const host = talk(STDIO)
  host.user("run it")
  await host.until(asks)
  expect(await host.end()).toBe(0)
  expect(host.lines.findLast(isResult)).toMatchObject({
    result: "All done here.",
    permission_denials: [{ tool_name: "Bash", tool_use_id: "toolu_1-0" }],
  })
})

test("without a host that answers, and with dontAsk, what must be asked is refused at once", async () => {
  for (const argv of [[], [...STDIO, "--permission-mode=dontAsk"]]) {
    const host = talk(argv)
    host.user("run it")
    expect(await host.until(isResult)).toMatchObject({ permission_denials: [{ tool_name: "Bash" }] })
    await host.end()
    expect(host.lines.filter(asks)).toEqual([])
  }
})

test("can_use_tool carries the call, the reason and what always would mean", async () => {
  const host = talk(STDIO)
  host.user("run it")
  expect((await host.until(asks)).request).toEqual({
    subtype: "can_use_tool",
    tool_name: "Bash",
    display_name: "Bash",
    input: { command: "echo hi", timeout: 500 },
    tool_use_id: "toolu_1-0",
    description: "bash it",
    decision_reason: "It runs a command.",
    permission_suggestions: [
      {
        type: "addRules",
        rules: [{ toolName: "Bash", ruleContent: "echo *" }],
        behavior: "allow",
        destination: "session",
      },
    ],
  })
  await host.end()
})

test("an allowance with changed input, a rule, a mode and a folder takes effect before the call goes on", async () => {
  const host = talk(STDIO)
  host.user("run it")
  host.answer(await host.until(asks), {
    behavior: "allow",
    updatedInput: { command: "echo ho", timeout: 500 },
    updatedPermissions: [
      {
        type: "addRules",
        rules: [{ toolName: "Bash", ruleContent: "git *" }],
        behavior: "allow",
        destination: "session",
      },
      { type: "setMode", mode: "acceptEdits", destination: "session" },
      { type: "addDirectories", directories: ["/more"], destination: "session" },
      { type: "removeRules", rules: [], behavior: "allow", destination: "session" },
    ],
  })
  await host.until(isResult)
  await host.end()

  const [, ...later] = host.engine.ops.filter((op) => op.type !== "client.attach" && op.type !== "turn.submit")
  expect(later.slice(0, 3)).toMatchObject([
    { type: "settings.change", changes: { mode: "accept-edits" } },
    { type: "settings.change", changes: { extraRoots: ["/more"] } },
    {
      type: "approval.answer",
      answer: "allow_always",
      rules: [{ tool: "bash", command: "git *", decision: "allow", scope: "session" }],
      updatedInput: { command: "echo ho", timeoutMs: 500 },
    },
  ])
  expect(host.notes).toEqual(["A permission update of type removeRules was left out: it is not supported yet."])
})

test("a refusal with interrupt ends the turn without another step", async () => {
  const host = talk(STDIO)
  host.user("run it")
  host.answer(await host.until(asks), { behavior: "deny", message: "stop", interrupt: true })
  expect(await host.until(isResult)).toMatchObject({ subtype: "error_during_execution", num_turns: 1, is_error: true })
  expect(await host.end()).toBe(1)
})

test("an answer that is not clearly an allowance refuses", async () => {
  for (const reply of [{}, { behavior: "maybe" }, { behavior: "ALLOW" }]) {
    const host = talk(STDIO)
    host.user("run it")
    host.answer(await host.until(asks), reply)
    expect(await host.until(isResult)).toMatchObject({ permission_denials: [{ tool_name: "Bash" }] })
    await host.end()
  }
})

test("an interrupt withdraws the open question", async () => {
  const host = talk(STDIO)
  host.user("run it")
  const asked = await host.until(asks)
  expect(await host.request("i", { subtype: "interrupt" })).toMatchObject({
    subtype: "success",
    response: { still_queued: [] },
  })
  expect(await host.until(isResult)).toMatchObject({ subtype: "error_during_execution", permission_denials: [] })
  await host.end()
  expect(host.lines).toContainEqual({ type: "control_cancel_request", request_id: asked.request_id })
})

test("an interrupt leaves the messages that wait, or takes those that have a name with it", async () => {
  const host = talk()
  host.user("wait for me")
  await host.until((line) => line.type === "system" && line.subtype === "init")
  host.user("hello", { uuid: "u1" })
  host.user("hello", { uuid: "u2" })
  expect((await host.request("c", { subtype: "cancel_async_message", message_uuid: "u2" })).response).toEqual({
    cancelled: true,
  })
  expect((await host.request("i", { subtype: "interrupt" })).response).toEqual({ still_queued: ["u1"] })
  expect(await host.end()).toBe(0)
  expect(host.lines.filter(isResult).map((line) => line.subtype)).toEqual(["error_during_execution", "success"])
})

test("an interrupt when nothing runs is granted", async () => {
  const host = talk()
  expect(await host.request("i", { subtype: "interrupt" })).toMatchObject({ subtype: "success" })
  await host.end()
})

test("images go in as images, and what cannot is told", async () => {
  const host = talk()
  host.user([
    { type: "text", text: "hello" },
    { type: "image", source: { type: "base64", media_type: "image/png", data: "AA==" } },
    { type: "document", source: { type: "url", url: "x" } },
  ])
  await host.until(isResult)
  await host.end()
  expect(host.engine.ops.find((op) => op.type === "turn.submit")).toMatchObject({
    input: [
      { type: "text", text: "hello" },
      { type: "image", mediaType: "image/png", data: "AA==" },
    ],
  })
  expect(host.notes).toEqual(["A document block of a user message was left out: text and base64 images are supported."])
})

test("a message that asks for no answer goes ahead of the next one", async () => {
  const host = talk()
  host.user("context", { shouldQuery: false })
  host.user("hello")
  await host.until(isResult)
  await host.end()
  expect(host.engine.ops.find((op) => op.type === "turn.submit")).toMatchObject({
    input: [
      { type: "text", text: "context" },
      { type: "text", text: "hello" },
    ],
  })
})

test("a session that does not exist is a failed result, and exit code 1", async () => {
  const host = talk(["--resume=0199-none"])
  host.user("hello")
  expect(await host.until(isResult)).toMatchObject({
    subtype: "error_during_execution",
    is_error: true,
    session_id: "0199-none",
    errors: ["No conversation found with session ID ses_0199-none"],
  })
  expect(await host.end()).toBe(1)
})

test("a session id that is none is refused before it can name a file", async () => {
  for (const argv of [["--session-id=../../x"], ["--resume=../../x"]]) {
    const host = talk(argv)
    host.user("hello")
    expect(await host.until(isResult)).toMatchObject({
      errors: ['"../../x" is not the id of a session: give its UUID.'],
    })
    expect(await host.end()).toBe(1)
    expect(host.engine.ops).toEqual([])
  }
})

test("a proposed session id is used, plain outside and prefixed inside", async () => {
  const host = talk(["--session-id=0199-mine"])
  host.user("hello")
  expect(await host.until(isResult)).toMatchObject({ session_id: "0199-mine" })
  await host.end()
  expect(host.engine.ops[0]).toMatchObject({ type: "session.create", sessionId: "ses_0199-mine" })
})

test("instructions of the host reach whoever takes them, and are refused aloud when nobody does", async () => {
  const taken: unknown[] = []
  const request = { subtype: "initialize", systemPrompt: ["Be brief."], appendSystemPrompt: "Please." }
  const host = talk([], {
    onGiven: ({ systemPrompt, appendSystemPrompt }) => taken.push({ systemPrompt, appendSystemPrompt }),
  })
  await host.request("a", request)
  host.user("hello")
  await host.end()
  expect(taken).toEqual([{ systemPrompt: "Be brief.", appendSystemPrompt: "Please." }])

  const deaf = talk()
  await deaf.request("a", { ...request, hooks: { PreToolUse: [{ hookCallbackIds: ["hook_0"] }] } })
  deaf.user("hello")
  await deaf.end()
  expect(deaf.notes).toEqual([
    "What the host hands over is not taken here; skein's own holds.",
    "Hooks of the host are not run here.",
  ])
})

test("the session's state is told around each turn to a host that reads it", async () => {
  const host = talk(STDIO, { readsSessionState: true })
  host.user("run it")
  host.answer(await host.until(asks), { behavior: "allow" })
  await host.end()
  const states = host.lines.flatMap((line) => (line.subtype === "session_state_changed" ? [line.state] : []))
  expect(states).toEqual(["running", "requires_action", "running", "idle"])
})

test("slash commands are named in init, and a message that is one is answered without a turn", async () => {
  const host = talk()
  const { response } = await host.request("a", { subtype: "initialize" })
  expect(response).toMatchObject({
    commands: [
      { name: "goal", description: "What it is for.", argumentHint: "[text]" },
      { name: "pdf", description: "Reads PDFs." },
    ],
  })
  host.user("/goal ship it")
  expect(await host.until(isResult)).toMatchObject({ is_error: false, result: "The goal: ship it", num_turns: 0 })
  expect(host.lines.filter(({ type }) => type !== "control_response")).toMatchObject([
    { type: "system", subtype: "init", slash_commands: ["goal"], plugins: [{ name: "demo", path: "/plugins/demo" }] },
    { type: "assistant", message: { model: "<synthetic>", content: [{ type: "text", text: "The goal: ship it" }] } },
    { type: "result" },
  ])
  host.user("/goal")
  host.user("/etc/hosts")
  expect(await host.end()).toBe(0)
  expect(host.lines.filter(isResult).map(({ result, is_error }) => [result, is_error])).toEqual([
    ["The goal: ship it", false],
    ["No goal.", true],
    ["Hello there friend", false],
  ])
  expect(host.engine.ops.filter(({ type }) => type === "turn.submit")).toHaveLength(1)
})
