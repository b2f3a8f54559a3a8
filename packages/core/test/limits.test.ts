import { expect, test } from "bun:test"
import { type DurableEvent, type Event, type Settings, SkeinError, type Task } from "@skein/protocol"
import {
  call,
  fail,
  fakeClock,
  memoryLogs,
  openSession,
  type Scripted,
  say,
  scriptedModel,
  submit,
  submitText,
  testEngine,
  testTools,
  transcript,
} from "@skein/testkit"
import { DEFAULT_LIMITS } from "../src/index.ts"
import { reminderAt } from "../src/turn/wait.ts"
import { scene } from "./scene.ts"

const HOUR_MS = 3_600_000
const limit = new SkeinError("provider.usage_limit", "The limit is reached.", { retryAfterMs: 2 * HOUR_MS })
const busy = new SkeinError("provider.overloaded", "Busy.")
const limits = { ...DEFAULT_LIMITS, waits: "auto" } as const

const of = <T extends Event["type"]>(events: readonly Event[], type: T) =>
  events.filter((event): event is Extract<Event, { type: T }> => event.type === type)

/** Lets what is due happen; time itself stands still. */
async function settled(): Promise<void> {
  for (let times = 0; times < 50; times++) await new Promise((resolve) => setImmediate(resolve))
}

test("a long limit that is to be waited for is counted down, and the model is asked exactly once when it is over", async () => {
  const clock = fakeClock()
  const model = scriptedModel(call("echo", {}), fail(limit), say("done"))
  let runs = 0
  const given = await scene(model, { clock, limits, tools: testTools({ echo: { run: () => `echo ${++runs}` } }) })
  await given.say("go")
  await given.session.until("wait.decided")
  for (let minutes = 0; minutes < 119; minutes++) {
    await settled()
    clock.advance(60_000)
  }
  await settled()
  expect(model.requests).toHaveLength(2)
  const told = of(given.session.events, "retry.scheduled").map(({ at, atMs }) => Math.round((atMs - at) / 60_000))
  expect(told.slice(0, 4)).toEqual([120, 110, 100, 90])
  expect(told.slice(-3)).toEqual([3, 2, 1])
  for (let seconds = 0; seconds < 60; seconds += 15) {
    clock.advance(15_000)
    await settled()
  }
  await given.session.until("turn.ended")

  expect({ requests: model.requests.length, runs }).toEqual({ requests: 3, runs: 1 })
  expect(transcript(given.session.events)).toEndWith("turn.ended completed")
})

test("nobody waits unasked: with nobody there the turn ends and says how long the limit lasts", async () => {
  const given = await scene(scriptedModel(fail(limit)))
  await given.say("go")
  const { outcome } = await given.session.until("turn.ended")

  expect(outcome).toEqual({
    kind: "failed",
    code: "provider.usage_limit",
    message: 'The limit is reached. The limit is over in 2 h. With limits.wait = "auto" it is waited for.',
  })
})

test.each([
  ["allow_once", "done", 2],
  ["reject_once", "failed provider.usage_limit", 1],
] as const)("somebody who is there is asked, and %s is done", async (answer, end, requests) => {
  const clock = fakeClock()
  const model = scriptedModel(fail(limit), say("done"))
  const given = await scene(model, { clock })
  await given.attach()
  await given.say("go")
  const asked = await given.session.until("approval.requested")
  expect(asked.actions).toEqual([{ verb: "wait", target: "2 h, until the limit is over" }])
  await given.op({ type: "approval.answer", approvalId: asked.approvalId, answer })
  for (let steps = 0; steps < 40 && of(given.session.events, "turn.ended").length === 0; steps++) {
    await settled()
    clock.advance(10 * 60_000)
  }
  await given.session.until("turn.ended")

  expect(transcript(given.session.events)).toContain(end)
  expect(model.requests).toHaveLength(requests)
})

test("a wait survives a kill: opened again it goes on to the same moment, and the model is asked once", async () => {
  const clock = fakeClock()
  const logs = memoryLogs()
  const first = scriptedModel(fail(limit))
  const engine = testEngine(first, { clock, limits, logs })
  const session = await openSession(engine)
  await submitText(engine, session.id, "go")
  await session.until("wait.decided")
  await settled()
  const events: readonly DurableEvent[] = await logs.read(session.id, 1)

  // Killed: nothing of it was closed. Half of the time went by.
  const later = fakeClock({ startMs: clock.now() + HOUR_MS })
  const again = scriptedModel(say("done"))
  const copied = memoryLogs()
  const log = await copied.create(session.id)
  await log.append(events, { flush: true })
  await log.close()
  const other = testEngine(again, { clock: later, limits, logs: copied })
  const seen = other.events({ sessionId: session.id, from: 1 })[Symbol.asyncIterator]()
  await submit(other, { type: "client.attach", sessionId: session.id, clientId: "cli_b", answers: ["approval"] })
  const retry = await next(seen, "retry.scheduled")
  expect(retry.atMs - retry.at).toBe(HOUR_MS)
  await settled()
  expect(again.requests).toHaveLength(0)
  for (let minutes = 0; minutes < 61; minutes++) {
    later.advance(60_000)
    await settled()
  }
  const ended = await next(seen, "turn.ended")
  expect(ended.outcome).toEqual({ kind: "completed" })
  expect(again.requests).toHaveLength(1)
})

test("a wait is over at once when it is interrupted", async () => {
  const model = scriptedModel(fail(limit))
  const given = await scene(model, { limits, clock: fakeClock() })
  await given.say("go")
  await given.session.until("wait.decided")
  await given.op({ type: "turn.interrupt" })

  expect((await given.session.until("turn.ended")).outcome).toEqual({ kind: "interrupted" })
})

test("overloaded three times the turn goes on with the model that was named, and the next turn with the first", async () => {
  const model = scriptedModel(fail(busy), fail(busy), fail(busy), call("echo", {}), say("done"), say("again"))
  const tools = testTools({ echo: { run: () => "echo" } })
  const given = await scene(model, { tools }, { model: "test/scripted", fallbackModel: "test/other" })
  await given.say("go")
  await given.session.until("turn.ended")
  await given.say("more")
  await given.session.until("turn.ended")

  const [one, other] = ["test/scripted", "test/other"]
  expect(model.requests.map((request) => request.model)).toEqual([one, one, one, other, other, one])
  expect(of(given.session.events, "notice.posted").map(({ text }) => text)).toEqual([
    "test/scripted is overloaded, 3 times in a row: this turn goes on with test/other, as models.fallback says. The next one asks test/scripted again.",
  ])
})

test("a model that took over is tried as often as the first was, and each attempt has a number of its own", async () => {
  const broken = new SkeinError("provider.stream_cut", "It broke off.")
  const model = scriptedModel(fail(busy), fail(busy), fail(busy), fail(broken), fail(broken), say("done"))
  const retry = { attemptsMax: 3, baseMs: 1, delayMsMax: 1, retryAfterMsMax: 1 }
  const given = await scene(model, { retry }, { model: "test/scripted", fallbackModel: "test/other" })
  await given.say("go")

  expect((await given.session.until("turn.ended")).outcome).toEqual({ kind: "completed" })
  expect(of(given.session.events, "step.started").map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6])
})

test("a model that the person chooses within a turn that another took over is asked from the next step on", async () => {
  const model = scriptedModel(fail(busy), fail(busy), fail(busy), call("choose", {}), say("done"))
  const changes = { model: "test/third" }
  const choose = async () => {
    await given.op({ type: "settings.change", changes })
    return "chosen"
  }
  const tools = testTools({ choose: { run: choose } })
  const given = await scene(model, { tools }, { model: "test/scripted", fallbackModel: "test/other" })
  await given.say("go")
  await given.session.until("turn.ended")

  expect(model.requests.slice(3).map((request) => request.model)).toEqual(["test/other", "test/third"])
})

test("what a turn asks of another model is what that model can: its search, its eyes, its summaries", async () => {
  const reply: Scripted = [
    [
      { type: "text", index: 0, text: "done" },
      { type: "stop", reason: "end" },
    ],
  ]
  const scripted = scriptedModel(fail(busy), fail(busy), fail(busy), reply)
  const describe = (name: string) => {
    const info = scripted.describe(name)
    return name === "test/other" ? info : { ...info, search: { isCacheable: true, isBoundable: true } }
  }
  const asked: string[] = []
  const taskFor = (task: Task, model: string) => {
    if (task === "look_at") asked.push(model)
    return { kind: "off", why: "a test says so" } as const
  }
  const settings: Partial<Settings> = {
    ...{ model: "test/scripted", fallbackModel: "test/other" },
    webSearch: { access: "live" },
  }
  const given = await scene({ ...scripted, describe }, { taskFor }, settings)
  const image = { type: "image", mediaType: "image/png", data: "AAAA" } as const
  await given.op({ type: "turn.submit", delivery: "start", input: [image] })
  await given.session.until("turn.ended")

  expect(scripted.requests.map(({ search }) => search?.access)).toEqual(["live", "live", "live", undefined])
  expect(asked).toEqual(["test/scripted", "test/other"])
})

test("a wait is told again at round numbers, never twice at once, and not in its last seconds", () => {
  expect([15_000, 15_001, 60_000, 125_000, 3_600_000, 3_599_999].map(reminderAt)).toEqual([
    0, 15_000, 45_000, 120_000, 3_000_000, 3_000_000,
  ])
})

async function next<T extends Event["type"]>(events: AsyncIterator<Event>, type: T) {
  for (;;) {
    const { value, done } = await events.next()
    if (done === true) throw new Error(`No ${type} came`)
    if (value.type === type) return value as Extract<Event, { type: T }>
  }
}
