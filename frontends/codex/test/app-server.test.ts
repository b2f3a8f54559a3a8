import { expect, test } from "bun:test"
import { SkeinError } from "@skein/protocol"
import { call, calls, fail, type Scripted, say, scriptedModel, testEngine, testTools } from "@skein/testkit"
import { idOf, type Message, serve } from "./talk.ts"

const COMMAND = { forModel: [{ type: "text" as const, text: "hi\n(exit 0)" }], exitCode: 0 }

/** A server whose model answers by a script; `bash` runs confined, `write` changes a file. */
function server(...script: readonly Scripted[]) {
  const started = Promise.withResolvers<void>()
  const ran: string[] = []
  const model = scriptedModel(...script)
  const engine = testEngine(model, {
    tools: testTools({
      bash: {
        effects: [{ kind: "execute", command: "echo hi", isConfined: true }],
        run: async ({ command }, { signal }) => {
          ran.push(String(command))
          started.resolve()
          if (command === "wait") await new Promise((_, reject) => signal.addEventListener("abort", reject))
          return { ...COMMAND, forHuman: { kind: "command", body: "hi\n" } }
        },
      },
      todo_write: {
        effects: [{ kind: "none" }],
        run: () => ({
          forModel: [{ type: "text", text: "kept" }],
          session: { type: "todo.changed", todos: [{ text: "one", status: "in_progress" }] },
        }),
      },
      write: {
        effects: [{ kind: "write", paths: ["/repo/a.txt"], isInside: true }],
        run: () => ({
          forModel: [{ type: "text", text: "written" }],
          changes: [
            {
              path: "/repo/a.txt",
              kind: "add",
              before: null,
              after: "0",
              diff: "--- /dev/null\n+++ a.txt\n@@ -0,0 +1,1 @@\n+made\n",
            },
          ],
        }),
      },
    }),
  })
  return Object.assign(serve(engine), { started: started.promise, ran, model })
}

/** `item/started agentMessage`, `turn/completed completed`: what came, in order. */
function outline(messages: readonly Message[]): string[] {
  return messages.map(({ method, params, result, error }) => {
    if (method === undefined) return result ? "answer" : `error ${error?.code}`
    const item = params?.item as { type: string; status?: string } | undefined
    const turn = params?.turn as { status: string } | undefined
    const status = params?.status as { type: string; activeFlags?: string[] } | undefined
    const words = [item?.type, item?.status, turn?.status, status?.type, ...(status?.activeFlags ?? [])]
    return [method, ...words].filter((word) => word !== undefined).join(" ")
  })
}

test("before the handshake nothing is answered, and it is made once", async () => {
  const host = server()
  const early = await host.request("model/list")
  const first = await host.handshake()
  const second = await host.handshake()
  await host.end()

  expect(early.error).toEqual({ code: -32600, message: "Not initialized" })
  expect(first.result).toEqual({
    userAgent: "test/0.163.0 (linux) skein/1.2.3 (test; 1)",
    codexHome: "/home/me/.skein",
    platformFamily: "unix",
    platformOs: "linux",
  })
  expect(second.error).toEqual({ code: -32600, message: "Already initialized" })
})

test("an unknown method, a missing field and a method that is not here are told apart", async () => {
  const host = server()
  await host.handshake()
  const errors = [
    await host.request("nope/nope"),
    await host.request("turn/start", { input: [] }),
    await host.request("plugin/share/list"),
    await host.request("turn/start", { threadId: "9", input: [{ type: "text", text: "x" }] }),
    await host.request("thread/resume", { threadId: "9" }),
  ].map(({ error }) => error)
  host.say({ id: 99 })
  await host.end()

  expect(errors[0]?.message).toStartWith("Invalid request: unknown variant `nope/nope`, expected one of `initialize`")
  expect(errors.slice(1)).toEqual([
    { code: -32600, message: "Invalid request: missing field `threadId`" },
    {
      code: -32601,
      message: "plugin/share/list is not available in skein: it is a service of one provider's, for its own accounts",
    },
    { code: -32600, message: "thread not found: 9" },
    { code: -32600, message: "no rollout found for thread id 9" },
  ])
})

test("a turn is told in the order Codex tells it, its answer before its events", async () => {
  const host = server(say("Hel", "lo"))
  await host.handshake()
  const threadId = await host.thread({ model: "scripted", modelProvider: "test" })
  await host.turn(threadId, "hello")
  const ended = await host.next("turn/completed")
  await host.end()

  expect(outline(host.messages.slice(1))).toEqual([
    "remoteControl/status/changed",
    "answer",
    "thread/started",
    "answer",
    "thread/status/changed active",
    "turn/started inProgress",
    "item/started userMessage",
    "item/completed userMessage",
    "item/started agentMessage",
    "item/agentMessage/delta",
    "item/agentMessage/delta",
    "item/completed agentMessage",
    "thread/tokenUsage/updated",
    "thread/status/changed idle",
    "turn/completed completed",
  ])
  expect(ended.params).toMatchObject({
    threadId,
    turn: { items: [{ type: "agentMessage", text: "Hello" }], itemsView: "summary", error: null },
  })
})

test("an approval is asked and its acceptance runs the command", async () => {
  const host = server(call("bash", { command: "echo hi" }), say("done"))
  await host.handshake()
  const threadId = await host.thread({ approvalPolicy: "untrusted" })
  await host.turn(threadId, "run it")
  const asked = await host.next("item/commandExecution/requestApproval")
  host.say({ id: asked.id, result: { decision: "accept" } })
  await host.next("turn/completed")
  await host.end()
  const from = host.messages.findIndex(({ params }) => params?.status && JSON.stringify(params).includes("waiting"))

  expect(asked.params).toMatchObject({ threadId, command: "/bin/bash -lc 'echo hi'", cwd: "/repo", kind: "command" })
  expect(asked.params?.availableDecisions).toEqual(["accept", "acceptForSession", "decline", "cancel"])
  expect(host.ran).toEqual(["echo hi"])
  expect(outline(host.messages.slice(from, from + 7))).toEqual([
    "thread/status/changed active waitingOnApproval",
    "item/started commandExecution inProgress",
    "item/commandExecution/requestApproval",
    "serverRequest/resolved",
    "thread/status/changed active",
    "item/commandExecution/outputDelta",
    "item/completed commandExecution completed",
  ])
})

test("the list of what is to do is the turn's plan", async () => {
  const host = server(call("todo_write", {}), say("done"))
  await host.handshake()
  const threadId = await host.thread({})
  await host.turn(threadId, "plan it")
  const told = await host.next("turn/plan/updated")
  await host.next("turn/completed")
  await host.end()

  expect(told.params).toEqual({
    ...{ threadId, turnId: expect.any(String), explanation: null },
    plan: [{ step: "one", status: "inProgress" }],
  })
})

test("what was accepted for the session is not asked again", async () => {
  const host = server(
    call("bash", { command: "echo hi" }),
    say("one"),
    call("bash", { command: "echo hi" }),
    say("two"),
  )
  await host.handshake()
  const threadId = await host.thread({ approvalPolicy: "untrusted" })
  await host.turn(threadId, "run it")
  const asked = await host.next("item/commandExecution/requestApproval")
  host.say({ id: asked.id, result: { decision: "acceptForSession" } })
  await host.next("turn/completed")
  await host.turn(threadId, "again")
  await host.next("turn/completed")
  await host.end()

  expect(host.ran).toEqual(["echo hi", "echo hi"])
  expect(host.messages.filter(({ method }) => method?.endsWith("requestApproval")).length).toBe(1)
})

test("a change that is declined is not made, and the model goes on", async () => {
  const host = server(call("write", { path: "a.txt" }), say("a pity"))
  await host.handshake()
  const threadId = await host.thread({ approvalPolicy: "untrusted" })
  await host.turn(threadId, "write it")
  const asked = await host.next("item/fileChange/requestApproval")
  host.say({ id: asked.id, result: { decision: "decline" } })
  const ended = await host.next("turn/completed")
  await host.end()

  expect(ended.params).toMatchObject({ turn: { status: "completed", items: [{ text: "a pity" }] } })
  expect(outline(host.messages)).toContain("item/completed fileChange declined")
})

test("a cancelled approval ends the turn without asking the model again", async () => {
  const host = server(call("bash", { command: "echo hi" }))
  await host.handshake()
  const threadId = await host.thread({ approvalPolicy: "untrusted" })
  await host.turn(threadId, "run it")
  const asked = await host.next("item/commandExecution/requestApproval")
  host.say({ id: asked.id, result: { decision: "cancel" } })
  const ended = await host.next("turn/completed")
  await host.end()

  expect(ended.params).toMatchObject({ turn: { status: "interrupted", items: [] } })
  expect(outline(host.messages)).toContain("item/completed commandExecution declined")
})

test("a client that answers with an error refuses", async () => {
  const host = server(call("bash", { command: "echo hi" }), say("a pity"))
  await host.handshake()
  const threadId = await host.thread({ approvalPolicy: "untrusted" })
  await host.turn(threadId, "run it")
  const asked = await host.next("item/commandExecution/requestApproval")
  host.say({ id: asked.id, error: { code: -32000, message: "no" } })
  await host.next("turn/completed")
  await host.end()

  expect(host.ran).toEqual([])
})

test("with the policy never nobody is asked: the sandbox's commands run, the rest is refused", async () => {
  const host = server(calls(["bash", { command: "echo hi" }], ["unknown", {}]), say("done"))
  await host.handshake()
  const threadId = await host.thread({ approvalPolicy: "never" })
  await host.turn(threadId, "run it")
  await host.next("turn/completed")
  await host.end()

  expect(host.ran).toEqual(["echo hi"])
  expect(host.messages.filter(({ method }) => method?.endsWith("requestApproval"))).toEqual([])
})

test("an interrupt is answered, settles the running command, and ends the turn", async () => {
  const host = server(call("bash", { command: "wait" }))
  await host.handshake()
  const threadId = await host.thread({ approvalPolicy: "never" })
  const { result } = await host.turn(threadId, "wait")
  const turnId = idOf(result?.turn)
  await host.started
  const wrong = await host.request("turn/interrupt", { threadId, turnId: "9" })
  const answer = await host.request("turn/interrupt", { threadId, turnId })
  const ended = await host.next("turn/completed")
  const late = await host.request("turn/interrupt", { threadId, turnId })
  await host.end()

  expect(wrong.error?.message).toBe(`expected active turn id \`9\` but found \`${turnId}\``)
  expect(answer.result).toEqual({})
  expect(ended.params).toMatchObject({ turn: { status: "interrupted" } })
  expect(outline(host.messages)).toContain("item/completed commandExecution failed")
  expect(late.error).toEqual({ code: -32600, message: "no active turn to interrupt" })
})

test("a steer joins the running turn as a second message of the user", async () => {
  const host = server(call("bash", { command: "echo hi" }), say("faster"))
  await host.handshake()
  const threadId = await host.thread({ approvalPolicy: "untrusted" })
  const { result } = await host.turn(threadId, "go", { clientUserMessageId: "0199aaaa-0000-7000-8000-000000000001" })
  const turnId = idOf(result?.turn)
  const asked = await host.next("item/commandExecution/requestApproval")
  const input = [{ type: "text", text: "be quick" }]
  const steered = await host.request("turn/steer", { threadId, expectedTurnId: turnId, input })
  host.say({ id: asked.id, result: { decision: "accept" } })
  await host.next("turn/completed")
  await host.end()
  const said = host.messages.filter(
    ({ method, params }) => method === "item/completed" && JSON.stringify(params).includes("userMessage"),
  )

  expect(steered.result).toEqual({ turnId })
  expect(said.map(({ params }) => params?.item)).toMatchObject([
    { clientId: "0199aaaa-0000-7000-8000-000000000001", content: [{ text: "go" }] },
    { clientId: null, content: [{ text: "be quick" }] },
  ])
})

test("threads run at once, each told under its own id", async () => {
  const host = server(call("bash", { command: "wait" }), say("second"))
  await host.handshake()
  const one = await host.thread({ approvalPolicy: "never" })
  const two = await host.thread({ approvalPolicy: "never" })
  await host.turn(one, "wait")
  await host.started
  await host.turn(two, "hello")
  const ended = await host.next("turn/completed")
  const loaded = await host.request("thread/loaded/list")
  await host.end()

  expect(ended.params).toMatchObject({ threadId: two, turn: { status: "completed" } })
  expect(loaded.result).toEqual({ data: [one, two], nextCursor: null })
})

test("a failed turn is an error and then its end, and the thread can be used again", async () => {
  const host = server(fail(new SkeinError("provider.quota", "The credit is spent.")), say("better"))
  await host.handshake()
  const threadId = await host.thread()
  await host.turn(threadId, "one")
  const failed = await host.next("turn/completed")
  const last = outline(host.messages).slice(-3)
  await host.turn(threadId, "two")
  const ended = await host.next("turn/completed")
  await host.end()

  expect(last).toEqual(["thread/status/changed systemError", "error", "turn/completed failed"])
  expect(failed.params).toMatchObject({
    turn: { error: { message: "The credit is spent.", codexErrorInfo: "usageLimitExceeded" } },
  })
  expect(ended.params).toMatchObject({ turn: { status: "completed" } })
})

test("a thread is read, listed and resumed with what happened in it", async () => {
  const host = server(call("write", { path: "a.txt" }), say("done"))
  await host.handshake()
  const threadId = await host.thread({ approvalPolicy: "on-request" })
  await host.turn(threadId, "write it")
  const diff = await host.next("turn/diff/updated")
  await host.next("turn/completed")
  await host.request("thread/name/set", { threadId, name: "the file" })
  const listed = await host.request("thread/list", { searchTerm: "FILE" })
  await host.request("thread/unsubscribe", { threadId })
  const resumed = await host.request("thread/resume", { threadId })
  await host.end()

  expect(diff.params?.diff).toBe(
    "diff --git a/a.txt b/a.txt\nnew file mode 100644\n--- /dev/null\n+++ b/a.txt\n@@ -0,0 +1 @@\n+made\n",
  )
  expect(listed.result?.data).toMatchObject([{ id: threadId, name: "the file", preview: "write it", turns: [] }])
  expect(resumed.result).toMatchObject({
    approvalPolicy: "on-request",
    thread: {
      turns: [
        {
          status: "completed",
          items: [
            { type: "userMessage" },
            { type: "fileChange", changes: [{ path: "/repo/a.txt", kind: { type: "add" }, diff: "made\n" }] },
            { type: "agentMessage", text: "done" },
          ],
        },
      ],
    },
  })
})

test("what a client asks for and cannot have is refused or told, and what it opts out of is not sent", async () => {
  const host = server(say("hello"))
  await host.handshake({ optOutNotificationMethods: ["item/agentMessage/delta"] })
  const refused = await host.request("thread/start", { history: [{}] })
  const threadId = await host.thread({ config: { model: "test/scripted", other: 1 } })
  const warnings = [await host.next("warning")]
  const moved = await host.turn(threadId, "hello", { cwd: "/elsewhere" })
  await host.turn(threadId, "hello", { cwd: "/repo/" })
  await host.next("turn/completed")
  await host.end()

  expect(refused.error?.message).toBe("thread/start with history is not available in this version of skein")
  expect(warnings.map(({ params }) => params?.message)).toEqual([
    "Of the thread's config this was left out: other. That is not available in this version of skein.",
  ])
  expect(moved.error?.message).toContain("cannot move a thread to another folder")
  expect(host.messages.filter(({ method }) => method === "item/agentMessage/delta")).toEqual([])
})

test("a schema holds for the turn it was given with, and for no other", async () => {
  const host = server(say("{}"), say("hello"))
  await host.handshake()
  const threadId = await host.thread()
  await host.turn(threadId, "as json", { outputSchema: { type: "object" } })
  await host.next("turn/completed")
  await host.turn(threadId, "hello")
  await host.next("turn/completed")
  await host.end()

  expect(host.model.requests.map(({ outputSchema }) => outputSchema)).toEqual([
    { name: "codex_output_schema", schema: { type: "object" } },
    undefined,
  ])
})
