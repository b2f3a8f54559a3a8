import { expect, test } from "bun:test"
import { type Event, type EventOf, isDurable } from "@skein/protocol"
import {
  call,
  calls,
  listen,
  memoryLogs,
  openSession,
  type Scripted,
  say,
  scriptedModel,
  submit,
  submitText,
  testEngine,
  testTools,
} from "@skein/testkit"
import type { ModelChunk } from "../src/ports/index.ts"
import { brokenRules } from "./invariants.ts"
import { forever, heldAt, scene, threeTools, untilStopped } from "./scene.ts"

const text = (value: string): ModelChunk[] => [{ type: "text", index: 0, text: value }]

test("a reader that asked before anything happened misses nothing, however late it reads", async () => {
  const engine = testEngine(scriptedModel(say("done")))
  const { id } = await openSession(engine)
  const events = engine.events({ sessionId: id, from: 1 })
  await submitText(engine, id, "go")
  await listen(engine, id, 1).until("turn.ended")
  await engine.close()

  const seen: Event[] = []
  for await (const event of events) seen.push(event)
  expect(seen.filter(isDurable).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6])
  expect(brokenRules(seen.filter(isDurable))).toEqual([])
})

test("one who joins late gets what happened, then what is under way, then what follows", async () => {
  const go = Promise.withResolvers<void>()
  const given = await scene(scriptedModel([text("Hel"), text("lo, "), go.promise, text("world"), ...say("")]))
  await given.say("go")
  await given.session.until("item.delta")
  await given.session.until("item.delta")
  await given.say("later", "queue")

  const late = listen(given.engine, given.id, 1)
  const snapshot = await late.until("session.snapshot")
  go.resolve()
  await late.until("turn.ended")

  expect(snapshot.openItems.map(({ text }) => text)).toEqual(["Hello, "])
  expect(snapshot.queue).toHaveLength(1)
  expect(snapshot.turnId).toBeDefined()
  const kinds = late.events.map((event) => event.type)
  const at = kinds.indexOf("session.snapshot")
  expect(late.events.slice(0, at).every(isDurable)).toBe(true)
  const told = late.events.slice(at).flatMap((event) => (event.type === "item.delta" ? [event.text] : []))
  expect(snapshot.openItems[0]?.text + told.join("")).toBe("Hello, world")
  await given.engine.close()
})

test("one who joins late can read what waits for a person, and answer it", async () => {
  const given = await scene(scriptedModel(call("shell", {}), say("done")), { tools: threeTools })
  await given.attach()
  await given.say("go")
  const { approvalId } = await given.session.until("approval.requested")
  await given.say("and then this", "queue")

  const view = await given.engine.ask({ type: "session.read", sessionId: given.id })
  expect(view.approvals).toMatchObject([
    { approvalId, options: ["allow_once", "allow_always", "reject_once", "reject_always"] },
  ])
  expect(view.queue).toMatchObject([{ delivery: "queue", input: [{ type: "text", text: "and then this" }] }])
  await given.op({ type: "approval.answer", approvalId, answer: "reject_once" })
  await given.session.until("call.settled")
  expect((await given.engine.ask({ type: "session.read", sessionId: given.id })).approvals).toEqual([])
  await given.engine.close()
})

test("every text can be put together from what is told live, and all of it comes before its durable end", async () => {
  const given = await scene(scriptedModel([text("a\r"), text("\nb"), text("c\r"), ...say("")], say("x")))
  await given.say("go")
  await given.session.until("turn.ended")

  const told: string[] = []
  for (const event of given.session.events) {
    if (event.type === "item.delta") told.push(event.text)
    if (event.type === "item.completed") expect(event.text).toBe(told.join(""))
  }
  expect(told.join("")).toBe("a\nbc")
})

test("a slow reader loses live events and no durable one, and does not grow our memory", async () => {
  const steps = 200
  const script: Scripted[] = Array.from({ length: steps }, (_, n) => call("work", { n }))
  const given = await scene(scriptedModel(...script, say("done")), {
    tools: testTools({ work: { run: ({ n }) => `worked ${n}` } }),
  })
  const slow = given.engine.events({ sessionId: given.id, from: 1 })
  const reading = slow[Symbol.asyncIterator]()
  const first = await reading.next()
  await given.say("go")
  await given.session.until("turn.ended")
  const { seq } = await given.engine.ask({ type: "session.read", sessionId: given.id })
  await given.engine.close()

  const seen: Event[] = [first.value]
  for (let next = await reading.next(); next.done !== true; next = await reading.next()) seen.push(next.value)

  const durable = seen.filter(isDurable).map((event) => event.seq)
  expect(durable).toEqual(Array.from({ length: seq }, (_, at) => at + 1))
  const all = given.session.events.filter((event) => !isDurable(event)).length
  expect(seen.length - durable.length).toBeLessThan(all)
})

test("events come in the order of the log, whichever write reached the disk first", async () => {
  // The flush of the queued input hangs while the reply goes on.
  const { logs, reached, release } = heldAt("input.queued")
  const go = Promise.withResolvers<void>()
  const given = await scene(scriptedModel([text("one"), go.promise, ...say("two")], say("later")), { logs })
  await given.say("go")
  await given.session.until("item.delta")
  const queued = given.say("later", "queue")
  await reached
  go.resolve()
  await new Promise((resolve) => setImmediate(resolve))
  release()
  await queued
  await given.session.until("turn.ended")
  await given.session.until("turn.ended")

  const seqs = given.session.events.filter(isDurable).map(({ seq }) => seq)
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
  expect((await given.engine.ask({ type: "session.read", sessionId: given.id })).seq).toBe(seqs.at(-1) ?? 0)
})

test("nothing leaves for a provider before the person's words are on disk", async () => {
  let onDisk = () => {}
  const flushed = new Promise<void>((resolve) => {
    onDisk = resolve
  })
  const model = scriptedModel(say("done"))
  const given = await scene(model, { logs: memoryLogs([], () => flushed) })
  const said = given.say("go")
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
  expect(model.requests).toHaveLength(0)

  onDisk()
  await said
  await given.session.until("turn.ended")
  expect(model.requests).toHaveLength(1)
})

test("a log that cannot be written any more ends the turn, tells every reader, and is let go of", async () => {
  const full = new Error("no space left on device")
  const inner = memoryLogs()
  let isFull = false
  const failing = (log: Awaited<ReturnType<typeof inner.create>>) => ({
    ...log,
    append: (...written: Parameters<typeof log.append>) => (isFull ? Promise.reject(full) : log.append(...written)),
  })
  const logs = {
    ...inner,
    create: async (...asked: Parameters<typeof inner.create>) => failing(await inner.create(...asked)),
    open: async (...asked: Parameters<typeof inner.open>) => failing(await inner.open(...asked)),
  }
  const defects: unknown[] = []
  const engine = testEngine(scriptedModel([text("half"), forever], say("done")), {
    logs,
    onDefect: (error) => void defects.push(error),
  })
  const session = await openSession(engine)
  await submitText(engine, session.id, "go")
  await session.until("item.delta")
  isFull = true
  const input = [{ type: "text", text: "more" }] as const
  const refused = engine.submit({ type: "turn.submit", sessionId: session.id, input, delivery: "queue" })
  await expect(refused).rejects.toThrow("no space left")
  await expect(session.until("turn.ended")).rejects.toThrow("no space left")

  // There is room again: the session is opened anew, and puts right what was left.
  isFull = false
  await engine.submit({ type: "session.close", sessionId: session.id })
  const again = listen(engine, session.id, 1)
  await submitText(engine, session.id, "again")
  await again.until("turn.ended")
  await again.until("turn.ended")
  expect(brokenRules(again.events.filter(isDurable))).toEqual([])
  await engine.close()
})

test("when the log cannot be written, calls that still run are told to stop", async () => {
  const inner = memoryLogs()
  const stopped = Promise.withResolvers<void>()
  const logs: typeof inner = {
    ...inner,
    async create(id) {
      const log = await inner.create(id)
      return {
        ...log,
        append: (events, options) =>
          events.some(({ type }) => type === "call.settled")
            ? Promise.reject(new Error("no space left"))
            : log.append(events, options),
      }
    },
  }
  const given = await scene(scriptedModel(calls(["slow", {}], ["quick", {}])), {
    logs,
    onDefect: () => undefined,
    tools: testTools({
      slow: {
        isConcurrent: true,
        run: (_, { signal }) => {
          signal.addEventListener("abort", () => stopped.resolve())
          return untilStopped(signal)
        },
      },
      quick: { isConcurrent: true, run: () => "quick" },
    }),
  })
  await given.say("go")
  await expect(given.session.until("turn.ended")).rejects.toThrow("no space left")
  await stopped.promise
})

test("usage and money are told after every step, the session's sums", async () => {
  const given = await scene(scriptedModel(call("echo", {}), say("done")), {
    tools: testTools({ echo: { run: () => "echo" } }),
  })
  await given.say("go")
  await given.session.until("turn.ended")

  const told = given.session.events.filter((event): event is EventOf<"usage.updated"> => event.type === "usage.updated")
  expect(told.map(({ usage, microUsd }) => [usage.input, usage.output, microUsd])).toEqual([
    [100, 10, 200],
    [200, 20, 400],
  ])
  expect(told.every(({ contextTokens, contextTokensMax }) => contextTokens > 0 && contextTokensMax === 90_000)).toBe(
    true,
  )
})

test("the events of a session that is closed end, and those of one that is not there are refused", async () => {
  const given = await scene(scriptedModel())
  await given.op({ type: "session.close" })
  await expect(given.session.until("turn.ended")).rejects.toThrow("ended before")
  const nothing = given.engine.events({ sessionId: "ses_none" })[Symbol.asyncIterator]()
  await expect(nothing.next()).rejects.toMatchObject({ code: "session.not_found" })
  await submit(given.engine, { type: "session.create", sessionId: "ses_other", cwd: "/repo" })
})

test("a reader that leaves ends its pending read, and one that never read leaves nothing behind", async () => {
  const given = await scene(scriptedModel(say("done")))
  const reading = given.engine.events({ sessionId: given.id })[Symbol.asyncIterator]()
  expect((await reading.next()).value).toMatchObject({ type: "session.snapshot" })
  const waiting = reading.next()
  await reading.return?.()
  expect(await waiting).toEqual({ done: true, value: undefined })

  const unread = given.engine.events({ sessionId: given.id, from: 1 })[Symbol.asyncIterator]()
  await unread.return?.()
  await given.say("go")
  await given.session.until("turn.ended")
  expect(await unread.next()).toEqual({ done: true, value: undefined })
  expect(await reading.next()).toEqual({ done: true, value: undefined })
})
