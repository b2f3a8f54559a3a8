import { expect, test } from "bun:test"
import { type EventType, SkeinError } from "@skein/protocol"
import {
  assertAcceptable,
  call,
  calls,
  fail,
  fakeClock,
  type Scripted,
  say,
  scriptedModel,
  type TestTool,
  testTools,
  transcript,
} from "@skein/testkit"
import type { EnginePorts } from "../src/index.ts"
import type { ModelChunk, ModelPort } from "../src/ports/index.ts"
import { brokenRules } from "./invariants.ts"
import { ASKED, forever, realClock, scene, untilStopped } from "./scene.ts"
import { waitedFor } from "./waited-for.ts"

const text = (value: string): ModelChunk[] => [{ type: "text", index: 0, text: value }]
const tools = testTools({
  slow: { isConcurrent: true, run: (_, { signal }) => untilStopped(signal) },
  deaf: { run: () => forever },
  quick: { run: () => "quick" },
  long: { run: () => "long ".repeat(1_000) },
  shell: { ...ASKED, run: () => "ran" },
})

interface Moment {
  readonly name: string
  readonly model: readonly Scripted[]
  /** The event with which the interrupt comes. */
  readonly at: EventType
  readonly ports?: Partial<EnginePorts>
}

const MOMENTS: readonly Moment[] = [
  { name: "before the first chunk", model: [[forever]], at: "step.started" },
  { name: "in the middle of a text", model: [[text("half an ans"), forever]], at: "item.delta" },
  {
    name: "in the middle of arguments",
    model: [
      [
        [...text("I will"), { type: "call", index: 1, name: "quick" }, { type: "arguments", index: 1, text: '{"a' }],
        forever,
      ],
    ],
    at: "item.delta",
  },
  {
    name: "in the wait for another try",
    model: [fail(new SkeinError("provider.overloaded", "Busy."))],
    at: "retry.scheduled",
  },
  { name: "while a person is asked", model: [call("shell", {})], at: "approval.requested" },
  { name: "in a call", model: [call("slow", {})], at: "call.started" },
  { name: "in a call that does not listen", model: [call("deaf", {})], at: "call.started" },
  {
    name: "in several calls at once",
    model: [calls(["slow", { a: 1 }], ["slow", { a: 2 }], ["quick", {}])],
    at: "call.started",
  },
  { name: "between two steps", model: [call("quick", {}), say("never")], at: "call.settled" },
  {
    name: "while context is gathered",
    model: [],
    at: "turn.started",
    ports: { sources: { gather: () => forever, touched: async () => [] } },
  },
  {
    name: "while a call is planned",
    model: [call("quick", {})],
    at: "step.ended",
    ports: { tools: { ...tools, plan: () => forever } },
  },
  {
    name: "while context is let go",
    model: [call("long", {}), fail(new SkeinError("provider.context_exceeded", "Too long.")), say("sum"), [forever]],
    at: "context.compacted",
  },
  {
    name: "while a summary is written",
    model: [call("long", {}), fail(new SkeinError("provider.context_exceeded", "Too long.")), [text("half"), forever]],
    at: "step.discarded",
  },
]

for (const { name, model: script, at, ports } of MOMENTS) {
  test(`an interrupt ${name} leaves the session idle within 200 ms, all settled, and the next prompt works`, async () => {
    const model = scriptedModel(...script)
    const next = scriptedModel(say("fine"))
    let isNext = false
    const both: ModelPort = { ...model, stream: (...asked) => (isNext ? next : model).stream(...asked) }
    const clock = fakeClock()
    const given = await scene(both, { tools, clock, ...ports })
    await given.attach()
    const interrupting = (async () => {
      for await (const event of given.engine.events({ sessionId: given.id })) {
        if (event.type !== at) continue
        return waitedFor(given.op({ type: "turn.interrupt" }), clock)
      }
      return Number.NaN
    })()
    await given.say("go")

    expect(await interrupting).toBeLessThan(200)
    await given.session.until("turn.ended")
    expect(transcript(given.session.events)).toEndWith("turn.ended interrupted")
    isNext = true
    if (ports?.sources === undefined) {
      await given.say("and now?")
      await given.session.until("turn.ended")
      assertAcceptable(next.requests[0]?.messages ?? [])
    }
    expect(brokenRules(given.session.events.filter((event) => "seq" in event))).toEqual([])
    await given.engine.close()
  })
}

test("a model that does not listen to the signal is left behind", async () => {
  const model: ModelPort = {
    ...scriptedModel(),
    async *stream() {
      yield text("half")
      await forever
    },
  }
  const clock = fakeClock()
  const given = await scene(model, { clock })
  await given.say("go")
  await given.session.until("item.delta")

  expect(await waitedFor(given.op({ type: "turn.interrupt" }), clock)).toBeLessThan(200)
  expect(transcript(given.session.events)).toContain('item.completed agent_message interrupted "half"')
})

test("text so far stays in the conversation, and calls that were being written never were", async () => {
  const model = scriptedModel(
    [[...text("I will"), { type: "call", index: 1, name: "quick" }, { type: "item_end", index: 1 }], forever],
    say("fine"),
  )
  const given = await scene(model, { tools })
  await given.say("go")
  await given.session.until("item.delta")
  await given.op({ type: "turn.interrupt" })
  await given.say("go on")
  await given.session.until("turn.ended")
  await given.session.until("turn.ended")

  expect(model.requests[1]?.messages).toEqual([
    { role: "user", content: [{ type: "text", text: "go" }] },
    { role: "assistant", content: [{ type: "text", text: "I will" }] },
    { role: "user", content: [{ type: "text", text: "go on" }] },
  ])
})

test("what an interrupted reply cost is counted", async () => {
  const given = await scene(scriptedModel([text("half an answer"), forever]))
  await given.say("go")
  await given.session.until("item.delta")
  await given.op({ type: "turn.interrupt" })

  const { usage, microUsd } = await given.engine.ask({ type: "session.read", sessionId: given.id })
  expect(usage).toMatchObject({ output: 4, isEstimated: true })
  expect(microUsd).toBeGreaterThan(0)
})

test("a call that still answers after the interrupt is cancelled, and what it gave and changed is kept", async () => {
  const change = { path: "/repo/a", kind: "update", before: "a", after: "b" } as const
  const run: TestTool["run"] = async (_, { signal }) => {
    await untilStopped(signal).catch(() => undefined)
    return { forModel: [{ type: "text", text: "half of it" }], changes: [change], exitCode: 143, isError: true }
  }
  const given = await scene(scriptedModel(call("slow", {})), { tools: testTools({ slow: { run } }), clock: realClock })
  await given.say("go")
  await given.session.until("call.started")
  await given.op({ type: "turn.interrupt" })

  expect(await given.session.until("call.settled")).toMatchObject({
    outcome: "cancelled",
    code: "call.cancelled",
    forModel: [
      { type: "text", text: "half of it" },
      { type: "text", text: "Stopped by the person while it ran. What it did so far is done." },
    ],
    changes: [change],
    exitCode: 143,
  })
})

test("a call whose plan is ready only after the interrupt is not asked about any more", async () => {
  const planning = Promise.withResolvers<void>()
  const plan: typeof tools.plan = async (name, input, context) => {
    planning.resolve()
    await untilStopped(context.signal).catch(() => undefined)
    return tools.plan(name, input, context)
  }
  const given = await scene(scriptedModel(call("shell", {})), { tools: { ...tools, plan }, clock: realClock })
  await given.attach()
  await given.say("go")
  await planning.promise
  await given.op({ type: "turn.interrupt" })

  expect(transcript(given.session.events)).toEndWith(
    `step.ended 1 calls
call.settled cancelled call.cancelled "Stopped by the person before it ran."
turn.ended interrupted`,
  )
})

test("one call cancelled leaves its siblings, also one whose turn has not come", async () => {
  const ended = Promise.withResolvers<string>()
  const given = await scene(scriptedModel(calls(["first", {}], ["second", {}], ["third", {}]), say("done")), {
    tools: testTools({
      first: { isConcurrent: true, run: () => ended.promise },
      second: { isConcurrent: true, run: (_, { signal }) => untilStopped(signal) },
      third: { run: () => "never" },
    }),
  })
  await given.say("go")
  await given.session.until("call.started")
  await given.session.until("call.started")

  await given.op({ type: "call.cancel", callId: "cal_2" })
  await given.op({ type: "call.cancel", callId: "cal_3" })
  ended.resolve("first done")
  await given.session.until("turn.ended")

  const outcomes = given.session.events.flatMap((event) =>
    event.type === "call.settled" ? [`${event.callId} ${event.outcome}`] : [],
  )
  expect(outcomes.toSorted()).toEqual(["cal_1 success", "cal_2 cancelled", "cal_3 cancelled"])
  expect(transcript(given.session.events).match(/call.started/g)).toHaveLength(2)
})

test("interrupting what does not run is refused, and another turn than the named one is left alone", async () => {
  const given = await scene(scriptedModel([forever]))
  const refused = (turnId?: "trn_9") => given.engine.submit({ type: "turn.interrupt", sessionId: given.id, turnId })
  expect(await refused()).toMatchObject({ code: "turn.not_running" })
  await given.say("go")
  expect(await refused("trn_9")).toMatchObject({ code: "turn.mismatch" })
  await given.engine.close()
})

test.each([
  ["hang_up", "Cut off: the terminal went away"],
  ["terminated", "Cut off: skein was asked to end"],
  [undefined, "Cut off: skein was left"],
] as const)("a turn that ends because its session is closed (%s) says what happened", async (why, what) => {
  const given = await scene(scriptedModel(call("slow", {})), { tools })
  await given.say("begin")
  await given.session.until("call.started")
  await given.op({ type: "session.close", why })
  const { items, turns = [] } = await given.engine.ask({ type: "session.read", sessionId: given.id })
  expect(turns.map(({ end }) => end?.outcome)).toEqual([{ kind: "interrupted", message: `${what}.` }])
  expect(items.at(-1)).toMatchObject({
    result: { forHuman: { body: `${what} while it ran. What it did so far is done.`, summary: "stopped" } },
  })
})

test("a turn that the person stops names nobody else", async () => {
  const given = await scene(scriptedModel(call("slow", {})), { tools })
  await given.say("begin")
  await given.session.until("call.started")
  await given.op({ type: "turn.interrupt" })
  expect((await given.session.until("turn.ended")).outcome).toEqual({ kind: "interrupted" })
  await given.engine.close()
})
