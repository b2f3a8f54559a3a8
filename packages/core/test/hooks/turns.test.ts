import { expect, test } from "bun:test"
import { SkeinError } from "@skein/protocol"
import {
  call,
  fail,
  fakeClock,
  fakeHooks,
  memoryLayers,
  memoryLogs,
  play,
  say,
  scriptedModel,
  scriptedModelWith,
  transcript,
} from "@skein/testkit"
import { brokenRules } from "../invariants.ts"
import { reopened, saying } from "../reopened.ts"
import { realClock, scene, threeTools } from "../scene.ts"

function until(isTrue: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = () => (isTrue() ? resolve() : setTimeout(look, 1))
    look()
  })
}

test("a hook at a turn's end lets it go on with what is left to do, and the person reads that", async () => {
  const model = scriptedModel(say("done"), say("really done"))
  const hooks = fakeHooks({
    Stop: ({ isHookActive }) => (isHookActive ? {} : { block: { reason: "Run the tests." }, context: "With make." }),
  })
  const logs = memoryLogs()
  const given = await scene(model, { hooks, logs })
  await given.say("go")
  await given.session.until("turn.ended")
  await given.engine.close()
  const log = await logs.read(given.id)
  expect(model.requests[1]?.messages.at(-1)).toEqual({
    role: "user",
    content: [
      {
        type: "text",
        text: "A hook that the person allowed says that you are not done yet:\nRun the tests.\n\nWith make.",
      },
    ],
  })
  expect(hooks.points).toMatchObject([
    { event: "Stop", isHookActive: false, lastMessage: "done" },
    { event: "Stop", isHookActive: true, lastMessage: "really done" },
  ])
  expect(log.find(({ type }) => type === "notice.posted")).toMatchObject({
    text: "A hook lets the turn go on: Run the tests.",
  })
  expect(log.filter(({ type }) => type === "turn.started")).toHaveLength(1)
  expect(brokenRules(log)).toEqual([])
})

test("hooks let a turn go on eight times in a row at most, then it ends with a word about it", async () => {
  const hooks = fakeHooks({ Stop: () => ({ block: { reason: "More." } }) })
  const logs = memoryLogs()
  const model = saying("done")
  expect(await play(model, { hooks, logs }, "go")).toEndWith("notice.posted warning\nturn.ended completed")
  expect(model.requests).toHaveLength(9)
})

test("a hook at a turn's end that says to stop lets it end", async () => {
  const hooks = fakeHooks({ Stop: () => ({ block: { reason: "More." }, stop: { reason: "enough" } }) })
  expect(await play(scriptedModel(say("done")), { hooks }, "go")).toEndWith("hook.ran\nturn.ended completed")
})

test("what hooks say for the session, and is left to do, is still known after the conversation was summed up", async () => {
  const small = { contextTokens: 2_000, outputTokensMax: 100 }
  const model = scriptedModelWith(small, say("word ".repeat(1_300)), say("a summary"), say("better"))
  const hooks = fakeHooks({
    Stop: ({ isHookActive }) => (isHookActive ? {} : { block: { reason: "Run the tests." } }),
    SessionStart: ({ source }) => (source === "startup" ? { context: "Speak plainly." } : {}),
    UserPromptSubmit: () => ({ context: "The branch is main." }),
  })
  expect(await play(model, { hooks }, "go")).toContain("context.compacted auto")
  const last = JSON.stringify(model.requests.at(-1)?.messages)
  expect(last).toContain("a summary")
  const at = ["Speak plainly.", "The branch is main.", "Run the tests."].map((text) => last.indexOf(text))
  expect(at).toEqual(at.filter((place) => place > 0).toSorted((a, b) => a - b))
})

test("hooks hear how a turn failed, and that a person interrupted one", async () => {
  const hooks = fakeHooks({ StopFailure: () => ({}), Interrupt: () => ({}), Stop: () => ({}) })
  const model = scriptedModel(fail(new SkeinError("provider.auth", "No key.")), [new Promise(() => undefined)])
  const given = await scene(model, { hooks })
  await given.say("go")
  await given.session.until("turn.ended")
  await given.say("again")
  await given.session.until("step.started")
  await given.op({ type: "turn.interrupt" })
  await given.engine.close()
  expect(hooks.points).toMatchObject([
    { event: "StopFailure", code: "provider.auth", message: "No key." },
    { event: "Interrupt" },
  ])
})

test("hooks stand before and after every request, and one that ends the turn lets none leave", async () => {
  const model = scriptedModel(call("read", {}), say("done"))
  const hooks = fakeHooks({
    PreModelRequest: ({ step }) => (step === 2 ? { context: "Nearly there." } : {}),
    PostModelRequest: () => ({}),
  })
  await play(model, { hooks, tools: threeTools }, "go")
  expect(hooks.points).toMatchObject([
    { event: "PreModelRequest", step: 1 },
    { event: "PostModelRequest", step: 1, status: "completed", inputTokens: 100, outputTokens: 10 },
    { event: "PreModelRequest", step: 2 },
    { event: "PostModelRequest", step: 2, status: "completed" },
  ])
  expect(JSON.stringify(model.requests[1]?.messages.at(-1))).toContain("Nearly there.")

  const none = scriptedModel()
  const stopping = fakeHooks({ PreModelRequest: () => ({ block: { reason: "over quota" } }) })
  expect(await play(none, { hooks: stopping }, "go")).toEndWith("turn.ended interrupted")
  expect(none.requests).toEqual([])
})

test("in a dry run hooks judge calls, and none looks for what was done where it is not", async () => {
  const hooks = fakeHooks({ PreToolUse: () => ({}), PostToolUse: () => ({}) })
  const layers = memoryLayers()
  const given = await scene(
    scriptedModel(call("write", { n: 1 }), say("done")),
    { hooks, tools: threeTools, layers },
    { dryRun: true },
  )
  await given.say("go")
  await given.session.until("turn.ended")
  await given.engine.close()
  expect(hooks.points.map(({ event }) => event)).toEqual(["PreToolUse"])
})

test("a hook that takes long is told of while it runs", async () => {
  const hooks = fakeHooks({ UserPromptSubmit: () => new Promise((wake) => setTimeout(() => wake({}), 1_100)) })
  const given = await scene(scriptedModel(say("done")), { hooks, clock: realClock })
  await given.say("go")
  await given.session.until("turn.ended")
  await given.engine.close()
  const told = given.session.events.flatMap((event) =>
    event.type === "hook.started" || event.type === "hook.ran" ? [`${event.type} ${event.event}`] : [],
  )
  expect(told).toEqual(["hook.started UserPromptSubmit", "hook.ran UserPromptSubmit"])
})

test("hooks are looked for once a turn, at the session's place, and nothing is run where none are", async () => {
  const none = fakeHooks({})
  const given = await scene(scriptedModel(call("read", {}), say("done")), { hooks: none, tools: threeTools })
  await given.say("go")
  await given.session.until("turn.ended")
  expect(none.places).toEqual([{ cwd: "/repo", sessionId: given.id }])
  await given.engine.close()
  const without = await play(scriptedModel(call("read", {}), say("done")), { tools: threeTools }, "go")
  expect(transcript(given.session.events)).toBe(without)
})

test("hooks that wait for a person's word are told when they are waited for", async () => {
  const hooks = fakeHooks({ Notification: () => ({}) })
  const clock = fakeClock({ isFast: true })
  const given = await scene(scriptedModel(call("shell", { n: 1 }), say("done")), { hooks, tools: threeTools, clock })
  await given.attach()
  await given.say("go")
  const { approvalId } = await given.session.until("approval.requested")
  await given.op({ type: "approval.answer", approvalId, answer: "allow_once" })
  await given.session.until("turn.ended")
  await until(() => clock.sleeping.some((ms) => ms > 50_000))
  clock.advance(60_000)
  await until(() => hooks.points.length === 2)
  await given.engine.close()
  expect(hooks.points).toMatchObject([
    { kind: "permission", message: "skein needs your permission: run shell" },
    { kind: "idle", message: "skein is waiting for your next prompt." },
  ])
})

test("files of instructions that the model is told to follow are told to hooks", async () => {
  const hooks = fakeHooks({ InstructionsLoaded: () => ({}) })
  const section = { source: "agents_md", path: "/repo/AGENTS.md", text: "Be kind.", sha256: "a", bytes: 8 }
  const sources = { gather: async () => [section], touched: async () => [] }
  const logs = memoryLogs()
  await play(scriptedModel(say("done")), { hooks, sources, logs }, "go")
  expect(hooks.points).toMatchObject([{ path: "/repo/AGENTS.md", reason: "start" }])
})

test("where a turn that hooks prolonged was cut off, its log opens and goes on", async () => {
  const logs = memoryLogs()
  const hooks = fakeHooks({ Stop: () => ({ block: { reason: "More." } }) })
  const given = await scene(scriptedModel(say("done"), [new Promise(() => undefined)]), { hooks, logs })
  await given.say("go")
  await given.session.until("hook.ran")
  await given.session.until("step.started")
  const again = reopened(await logs.read(given.id))
  await again.engine.submit({ type: "goal.change", sessionId: again.id, goal: "x" })
  await again.engine.close()
  expect(transcript(await again.log())).toContain("turn.ended interrupted")
  expect(brokenRules(await again.log())).toEqual([])
})
