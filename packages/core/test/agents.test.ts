import { expect, test } from "bun:test"
import { call, listen, memoryLogs, say, scriptedModel, transcript } from "@skein/testkit"
import { fold, freeze, resumedState } from "../src/index.ts"
import { familyModel, taskTools } from "./family.ts"
import { brokenRules, frozen } from "./invariants.ts"
import { scene } from "./scene.ts"

test("a child has a log of its own, and what it says is what its call gives", async () => {
  const logs = memoryLogs()
  const model = familyModel(scriptedModel(), {
    root: [call("task", { names: "finder" }), say("thanks")],
    finder: [say("it is in a.ts")],
  })
  const given = await scene(model, { tools: taskTools(), logs })
  await given.say("find it")
  await given.session.until("turn.ended")

  const started = given.session.events.find(({ type }) => type === "subagent.started")
  const childSessionId = started?.type === "subagent.started" ? started.childSessionId : "ses_none"
  const child = await logs.read(childSessionId)
  expect(transcript(given.session.events)).toBe(`turn.started user
step.started 1.1
call.requested task
step.ended 1 calls
call.started
subagent.started finder
subagent.ended completed "it is in a.ts"
call.settled success "completed: it is in a.ts"
step.started 2.1
item.completed agent_message complete "thanks"
step.ended 2 end
turn.ended completed`)
  expect(fold(child)).toMatchObject({
    title: "what finder does",
    created: {
      isInteractive: false,
      parent: { sessionId: given.id, kind: "subagent" },
      agent: { name: "finder", depth: 1, callId: "cal_1" },
    },
  })
  expect(child.find(({ type }) => type === "turn.started")).toMatchObject({ source: "parent" })
  expect(brokenRules(child)).toEqual([])
  await given.engine.close()
})

test("a child may do no more than its parent, and its tools are those that its agent names", async () => {
  const logs = memoryLogs()
  const tools = taskTools(
    { read: { run: () => "" }, mcp__web__open: { run: () => "" }, mcp__git__log: { run: () => "" } },
    {
      mode: "full",
      tools: ["read", "mcp__*"],
      toolsDenied: ["mcp__git__*"],
    },
  )
  const inner = familyModel(scriptedModel(), {
    root: [call("task", { names: "finder" }), say("ok")],
    finder: [say("no")],
  })
  const offered: string[][] = []
  const model = {
    ...inner,
    stream(request: Parameters<typeof inner.stream>[0], signal: AbortSignal) {
      offered.push(request.tools.map(({ name }) => name))
      return inner.stream(request, signal)
    },
  }
  const given = await scene(model, { tools, logs }, { mode: "ask" })
  await given.say("find it")
  await given.session.until("turn.ended")

  expect(offered[1]).toEqual(["read", "mcp__web__open"])
  const [child] = logs.all().flatMap(([id]) => (id === given.id ? [] : [id]))
  expect(fold(await logs.read(child ?? "ses_none")).settings).toMatchObject({ mode: "ask", limits: {} })
  await given.engine.close()
})

test("children begin others only as deep as the settings say", async () => {
  const model = familyModel(scriptedModel(), {
    root: [call("task", { names: "outer" }), say("ok")],
    outer: [call("task", { names: "inner" }), say("could not")],
  })
  const given = await scene(model, {
    tools: taskTools(),
    agents: { depthMax: 1, runningMax: 10, timeoutMs: 60_000, beatMs: 60_000 },
  })
  await given.say("go")
  const started = await given.session.until("subagent.started")
  const child = listen(given.engine, started.childSessionId, 1)
  const settled = await child.until("call.settled")
  expect(settled.forModel[0]).toMatchObject({ text: expect.stringContaining("1 level is the most") })
  await given.session.until("turn.ended")
  await given.engine.close()
})

test("of more children than there are places, the others wait until one is free", async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const model = familyModel(scriptedModel(), {
    root: [call("task", { names: ["slow", "fast", "later"] }), say("ok")],
    slow: [[held, ...say("slow")]],
    fast: [[held, ...say("fast")]],
    later: [say("later")],
  })
  const agents = { depthMax: 2, runningMax: 2, timeoutMs: 60_000, beatMs: 60_000 }
  const given = await scene(model, { tools: taskTools(), agents })
  await given.say("go")
  await given.session.until("subagent.started")
  await given.session.until("subagent.started")
  const reports = await given.engine.ask({ type: "agents.list", sessionId: given.id })
  expect(reports.map(({ agent, status }) => `${agent} ${status}`)).toEqual([
    "slow running",
    "fast running",
    "later queued",
  ])
  release()
  await given.session.until("turn.ended")
  const after = await given.engine.ask({ type: "agents.list", sessionId: given.id })
  expect(after.map(({ agent, status }) => `${agent} ${status}`).sort()).toEqual([
    "fast ended",
    "later ended",
    "slow ended",
  ])
  await given.engine.close()
})

test("a session with children is the same from a replay point on", async () => {
  const logs = memoryLogs()
  const model = familyModel(scriptedModel(), {
    root: [call("task", { names: "finder" }), say("thanks")],
    finder: [say("it is in a.ts")],
  })
  const given = await scene(model, { tools: taskTools(), logs })
  await given.say("find it")
  await given.session.until("turn.ended")
  await given.engine.close()
  const state = fold(await logs.read(given.id))
  const point: ReturnType<typeof freeze> = JSON.parse(JSON.stringify(freeze(state, "1")))
  const again = resumedState({ point, events: [] }, "1")
  expect(again === undefined ? "" : frozen(again)).toBe(frozen(state))
  expect(again?.children.size).toBe(1)
})
