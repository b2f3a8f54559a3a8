import { expect, test } from "bun:test"
import { call, fakeClock, listen, memoryLogs, noCheckpoints, say, scriptedModel } from "@skein/testkit"
import { familyModel, taskTools } from "./family.ts"
import { brokenRules } from "./invariants.ts"
import { type Scene, scene, untilStopped } from "./scene.ts"
import { waitedFor } from "./waited-for.ts"

const never = new Promise<never>(() => undefined)

async function begun(given: Scene) {
  await given.say("go")
  return given.session.until("subagent.started")
}

test("interrupting the turn stops what its children run within 200 ms, and leaves those in the background", async () => {
  const clock = fakeClock()
  const running = Promise.withResolvers<void>()
  let isStopped = false
  const logs = memoryLogs()
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const model = familyModel(scriptedModel(), {
    root: [call("task", { names: "behind", background: true }), call("task", { names: "front" }), say("next")],
    behind: [[held, ...say("behind is done")]],
    front: [call("sleep", {}), say("never said")],
  })
  const sleep = {
    run: (_: unknown, { signal }: { signal: AbortSignal }) => {
      signal.addEventListener("abort", () => (isStopped = true), { once: true })
      return untilStopped(signal, running.resolve)
    },
  }
  const given = await scene(model, { tools: taskTools({ sleep }), logs, clock })
  await given.say("go")
  await running.promise
  expect(await waitedFor(given.op({ type: "turn.interrupt" }), clock)).toBeLessThan(200)
  expect(isStopped).toBe(true)
  const statuses = async () =>
    (await given.engine.ask({ type: "agents.list", sessionId: given.id })).map(
      ({ agent, status, outcome }) => `${agent} ${status} ${outcome?.kind}`,
    )
  expect(await statuses()).toEqual(["behind running undefined", "front ended interrupted"])
  release()
  const ended = await given.session.until("subagent.ended")
  if (ended.text === "") await given.session.until("subagent.ended")
  expect(await statuses()).toEqual(["behind ended completed", "front ended interrupted"])
  await given.engine.close()
  for (const [, events] of logs.all()) expect(brokenRules(events)).toEqual([])
})

test("a child that works too long is stopped, and what it said until then is its answer", async () => {
  const clock = fakeClock()
  const model = familyModel(scriptedModel(), {
    root: [call("task", { names: "slow" }), say("I see")],
    slow: [[...say("half of it").slice(0, 1), never]],
  })
  const given = await scene(model, { tools: taskTools(), clock })
  const started = await begun(given)
  const child = listen(given.engine, started.childSessionId, 1)
  await child.until("item.delta")
  clock.advance(30 * 60_000)
  const ended = await given.session.until("subagent.ended")
  expect(ended).toMatchObject({
    outcome: { kind: "interrupted", message: "Stopped after 30 minutes, its limit of time." },
    text: "half of it",
    durationMs: 30 * 60_000,
  })
  await given.session.until("turn.ended")
  await given.engine.close()
})

test("a child that does not stop when it is told to has ended all the same, with what it said", async () => {
  const clock = fakeClock()
  const isHung = Promise.withResolvers<void>()
  const model = familyModel(scriptedModel(), {
    root: [call("task", { names: "hung" }), say("I see")],
    hung: [[...say("the answer").slice(0, 2), ...call("write", {})]],
  })
  const none = noCheckpoints()
  const checkpoints = {
    ...none,
    watch: async (scope: Parameters<typeof none.watch>[0]) => ({
      ...(await none.watch(scope)),
      settle: () => {
        isHung.resolve()
        return never
      },
    }),
  }
  const write = { effects: [{ kind: "write", paths: ["/repo/a"], isInside: true }] as const, run: () => "written" }
  const given = await scene(model, { tools: taskTools({ write }), clock, checkpoints })
  const { childSessionId } = await begun(given)
  await isHung.promise
  const stopping = given.op({ type: "agent.stop", childSessionId })
  while (!clock.sleeping.includes(2_000)) await new Promise((wake) => setTimeout(wake, 1))
  clock.advance(2_000)
  await stopping
  expect(await given.session.until("subagent.ended")).toMatchObject({ text: "the answer" })
  await given.session.until("turn.ended")
})

test("what runs is heard of every so often", async () => {
  const clock = fakeClock()
  const model = familyModel(scriptedModel(), {
    root: [call("task", { names: "slow" }), say("I see")],
    slow: [[never]],
  })
  const agents = { depthMax: 2, runningMax: 10, timeoutMs: 30 * 60_000, beatMs: 5_000 }
  const given = await scene(model, { tools: taskTools(), clock, agents })
  const { childSessionId } = await begun(given)
  const child = listen(given.engine, childSessionId, 1)
  await child.until("step.started")
  const heard = () => given.session.events.filter(({ type }) => type === "subagent.updated").length
  for (let beat = 0; beat < 3; beat++) {
    const before = heard()
    clock.advance(5_000)
    await given.session.until("subagent.updated")
    while (heard() === before) await given.session.until("subagent.updated")
  }
  const last = given.session.events.findLast(({ type }) => type === "subagent.updated")
  expect(last).toMatchObject({ childSessionId, agent: "slow", status: "running" })
  await given.op({ type: "turn.interrupt" })
  await given.engine.close()
})

test("what children spend counts against the turn's budget", async () => {
  const model = familyModel(scriptedModel(), {
    root: [call("task", { names: "dear" }), say("never said")],
    dear: [call("read", {}), call("read", {}), say("never said")],
  })
  // A step of the scripted model takes 100 + 10 tokens at $1 and $10 a million: 200 micro-USD.
  const given = await scene(model, { tools: taskTools({ read: { run: () => "" } }) }, { limits: { microUsdMax: 500 } })
  await given.say("go")
  expect(await given.session.until("subagent.ended")).toMatchObject({
    outcome: { kind: "exhausted", reason: "money" },
    microUsd: 400,
  })
  const ended = await given.session.until("turn.ended")
  expect(ended).toMatchObject({ outcome: { kind: "exhausted", reason: "money" }, microUsd: 600 })
  await given.engine.close()
})

test("children that work at the same time share what is left of the turn's budget", async () => {
  const dear = [call("read", {}), call("read", {}), call("read", {}), call("read", {}), say("never said")]
  const model = familyModel(scriptedModel(), {
    root: [call("task", { names: ["one", "two"] }), say("never said")],
    ...{ one: dear, two: dear },
  })
  const tools = taskTools({ read: { run: () => "" } })
  const given = await scene(model, { tools }, { limits: { microUsdMax: 900 } })
  await given.say("go")
  await given.session.until("turn.ended")
  const spent = given.session.events.flatMap((event) => (event.type === "subagent.ended" ? [event.microUsd] : []))
  expect(spent).toEqual([400, 400])
  await given.engine.close()
})

test("what children spend counts against the session's budget, in all of the family", async () => {
  const model = familyModel(scriptedModel(), {
    root: [call("task", { names: "dear" }), say("never said")],
    dear: [call("read", {}), call("read", {}), say("never said")],
  })
  const tools = taskTools({ read: { run: () => "" } })
  const given = await scene(model, { tools }, { limits: { sessionMicroUsdMax: 500 } })
  await given.say("go")
  expect(await given.session.until("subagent.ended")).toMatchObject({ outcome: { kind: "exhausted" }, steps: 2 })
  expect(await given.session.until("turn.ended")).toMatchObject({ outcome: { kind: "exhausted", reason: "money" } })
  await given.engine.close()
})

test("closing the session stops all of its children, and their logs say why", async () => {
  const logs = memoryLogs()
  const model = familyModel(scriptedModel(), {
    root: [call("task", { names: ["one", "two"], background: true }), say("begun")],
    one: [[never]],
    two: [[never]],
  })
  const given = await scene(model, { tools: taskTools(), logs, clock: fakeClock() })
  await given.say("go")
  await given.session.until("turn.ended")
  await given.op({ type: "session.close" })
  for (const [, events] of logs.all()) expect(brokenRules(events)).toEqual([])
  const ends = (await logs.read(given.id)).flatMap((event) => (event.type === "subagent.ended" ? [event.outcome] : []))
  expect(ends).toEqual([1, 2].map(() => ({ kind: "interrupted", message: "Cut off: skein was left." })))
  await given.engine.close()
})

test("one that leaves the session of a child does not end it", async () => {
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  const model = familyModel(scriptedModel(), {
    root: [call("task", { names: "one" }), say("ok")],
    one: [[held, ...say("one is done")]],
  })
  const given = await scene(model, { tools: taskTools() })
  const { childSessionId } = await begun(given)
  await given.engine.submit({ type: "session.close", sessionId: childSessionId })
  release()
  expect(await given.session.until("subagent.ended")).toMatchObject({ text: "one is done" })
  await given.session.until("turn.ended")
  await given.engine.close()
})
