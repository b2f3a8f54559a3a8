import { expect, test } from "bun:test"
import { type Settings, SkeinError, type Task, type Usage } from "@skein/protocol"
import {
  call,
  countingRandom,
  fail,
  fakeClock,
  memoryCatalogue,
  memoryLogs,
  type Scripted,
  say,
  scriptedModel,
  scriptedModelWith,
  testTools,
} from "@skein/testkit"
import { DEFAULT_LIMITS } from "../src/index.ts"
import type { ModelChunk } from "../src/ports/index.ts"
import { scene } from "./scene.ts"

const tools = testTools({ echo: { run: ({ n }) => `echo ${n}` } })
const steps = (count: number) => Array.from({ length: count }, (_, n) => call("echo", { n }))

async function ended(limits: { stepsMax?: number; tokensMax?: number; microUsdMax?: number }) {
  const model = scriptedModel(...steps(9), say("done"))
  const given = await scene(model, { tools }, { limits })
  await given.say("go")
  const { outcome } = await given.session.until("turn.ended")
  await given.engine.close()
  return { requests: model.requests.length, outcome }
}

test("a turn ends at its limit of steps, tokens or money, and says which", async () => {
  expect(await ended({ stepsMax: 3 })).toEqual({
    requests: 3,
    outcome: { kind: "exhausted", reason: "steps", message: "Stopped after 3 steps, the limit of this turn." },
  })
  // A step costs 110 tokens, and the next request is weighed before it is sent.
  expect(await ended({ tokensMax: 400 })).toMatchObject({ requests: 3, outcome: { reason: "tokens" } })
  // A step costs 100 tokens at 1 and 10 at 10 USD a million.
  expect(await ended({ microUsdMax: 600 })).toEqual({
    requests: 3,
    outcome: { kind: "exhausted", reason: "money", message: "The turn's budget of $0.0006 is spent ($0.0006)." },
  })
})

test("limits are a turn's own, and the engine's hold where the session has none", async () => {
  const model = scriptedModel(...steps(2), ...steps(2))
  const limits = { ...DEFAULT_LIMITS, stepsMax: 2 }
  const given = await scene(model, { tools, limits })
  for (let turn = 0; turn < 2; turn++) {
    await given.say("go")
    expect((await given.session.until("turn.ended")).outcome).toMatchObject({ reason: "steps" })
  }
  expect(model.requests).toHaveLength(4)
})

/** One step's usage as it stands in the log, for what a provider reported. */
async function usageOf(reported: readonly Partial<Usage>[]) {
  const chunks = reported.map((usage): ModelChunk => ({ type: "usage", usage }))
  const reply: Scripted = [[{ type: "text", index: 0, text: "four" }, ...chunks, { type: "stop", reason: "end" }]]
  const given = await scene(scriptedModelWith({ price: { input: 1, output: 10, cacheRead: 0.1 } }, reply))
  await given.say("go")
  const { usage, microUsd } = await given.session.until("step.ended")
  return { ...usage, microUsd }
}

test("usage is as the provider counted it, later numbers over earlier ones", async () => {
  expect(
    await usageOf([
      { input: 10, output: 1 },
      { output: 30, cacheRead: 1_000 },
    ]),
  ).toEqual({
    ...{ input: 10, cacheRead: 1_000, cacheWrite: 0, output: 30, reasoning: 0 },
    microUsd: 410,
  })
})

test("what a provider leaves out, or counts wrongly, is estimated in whole tokens, and marked", async () => {
  for (const reported of [[], [{ input: Number.NaN, output: -3 }], [{ input: Number.POSITIVE_INFINITY }]]) {
    const usage = await usageOf(reported)
    expect(usage.isEstimated).toBe(true)
    expect(usage.output).toBe(1)
    expect(Number.isInteger(usage.input) && usage.input > 0).toBe(true)
  }
})

test("a sum that holds one estimate is an estimate", async () => {
  const silent: Scripted = [
    [
      { type: "text", index: 0, text: "hm" },
      { type: "stop", reason: "end" },
    ],
  ]
  const given = await scene(scriptedModel(say("counted"), silent))
  for (let turn = 0; turn < 2; turn++) {
    await given.say("go")
    await given.session.until("turn.ended")
  }
  const { usage, microUsd } = await given.engine.ask({ type: "session.read", sessionId: given.id })
  expect(usage.isEstimated).toBe(true)
  expect(microUsd).toBeGreaterThan(200)
})

test("an attempt that was discarded costs what had come of it, and counts against the turn's budget", async () => {
  const cut: Scripted = [
    [
      { type: "text", index: 0, text: "half an answer" },
      { type: "usage", usage: { input: 1_000, output: 4 } },
    ],
  ]
  const model = scriptedModel(cut, say("never"))
  const given = await scene(model, {}, { limits: { microUsdMax: 1_000 } })
  await given.say("go")
  const { usage, microUsd } = await given.session.until("step.discarded")
  const { outcome } = await given.session.until("turn.ended")

  expect({ ...usage, microUsd }).toMatchObject({ input: 1_000, output: 4, microUsd: 1_040 })
  expect(outcome).toMatchObject({ kind: "exhausted", reason: "money" })
  const view = await given.engine.ask({ type: "session.read", sessionId: given.id })
  expect([view.usage.input, view.microUsd]).toEqual([1_000, 1_040])
  await given.engine.close()
})

test("an attempt that nothing came of costs nothing", async () => {
  const given = await scene(scriptedModel(fail(new SkeinError("provider.overloaded", "Busy.")), say("done")))
  await given.say("go")
  expect((await given.session.until("step.discarded")).usage).toBeUndefined()
  await given.session.until("turn.ended")
  expect((await given.engine.ask({ type: "session.read", sessionId: given.id })).usage.input).toBe(100)
})

test("a model without a price costs nothing known, rather than nothing", async () => {
  const given = await scene(scriptedModelWith({ price: undefined }, say("done")))
  await given.say("go")
  await given.session.until("turn.ended")
  expect((await given.engine.ask({ type: "session.read", sessionId: given.id })).microUsd).toBeUndefined()
})

test("a session's budget is told at 80 % once, and stops its turns at 100 %", async () => {
  const model = scriptedModel(...steps(4), say("done"), say("never"))
  // A step costs 200 micro-USD.
  const given = await scene(model, { tools }, { limits: { sessionMicroUsdMax: 1_000 } })
  await given.say("go")
  expect((await given.session.until("turn.ended")).outcome).toMatchObject({ kind: "completed" })
  await given.say("go on")
  expect((await given.session.until("turn.ended")).outcome).toEqual({
    ...{ kind: "exhausted", reason: "money" },
    message:
      "The budget of $0.0010 for this session is spent ($0.0010). Raise budget.session_usd, or begin another session.",
  })

  expect(model.requests).toHaveLength(5)
  const told = given.session.events.flatMap((event) => (event.type === "notice.posted" ? [event.text] : []))
  expect(told).toEqual([
    "80 % of the budget of $0.0010 for this session is spent ($0.0008); at 100 % turns stop. It is budget.session_usd.",
  ])
})

test("a day's budget counts all sessions since midnight, and none before it", async () => {
  const logs = memoryLogs()
  const clock = fakeClock({ isFast: true })
  const ports = { tools, logs, clock, catalogue: memoryCatalogue(logs), random: countingRandom() }
  const spent = async (dayMicroUsdMax?: number) => {
    const model = scriptedModel(call("echo", {}), say("done"))
    const given = await scene(model, ports, { limits: { dayMicroUsdMax } })
    await given.say("go")
    const { outcome } = await given.session.until("turn.ended")
    await given.engine.close()
    return `${outcome.kind} after ${model.requests.length}`
  }
  expect(await spent()).toBe("completed after 2")
  expect(await spent(600)).toBe("exhausted after 1")
  expect(await spent(600)).toBe("exhausted after 0")
  clock.advance(24 * 3600 * 1000)
  expect(await spent(600)).toBe("completed after 2")
})

test("what is asked beside the steps ends with the same budgets, and its cost is told with theirs", async () => {
  const asking = { kind: "model", model: "test/small", why: "a test says so" } as const
  const taskFor = () => asking
  // A turn of one step costs 200 micro-USD.
  const spent = scriptedModel(say("done"))
  const over = await scene(spent, { taskFor, clock: fakeClock({ isFast: true }) }, { limits: { dayMicroUsdMax: 200 } })
  await over.attach()
  await over.say("Explain the parser")
  expect((await over.session.until("session.changed")).title).toBe("Explain the parser")
  await expect(over.op({ type: "topics.find" })).rejects.toThrow("for today is spent")
  await over.op({ type: "context.compact" })
  expect((await over.session.until("context.compacted")).by).toBe("rule")
  await over.engine.close()
  expect(spent.requests).toHaveLength(1)

  const named = scriptedModel(say("done"), say("Its name"), say("done"))
  const taskForTitle = (task: Task) => (task === "title" ? asking : ({ kind: "off", why: "a test says so" } as const))
  const near = await scene(named, { taskFor: taskForTitle }, { limits: { sessionMicroUsdMax: 450 } })
  await near.attach()
  await near.say("Explain the parser")
  await near.session.until("session.changed")
  await near.say("and the lexer")
  expect((await near.session.until("notice.posted")).code).toBe("budget.near")
  await near.engine.close()
})

test("a budget that cannot count what a model costs is said once, and only where there is a budget", async () => {
  const notices = async (limits: Settings["limits"]) => {
    const given = await scene(scriptedModelWith({ price: undefined }, say("a"), say("b")), {}, { limits })
    for (const text of ["one", "two"]) {
      await given.say(text)
      await given.session.until("turn.ended")
    }
    return given.session.events.flatMap((event) => (event.type === "notice.posted" ? [event.text] : []))
  }
  expect(await notices({ sessionMicroUsdMax: 1_000_000 })).toEqual([
    expect.stringMatching(
      /^No price of test\/scripted is known, so no budget counts it\. Where it costs money, say so in config\.toml/,
    ),
  ])
  expect(await notices({ stepsMax: 5 })).toEqual([])
})
