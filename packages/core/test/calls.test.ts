import { expect, test } from "bun:test"
import { CALL_STATES, type CallState, type Event, SkeinError } from "@skein/protocol"
import {
  call,
  calls,
  fakeClock,
  type Scripted,
  say,
  scriptedModel,
  type TestTool,
  testTools,
  transcript,
} from "@skein/testkit"
import { ToolFailure } from "../src/ports/index.ts"
import { generated } from "./generated.ts"
import { ASKED, forever, scene, threeTools, untilStopped } from "./scene.ts"

/** What a call's one settlement says, for a reply and the tools it may call. */
async function settled(reply: Scripted, tools: Readonly<Record<string, TestTool>> = {}) {
  const model = scriptedModel(reply, say("done"))
  const given = await scene(model, { tools: testTools(tools) })
  await given.say("go")
  const { outcome, code, forModel } = await given.session.until("call.settled")
  await given.session.until("turn.ended")
  const [block] = forModel
  const ran = given.session.events.some(({ type }) => type === "call.started")
  return { is: `${outcome} ${code ?? ""}`.trim(), ran, text: block?.type === "text" ? block.text : undefined }
}

/** The states a call goes through, as its events tell them. */
const STATE_OF: Partial<Record<Event["type"], CallState>> = {
  "call.requested": "validating",
  "call.scheduled": "scheduled",
  "approval.requested": "awaiting_approval",
  "approval.resolved": "scheduled",
  "call.started": "executing",
}
const FINAL: readonly CallState[] = ["success", "error", "cancelled"]
const EDGES: Readonly<Record<string, readonly CallState[]>> = {
  validating: ["scheduled", "error", "cancelled"],
  scheduled: ["awaiting_approval", "executing", "error", "cancelled"],
  awaiting_approval: ["scheduled"],
  executing: FINAL,
}

function edgesOf(events: readonly Event[]): string[] {
  const asked = new Map<string, string>()
  const now = new Map<string, CallState>()
  return events.flatMap((event) => {
    // A host is asked about while the call runs, and goes on running.
    if (event.type === "approval.requested" && ["network", "plan"].includes(event.subject)) return []
    if (event.type === "approval.requested") asked.set(event.approvalId, event.callId ?? "")
    const callId = event.type === "approval.resolved" ? asked.get(event.approvalId) : "callId" in event && event.callId
    const state = event.type === "call.settled" ? event.outcome : STATE_OF[event.type]
    if (!callId || state === undefined) return []
    const before = now.get(callId)
    now.set(callId, state)
    return before === undefined ? [] : [`${before} > ${state}`]
  })
}

test("calls go along the seven states' edges and no others, and along each of them at some time", async () => {
  const all = new Set<string>()
  for (let seed = 0; seed < 40; seed++) for (const edge of edgesOf((await generated(seed)).events)) all.add(edge)

  const legal = Object.entries(EDGES).flatMap(([from, to]) => to.map((state) => `${from} > ${state}`))
  expect([...all].toSorted()).toEqual(legal.toSorted())
  expect(new Set([...Object.keys(EDGES), ...FINAL])).toEqual(new Set(CALL_STATES))
})

test("a tool that does not exist, arguments that do not fit and arguments that are no JSON never run", async () => {
  expect(await settled(call("nope", {}))).toEqual({
    is: "error call.unknown_tool",
    ran: false,
    text: "There is no tool nope.",
  })
  const tools = { echo: { run: () => "echo" } }
  expect(await settled(call("echo", { bad: 1 }), tools)).toMatchObject({ is: "error call.invalid_input", ran: false })
  expect(await settled(call("echo", '{"text": '), tools)).toMatchObject({ is: "error call.invalid_input", ran: false })
})

test("no arguments at all are an empty object", async () => {
  expect(await settled(call("echo", ""), { echo: { run: (input) => JSON.stringify(input) } })).toMatchObject({
    text: "{}",
  })
})

test("what a tool could not, what the world refused and what is wrong with us are told to the model apart", async () => {
  const failing = (error: Error) => settled(call("echo", {}), { echo: { run: () => Promise.reject(error) } })
  expect(await failing(new ToolFailure("Cannot list src"))).toMatchObject({
    is: "error call.failed",
    text: "Cannot list src",
  })
  expect(await failing(new SkeinError("sandbox.unavailable", "No sandbox."))).toMatchObject({
    is: "error sandbox.unavailable",
  })
})

test("a tool that is broken tells the model to try another way, and us that it is", async () => {
  const defects: unknown[] = []
  const defect = new TypeError("x is undefined")
  const given = await scene(scriptedModel(call("echo", {}), say("done")), {
    tools: testTools({ echo: { run: () => Promise.reject(defect) } }),
    onDefect: (error) => void defects.push(error),
  })
  await given.say("go")
  await given.session.until("turn.ended")

  expect(transcript(given.session.events)).toContain(
    'call.settled error internal.defect "The tool echo broke: x is undefined. Try another way."',
  )
  expect(defects).toEqual([defect])
})

test("a call that the policy forbids is refused with the reason", async () => {
  const given = await scene(scriptedModel(call("shell", {}), say("done")), { tools: threeTools }, { mode: "plan" })
  await given.say("go")
  await given.session.until("turn.ended")

  expect(transcript(given.session.events)).toContain(
    'call.settled error call.denied "Not allowed: mode plan forbids it; it runs a command without a sandbox."',
  )
})

test("reads run together, ten at most; a write waits for all before it and holds all after it", async () => {
  let running = 0
  let most = 0
  const order: string[] = []
  const timed = (name: string, isConcurrent: boolean): TestTool => ({
    isConcurrent,
    run: async ({ n }) => {
      running += 1
      most = Math.max(most, running)
      order.push(`${name} ${n} with ${running}`)
      for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
      running -= 1
      return `${name} ${n}`
    },
  })
  const asked = [
    ...Array.from({ length: 12 }, (_, n) => ["read", { n }] as const),
    ["write", { n: 12 }] as const,
    ["read", { n: 13 }] as const,
  ]
  const model = scriptedModel(calls(...asked), say("done"))
  const given = await scene(model, { tools: testTools({ read: timed("read", true), write: timed("write", false) }) })
  await given.say("go")
  await given.session.until("turn.ended")

  expect(most).toBe(10)
  expect(order.find((line) => line.startsWith("write"))).toBe("write 12 with 1")
  expect(order.at(-1)).toBe("read 13 with 1")
  const results = model.requests[1]?.messages.at(-1)?.content.map((block) => JSON.stringify(block))
  expect(results?.map((text) => /(read|write) \d+/.exec(text)?.[0])).toEqual(
    asked.map(([name, { n }]) => `${name} ${n}`),
  )
})

test("a call that holds the others is planned again behind those it waited for", async () => {
  let content = "old"
  const plain = testTools({
    slow: {
      isConcurrent: true,
      run: async () => {
        for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve))
        content = "new"
        return content
      },
    },
    edit: { run: () => "edited" },
  })
  const planned: string[] = []
  const plan: typeof plain.plan = (name, input, context) => {
    planned.push(`${name} on ${content}`)
    return plain.plan(name, input, context)
  }
  const given = await scene(scriptedModel(calls(["slow", {}], ["edit", {}]), say("done")), {
    tools: { ...plain, plan },
  })
  await given.say("go")
  await given.session.until("turn.ended")

  expect(planned).toEqual(["slow on old", "edit on old", "edit on new"])
})

test("a tool that passes its time is told to stop; only one that then answers is heard", async () => {
  const answering: TestTool["run"] = (_, { signal }) => untilStopped(signal).catch(() => "as far as I came")
  const failing: TestTool["run"] = (_, { signal }) => untilStopped(signal)
  for (const [run, is] of [
    [() => forever, "error call.timeout"],
    [failing, "error call.timeout"],
    [answering, "success undefined"],
  ] as const) {
    const clock = fakeClock()
    const given = await scene(scriptedModel(call("slow", {}), say("done")), {
      clock,
      tools: testTools({ slow: { timeoutMs: 5_000, run } }),
    })
    await given.say("go")
    await given.session.until("call.started")
    while (clock.sleeping.length === 0) await new Promise((resolve) => setImmediate(resolve))
    clock.advance(7_000)
    await new Promise((resolve) => setImmediate(resolve))
    clock.advance(120)
    const { outcome, code } = await given.session.until("call.settled")

    expect(`${outcome} ${code}`).toBe(is)
    await given.session.until("turn.ended")
    await given.engine.close()
  }
})

test("what a left tool still has to say is not heard", async () => {
  const clock = fakeClock()
  let late: (() => void) | undefined
  const run: TestTool["run"] = (_, { progress }) => {
    late = () => progress(1, "late")
    return forever
  }
  const given = await scene(scriptedModel(call("slow", {})), { clock, tools: testTools({ slow: { run } }) })
  await given.say("go")
  await given.session.until("call.started")
  const interrupted = given.op({ type: "turn.interrupt" })
  while (!clock.sleeping.includes(120)) await new Promise((resolve) => setImmediate(resolve))
  clock.advance(120)
  await interrupted
  late?.()

  expect(given.session.events.some(({ type }) => type === "call.progress")).toBe(false)
  await given.engine.close()
})

test("a result is bounded once, head and tail kept, however much a tool gives", async () => {
  const { text } = await settled(call("big", {}), { big: { run: () => `head${"x".repeat(1_000_000)}tail` } })
  expect(text?.length).toBeLessThan(65_000)
  expect(text).toStartWith("head")
  expect(text).toEndWith("tail")
  expect(text).toContain("characters left out")
})

test("three hundred edits, reads and polls that are no loop are never halted", async () => {
  let count = 0
  const tools = testTools({
    edit: { run: ({ n }) => `edited ${n}` },
    read: { isConcurrent: true, run: () => `content after ${count++}` },
    poll: { run: () => `tick ${count++}` },
  })
  const step = (n: number) =>
    n % 3 === 0
      ? call("edit", { n })
      : n % 3 === 1
        ? calls(["read", { path: `/repo/${n % 5}` }], ["read", { path: "/repo/x" }])
        : call("poll", {})
  const script = Array.from({ length: 300 }, (_, n) => step(n))
  const polls = Array.from({ length: 20 }, () => call("poll", {}))
  const given = await scene(scriptedModel(...script, ...polls, say("done")), { tools })
  await given.say("go")
  const { outcome } = await given.session.until("turn.ended")

  expect(outcome).toEqual({ kind: "completed" })
})

test("a loop ends its turn with the reason, whatever order its arguments have, and the person goes on", async () => {
  const turns = [
    { a: 1, b: 2 },
    { b: 2, a: 1 },
    { a: 1, b: 2 },
    { b: 2, a: 1 },
  ].map((input) => call("echo", input))
  const model = scriptedModel(...turns, say("I see"), ...turns)
  const given = await scene(model, { tools: testTools({ echo: { run: () => "same" } }) })
  await given.say("go")
  expect((await given.session.until("turn.ended")).outcome).toMatchObject({ kind: "exhausted", reason: "tool_loop" })

  await given.say("do something else")
  expect((await given.session.until("turn.ended")).outcome).toEqual({ kind: "completed" })
})

test("with an approval in between the states are told one by one", async () => {
  const given = await scene(scriptedModel(call("shell", {}), say("done")), {
    tools: testTools({ shell: { ...ASKED, run: () => "ran" } }),
  })
  await given.attach()
  await given.say("go")
  const { approvalId } = await given.session.until("approval.requested")
  await given.op({ type: "approval.answer", approvalId, answer: "allow_once" })
  await given.session.until("turn.ended")

  expect(edgesOf(given.session.events)).toEqual([
    "validating > scheduled",
    "scheduled > awaiting_approval",
    "awaiting_approval > scheduled",
    "scheduled > executing",
    "executing > success",
  ])
})

test("that a call's command is a check is judged once, when it is planned, and stands where it began", async () => {
  const understood = (isCheck: boolean) => ({
    ...({ kind: "execute", command: "npm test", isConfined: true, isReadOnly: true } as const),
    reading: { commands: [], isCheck },
  })
  const given = await scene(scriptedModel(calls(["tests", {}], ["lists", {}]), say("done")), {
    tools: testTools({
      tests: { effects: [understood(true)], run: () => "ok" },
      lists: { effects: [understood(false)], run: () => "ok" },
    }),
  })
  await given.say("go")
  await given.session.until("turn.ended")
  const begun = given.session.events.filter((event) => event.type === "call.started")
  expect(begun.map(({ isCheck }) => isCheck)).toEqual([true, undefined])
})
