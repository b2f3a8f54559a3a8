import { expect, test } from "bun:test"
import {
  call,
  fakeClock,
  fakeHooks,
  listen,
  memoryLogs,
  play,
  say,
  scriptedModel,
  scriptedModelWith,
  submit,
  submitText,
  testTools,
  transcript,
} from "@skein/testkit"
import { familyModel, taskTools } from "../family.ts"
import { brokenRules } from "../invariants.ts"
import { reopened } from "../reopened.ts"
import { realClock, scene, threeTools } from "../scene.ts"

const SAID = "A hook that the person allowed says as this session begins:\nIt is Monday."

test("what hooks say at a session's start stands before the first prompt, once, and stays", async () => {
  const model = scriptedModel(say("one"), say("two"))
  const hooks = fakeHooks({ SessionStart: () => ({ context: "It is Monday." }) })
  const logs = memoryLogs()
  const given = await scene(model, { hooks, logs })
  await given.say("hello")
  await given.session.until("turn.ended")
  await given.say("more")
  await given.session.until("turn.ended")
  await given.engine.close()
  expect(model.requests[0]?.messages[0]).toEqual({
    role: "user",
    content: [
      { type: "text", text: SAID },
      { type: "text", text: "hello" },
    ],
  })
  expect(model.requests[1]?.messages.slice(0, 1)).toEqual([...(model.requests[0]?.messages ?? [])])
  expect(hooks.points).toMatchObject([{ event: "SessionStart", source: "startup" }])
})

test("a session that is opened again says so, and what is in view already is not said twice", async () => {
  const logs = memoryLogs()
  const hooks = fakeHooks({ SessionStart: () => ({ context: "It is Monday." }) })
  const given = await scene(scriptedModel(say("one")), { hooks, logs })
  await given.say("hello")
  await given.session.until("turn.ended")
  await given.engine.close()

  const later = fakeHooks({ SessionStart: () => ({ context: "It is Monday." }) })
  const again = reopened(await logs.read(given.id), undefined, { hooks: later })
  const session = listen(again.engine, again.id)
  await submitText(again.engine, again.id, "more")
  await session.until("turn.ended")
  await again.engine.close()
  expect(later.points).toMatchObject([{ source: "resume" }])
  expect(JSON.stringify(again.model.requests[0]?.messages).split("It is Monday.")).toHaveLength(2)
})

test("a fork says that it is one", async () => {
  const hooks = fakeHooks({ SessionStart: () => ({}) })
  const given = await scene(scriptedModel(say("one"), say("two")), { hooks })
  await given.say("hello")
  await given.session.until("turn.ended")
  const fork = await given.op({ type: "session.fork" })
  const session = listen(given.engine, fork.sessionId)
  await submitText(given.engine, fork.sessionId, "more")
  await session.until("turn.ended")
  await given.engine.close()
  expect(hooks.points).toMatchObject([{ source: "startup" }, { source: "fork" }])
})

test("a session's end is told to hooks, with whether the person left by themselves", async () => {
  const hooks = fakeHooks({ SessionEnd: () => ({}) })
  const given = await scene(scriptedModel(say("one"), say("two")), { hooks, clock: realClock })
  await given.say("hello")
  await given.session.until("turn.ended")
  await given.op({ type: "session.close", why: "terminated" })
  const again = listen(given.engine, given.id)
  await submitText(given.engine, given.id, "more")
  await again.until("turn.ended")
  await given.engine.close()
  expect(hooks.points).toMatchObject([
    { event: "SessionEnd", reason: "other" },
    { event: "SessionEnd", reason: "exit" },
  ])
})

test("no hook keeps anybody from leaving", async () => {
  const begun = Promise.withResolvers<void>()
  const hooks = fakeHooks({
    SessionEnd: () => {
      begun.resolve()
      return new Promise(() => undefined)
    },
  })
  const clock = fakeClock()
  const given = await scene(scriptedModel(say("one")), { hooks, clock })
  await given.say("hello")
  await given.session.until("turn.ended")
  const closing = given.engine.close()
  await begun.promise
  clock.advance(3_000)
  // What promised to stop at the signal and does not is left behind.
  while (clock.sleeping.length === 0) await new Promise((wake) => setTimeout(wake, 1))
  clock.advance(200)
  await closing
})

test("a session in which nothing was done has neither start nor end", async () => {
  const hooks = fakeHooks({ SessionStart: () => ({}), SessionEnd: () => ({}) })
  const given = await scene(scriptedModel(), { hooks })
  await given.engine.close()
  expect(hooks.points).toEqual([])
})

test("hooks say what a compaction is to keep, hear of it, and say anew what holds for the session", async () => {
  const model = scriptedModel(say("one"), say("the summary"), say("two"))
  const hooks = fakeHooks({
    PreCompact: () => ({ context: "Keep the port number." }),
    PostCompact: () => ({}),
    SessionStart: ({ source }) => ({ context: source === "compact" ? "It is Tuesday." : "It is Monday." }),
  })
  const given = await scene(model, { hooks })
  await given.say("hello")
  await given.session.until("turn.ended")
  await given.op({ type: "context.compact", keep: "the names" })
  await given.say("more")
  await given.session.until("turn.ended")
  await given.engine.close()
  expect(hooks.points.slice(1)).toMatchObject([
    { event: "PreCompact", trigger: "manual", instructions: "the names" },
    { event: "PostCompact", trigger: "manual" },
    { event: "SessionStart", source: "compact" },
  ])
  const asked = model.requests[1]?.system.join("")
  expect(asked).toContain("the names")
  expect(asked).toContain("Keep the port number.")
  expect(JSON.stringify(model.requests[2]?.messages)).toContain("It is Tuesday.")
})

test("a compaction that a person asks for and a hook blocks is refused with its reason", async () => {
  const hooks = fakeHooks({ PreCompact: () => ({ block: { reason: "Not before the release." } }) })
  const given = await scene(scriptedModel(say("one")), { hooks })
  await given.say("hello")
  await given.session.until("turn.ended")
  const receipt = await given.engine.submit({ type: "context.compact", sessionId: given.id })
  expect(receipt).toMatchObject({
    status: "rejected",
    code: "hook.blocked",
    message: "Not compacted: a hook blocked it: Not before the release.",
  })
  await given.engine.close()
})

test("a compaction that a hook blocks is made all the same once the window is full, and a person is told", async () => {
  const tools = testTools({ big: { run: () => "word ".repeat(1_300) } })
  const hooks = fakeHooks({ PreCompact: () => ({ block: { reason: "no" } }) })
  const roomy = { contextTokens: 2_050, outputTokensMax: 100 }
  const kept = await play(scriptedModelWith(roomy, call("big", {}), say("done")), { hooks, tools }, "go")
  expect(kept).not.toContain("context.compacted")
  expect(kept).toEndWith("turn.ended completed")
  const small = { contextTokens: 1_500, outputTokensMax: 100 }
  const logs = memoryLogs()
  const model = scriptedModelWith(small, call("big", {}), say("a summary"), say("done"))
  const full = await play(model, { hooks, tools, logs }, "go")
  expect(full).toContain("context.compacted auto")
  expect(JSON.stringify(logs.all())).toContain("The model's window is full, so it is made.")
})

test("a sub-agent's start and end are told with who it is, it can be let go on, and its calls meet hooks", async () => {
  const model = familyModel(scriptedModel(), {
    root: [call("task", { names: "helper" }), say("all done")],
    helper: [call("read", {}), say("half"), say("whole")],
  })
  const hooks = fakeHooks({
    SubagentStart: () => ({ context: "Be brief." }),
    SubagentStop: ({ isHookActive }) => (isHookActive ? {} : { block: { reason: "The other half." } }),
    PreToolUse: () => ({}),
    UserPromptSubmit: () => ({}),
    Stop: () => ({}),
    SessionStart: () => ({}),
  })
  const logs = memoryLogs()
  const given = await scene(model, { tools: taskTools({ read: { run: () => "read" } }), hooks, logs })
  await given.say("go")
  await given.session.until("turn.ended")
  await given.engine.close()
  const [childId] = logs.all().flatMap(([id]) => (id === given.id ? [] : [id]))
  const agent = { id: String(childId), name: "helper" }
  expect(hooks.points.map(({ event, agent, sessionId }) => ({ event, agent, sessionId }))).toEqual([
    { event: "SessionStart", agent: undefined, sessionId: given.id },
    { event: "UserPromptSubmit", agent: undefined, sessionId: given.id },
    { event: "PreToolUse", agent: undefined, sessionId: given.id },
    { event: "SubagentStart", agent, sessionId: given.id },
    { event: "PreToolUse", agent, sessionId: given.id },
    { event: "SubagentStop", agent, sessionId: given.id },
    { event: "SubagentStop", agent, sessionId: given.id },
    { event: "Stop", agent: undefined, sessionId: given.id },
  ])
  const log = await logs.read(given.id)
  expect(log.find(({ type }) => type === "subagent.ended")).toMatchObject({ text: "whole" })
  for (const [, each] of logs.all()) expect(brokenRules(each)).toEqual([])
})

test("a client that offered to be asked as a hook is asked at every point, and the strictest word holds", async () => {
  const hooks = fakeHooks({ PreToolUse: () => ({ decision: "allow" }) })
  const model = scriptedModel(call("shell", { n: 1 }), say("done"))
  const given = await scene(model, { tools: threeTools, hooks })
  await given.op({ type: "client.attach", clientId: "cli_h", answers: ["hook"] })
  const points: string[] = []
  const answering = (async () => {
    for (;;) {
      const { requestId, payload } = await given.session.until("client.requested")
      const { event } = payload as { event: string }
      points.push(event)
      const result =
        event === "PreToolUse" ? { decision: "deny", reason: "not now" } : event === "Stop" ? "?" : undefined
      await submit(given.engine, { type: "client.answer", sessionId: given.id, clientId: "cli_h", requestId, result })
    }
  })().catch(() => undefined)
  await given.say("go")
  const log = listen(given.engine, given.id, 1)
  await log.until("turn.ended")
  await given.engine.close()
  await answering
  expect(points.slice(0, 7)).toEqual([
    ...["SessionStart", "UserPromptSubmit", "PreModelRequest", "PostModelRequest", "PreToolUse"],
    ...["PreModelRequest", "PostModelRequest"],
  ])
  expect(transcript(log.events)).toContain("call.settled error hook.blocked")
  // An answer that is none counts as silence, and is told.
  expect(JSON.stringify(log.events)).toContain("The hook client failed at Stop: Its answer is none of a hook's.")
})

test("a client that goes away while it is asked as a hook keeps nothing waiting", async () => {
  const given = await scene(scriptedModel(say("done")))
  await given.op({ type: "client.attach", clientId: "cli_h", answers: ["hook"] })
  await given.say("go")
  await given.session.until("client.requested")
  await given.op({ type: "client.detach", clientId: "cli_h" })
  expect((await given.session.until("turn.ended")).outcome).toEqual({ kind: "completed" })
  await given.engine.close()
})
