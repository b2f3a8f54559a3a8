import { expect, test } from "bun:test"
import type { Op, Receipt } from "@skein/protocol"
import {
  call,
  countingRandom,
  listen,
  memoryLogs,
  say,
  scriptedModel,
  submit,
  testEngine,
  testTools,
  transcript,
} from "@skein/testkit"
import { forever, scene, threeTools } from "./scene.ts"

const input = [{ type: "text", text: "go" }] as const

/** The same op three times: again at once, and after the session was opened anew. */
async function thrice(
  op: Op,
  prepare?: Parameters<typeof scriptedModel>,
): Promise<{ receipts: Receipt[]; lines: string }> {
  const logs = memoryLogs()
  const model = scriptedModel(...(prepare ?? [[forever]]))
  const first = testEngine(model, { logs, tools: threeTools })
  const sessionId = "ses_ops"
  await submit(first, { type: "session.create", sessionId, cwd: "/repo" })
  const receipts = await Promise.all([first.submit(op), first.submit(op)])
  await first.close()
  const second = testEngine(scriptedModel([forever]), { logs, random: countingRandom(100) })
  receipts.push(await second.submit(op))
  await second.close()
  return { receipts, lines: transcript(await logs.read(sessionId)) }
}

const SESSION = { sessionId: "ses_ops", opId: "op_1" } as const

for (const op of [
  { ...SESSION, type: "turn.submit", input, delivery: "start" },
  { ...SESSION, type: "session.change", title: "t" },
  { ...SESSION, type: "settings.change", changes: { mode: "ask" } },
] as const satisfies readonly Op[]) {
  test(`${op.type} sent again is done once and answered alike, also after the session was opened anew`, async () => {
    const { receipts, lines } = await thrice(op)
    // The cursor is where the log is now.
    const [first, ...again] = receipts.map((receipt) => JSON.stringify({ ...receipt, seq: 0 }))
    expect(first).toContain('"accepted"')
    expect(again.map((receipt) => receipt === first)).toEqual([true, true])
    expect(lines.match(/turn.started|session.changed|settings.changed/g)).toHaveLength(1)
  })
}

test("a session made again by the same op is made once, and another of the same name is refused", async () => {
  const logs = memoryLogs()
  const create = { type: "session.create", sessionId: "ses_made", cwd: "/repo", opId: "op_1" } as const
  const unnamed = { type: "session.create", cwd: "/repo", opId: "op_2" } as const
  const first = testEngine(scriptedModel(), { logs })
  const [once, twice] = await Promise.all([first.submit(unnamed), first.submit(unnamed)])
  await first.submit(create)
  await first.close()
  const second = testEngine(scriptedModel(), { logs, random: countingRandom(100) })

  expect(twice).toEqual(once)
  expect(await second.submit(create)).toEqual({ status: "accepted", sessionId: "ses_made", seq: 1 })
  expect(await second.submit({ ...create, opId: "op_3" })).toMatchObject({ code: "session.exists" })
  expect(logs.all()).toHaveLength(2)
})

test("an answer and an interrupt sent again after a restart do nothing to what came after them", async () => {
  const logs = memoryLogs()
  const first = testEngine(scriptedModel(call("shell", {}), [forever]), { logs, tools: threeTools })
  const sessionId = "ses_ops"
  await submit(first, { type: "session.create", sessionId, cwd: "/repo" })
  await submit(first, { type: "client.attach", sessionId, clientId: "cli_a", answers: ["approval"] })
  const session = listen(first, sessionId)
  await submit(first, { type: "turn.submit", sessionId, input, delivery: "start" })
  const { approvalId } = await session.until("approval.requested")
  const answer = { type: "approval.answer", sessionId, approvalId, answer: "allow_once", opId: "op_a" } as const
  const interrupt = { type: "turn.interrupt", sessionId, opId: "op_i" } as const
  await submit(first, answer)
  await session.until("call.settled")
  await submit(first, interrupt)
  await first.close()

  const second = testEngine(scriptedModel([forever]), { logs, random: countingRandom(100) })
  await submit(second, { type: "turn.submit", sessionId, input, delivery: "start" })
  expect(await second.submit(answer)).toMatchObject({ status: "accepted" })
  expect(await second.submit(interrupt)).toMatchObject({ status: "accepted" })
  expect((await second.ask({ type: "session.read", sessionId })).runningTurn).toBeDefined()
  await second.close()
})

test("a folder that is not there leaves no session behind, and the op may be tried again", async () => {
  const logs = memoryLogs()
  let isThere = false
  const locate = async (path: string) => {
    if (!isThere) throw new Error(`There is no ${path}`)
    return { path }
  }
  const engine = testEngine(scriptedModel(), { logs, locate })
  const create = { type: "session.create", sessionId: "ses_made", cwd: "/gone", opId: "op_1" } as const
  await expect(engine.submit(create)).rejects.toThrow("There is no /gone")
  isThere = true
  expect(await engine.submit(create)).toMatchObject({ status: "accepted" })
})

test("an engine that is closed opens nothing any more, and what was being made is let go of", async () => {
  const logs = memoryLogs()
  const engine = testEngine(scriptedModel(), { logs })
  const create = { type: "session.create", sessionId: "ses_made", cwd: "/repo" } as const
  const making = engine.submit(create)
  await engine.close()

  expect(await making).toMatchObject({ status: "accepted" })
  const submission = { type: "turn.submit", sessionId: "ses_made", input, delivery: "start" } as const
  for (const op of [submission, { ...create, sessionId: "ses_late" }] as const) {
    expect(await engine.submit(op)).toMatchObject({ status: "rejected", code: "session.closed" })
  }
  const reading = engine.events({ sessionId: "ses_made" })[Symbol.asyncIterator]()
  await expect(reading.next()).rejects.toMatchObject({ code: "session.closed" })
  // A log has one writer at a time: this one is free.
  await (await logs.open("ses_made")).close()
})

test("ops that come while a session closes are refused, and work once it is closed", async () => {
  const given = await scene(scriptedModel([forever], say("done")))
  await given.say("go")
  const submission = { type: "turn.submit", sessionId: given.id, input, delivery: "start" } as const

  const [closed, refused] = await Promise.all([
    given.engine.submit({ type: "session.close", sessionId: given.id }),
    given.engine.submit(submission),
  ])

  expect(closed).toMatchObject({ status: "accepted" })
  expect(refused).toMatchObject({ status: "rejected", code: "session.closed" })
  expect(await given.engine.submit(submission)).toMatchObject({ as: "started" })
  await given.engine.close()
})

test("an expected turn that is not the running one is refused", async () => {
  const given = await scene(scriptedModel([forever]))
  const submission = {
    type: "turn.submit",
    sessionId: given.id,
    input,
    delivery: "steer",
    expectedTurnId: "trn_9",
  } as const
  expect(await given.engine.submit(submission)).toMatchObject({ status: "rejected", code: "turn.mismatch" })
  await given.say("go")
  expect(await given.engine.submit(submission)).toMatchObject({ status: "rejected", code: "turn.mismatch" })
  await given.engine.close()
})

test("settings hold from the next step, and one with a model that is not known is refused", async () => {
  const given = await scene(scriptedModel(say("one"), say("two")))
  await given.say("go")
  await given.session.until("turn.ended")
  await given.op({ type: "settings.change", changes: { effort: "high", limits: { stepsMax: 3 } } })
  const { settings } = await given.engine.ask({ type: "session.read", sessionId: given.id })
  expect(settings).toMatchObject({ effort: "high", limits: { stepsMax: 3 }, mode: "auto" })
})

test("texts that a client adds are in the next request, and in the log", async () => {
  const model = scriptedModel(say("one"), say("two"))
  const given = await scene(model)
  await given.say("hello")
  await given.session.until("turn.ended")
  await given.op({ type: "context.add", texts: ["What the client knows.", "And more."] })
  await given.say("and now?")
  await given.session.until("turn.ended")
  const sent = JSON.stringify(model.requests.at(-1)?.messages)
  expect(sent).toContain("What the client knows.")
  expect(sent.indexOf("And more.")).toBeLessThan(sent.indexOf("and now?"))
})

test("texts are not added into a turn that runs", async () => {
  const model = scriptedModel(call("wait", {}), say("two"))
  const started = Promise.withResolvers<void>()
  const over = Promise.withResolvers<void>()
  const wait = {
    run: async () => {
      started.resolve()
      await over.promise
      return "waited"
    },
  }
  const given = await scene(model, { tools: testTools({ wait }) })
  await given.say("hello")
  await started.promise
  const receipt = await given.engine.submit({ type: "context.add", sessionId: given.id, texts: ["late"] })
  over.resolve()
  await given.session.until("turn.ended")
  expect(receipt).toMatchObject({ status: "rejected", code: "turn.busy" })
})
