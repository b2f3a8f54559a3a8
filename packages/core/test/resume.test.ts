import { expect, test } from "bun:test"
import { SkeinError } from "@skein/protocol"
import {
  call,
  calls,
  fail,
  listen,
  memoryCheckpoints,
  memoryLogs,
  say,
  scriptedModel,
  submit,
  submitText,
  testEngine,
  testTools,
  transcript,
} from "@skein/testkit"
import type { CheckpointsPort, LogsPort } from "../src/ports/index.ts"
import { cutAfter, logOf, reopened, saying } from "./reopened.ts"
import { forever, threeTools } from "./scene.ts"

const shell = call("shell", { n: 1 })
const tools = threeTools

/** What opening the log adds to it. */
async function added(left: Parameters<typeof reopened>[0]): Promise<string> {
  const { engine, id, log } = reopened(left, undefined, { tools })
  await listen(engine, id).until("session.snapshot")
  await engine.close()
  return transcript((await log()).slice(left.length))
}

/** A log in which the only person answers every question with yes. */
async function allowed() {
  const logs = memoryLogs()
  const engine = testEngine(scriptedModel(shell, say("done")), { tools, logs })
  const sessionId = "ses_left"
  await submit(engine, { type: "session.create", sessionId, cwd: "/repo" })
  await submit(engine, { type: "client.attach", sessionId, clientId: "cli_a", answers: ["approval"] })
  const session = listen(engine, sessionId)
  await submitText(engine, sessionId, "go")
  const { approvalId } = await session.until("approval.requested")
  await submit(engine, { type: "approval.answer", sessionId, approvalId, answer: "allow_once" })
  await session.until("turn.ended")
  await engine.close()
  return logs.read(sessionId)
}

test("a call that was asked about and not started is judged and asked again, and the turn waits", async () => {
  const left = cutAfter(await allowed(), "approval.requested")
  expect(await added(left)).toBe("approval.resolved withdrawn by nobody")

  const { engine, id, log } = reopened(left, saying("done"), { tools })
  const session = listen(engine, id)
  await submit(engine, { type: "client.attach", sessionId: id, clientId: "cli_b", answers: ["approval"] })
  const { approvalId } = await session.until("approval.requested")
  await submit(engine, { type: "approval.answer", sessionId: id, approvalId, answer: "allow_once" })
  await session.until("turn.ended")

  expect(transcript((await log()).slice(left.length))).toBe(`approval.resolved withdrawn by nobody
approval.requested
approval.resolved allow_once by person
call.started
call.settled success "ran 1"
step.started 2.1
item.completed agent_message complete "done"
step.ended 2 end
turn.ended completed`)
  await engine.close()
})

test("an undo names the call that ran when skein was stopped: what it changed is not known", async () => {
  const preview = async (left: Awaited<ReturnType<typeof allowed>>) => {
    const { engine, id } = reopened(left, saying("done"), { tools })
    const to = { kind: "undo", turns: 1 } as const
    const { notCovered } = await engine.ask({ type: "rewind.preview", sessionId: id, to, scope: "code" })
    await engine.close()
    return notCovered
  }
  const left = cutAfter(await allowed(), "call.started")
  const told = [expect.stringMatching(/^skein was stopped while this ran: .+ is not known and stays as it is/)]
  expect(await preview(left)).toEqual(told)
  expect(await preview([...left, ...(await reopenedAndClosed(left))])).toEqual(told)
  expect(await preview(await allowed())).toEqual([])
})

test("a call that was approved and not started is asked about again", async () => {
  const left = cutAfter(await allowed(), "approval.resolved")
  expect(await added(left)).toBe("")

  const { engine, id } = reopened(left, saying("done"), { tools })
  const session = listen(engine, id)
  await submit(engine, { type: "client.attach", sessionId: id, clientId: "cli_b", answers: ["approval"] })
  await session.until("approval.requested")
  await engine.close()
})

test("a waiting turn that is opened and closed again still waits", async () => {
  const left = cutAfter(await allowed(), "approval.requested")
  const once = [...left, ...(await reopenedAndClosed(left))]

  const { engine, id } = reopened(once, saying("done"), { tools })
  const session = listen(engine, id)
  expect((await session.until("session.snapshot")).turnId).toBeDefined()
  await submit(engine, { type: "client.attach", sessionId: id, clientId: "cli_b", answers: ["approval"] })
  await session.until("approval.requested")
  await engine.close()
})

async function reopenedAndClosed(left: Parameters<typeof reopened>[0]) {
  const { engine, id, log } = reopened(left, undefined, { tools })
  await listen(engine, id).until("session.snapshot")
  await engine.close()
  return (await log()).slice(left.length)
}

test("no replay point is made of a session whose turn waits for a person", async () => {
  const left = cutAfter(await allowed(), "approval.requested")
  const logs = memoryLogs([left])
  const points: number[] = []
  const watching: LogsPort = {
    ...logs,
    open: async (sessionId) => ({
      ...(await logs.open(sessionId)),
      savePoint: async ({ seq }) => void points.push(seq),
    }),
  }
  const { engine, id } = reopened(left, undefined, { tools, logs: watching })
  for (let n = 0; n < 60; n++) await submit(engine, { type: "session.change", sessionId: id, title: `${n}` })
  await engine.close()
  expect(points).toEqual([])
})

test("a waiting turn can be interrupted, or given up for a new prompt", async () => {
  const left = cutAfter(await allowed(), "approval.requested")
  const first = reopened(left, undefined, { tools })
  await submit(first.engine, { type: "turn.interrupt", sessionId: first.id })
  expect(transcript((await first.log()).slice(left.length))).toBe(`approval.resolved withdrawn by nobody
call.settled cancelled call.cancelled "Not run: skein was stopped before it could."
turn.ended interrupted`)

  const second = reopened(left, saying("ok"), { tools })
  const session = listen(second.engine, second.id)
  await submitText(second.engine, second.id, "something else")
  await session.until("turn.ended")
  await session.until("turn.ended")
  expect(transcript(session.events)).toStartWith(
    `call.settled cancelled call.cancelled "Not run: skein was stopped before it could."
turn.ended interrupted
turn.started user`,
  )
})

test("a call that had started is settled as of unknown outcome, and never run again", async () => {
  const left = cutAfter(await allowed(), "call.started")
  expect(await added(left)).toBe(
    `files.changed
call.settled error call.unknown_outcome "It is not known whether this ran: skein was stopped while it did. It may have run; check before repeating it."
turn.ended interrupted`,
  )
})

test("what a call did to files before skein was killed is not known, and an undo says so", async () => {
  const { engine, id } = reopened(cutAfter(await allowed(), "call.started"), undefined, { tools })
  await submit(engine, { type: "client.attach", sessionId: id, clientId: "cli_1", answers: [] })
  const { notCovered } = await engine.ask({
    type: "rewind.preview",
    sessionId: id,
    to: { kind: "undo", turns: 1 },
    scope: "both",
  })
  expect(notCovered).toEqual([expect.stringContaining("What it changed in files is not known and stays as it is.")])
  await engine.close()
})

test("what a call had changed when skein was killed is shown before an undo, recorded once, and taken back only by choice", async () => {
  const path = "/repo/a"
  const held = memoryCheckpoints()
  const signal = new AbortController().signal
  const watch = await held.watch({ sessionId: "ses_left", roots: ["/repo"], signal })
  held.put(path, "by the command")
  const { changes } = await watch.settle()
  let recordedCount = 0
  const checkpoints: CheckpointsPort = {
    ...held,
    leftBehind: async () => {
      if (recordedCount > 0) throw new Error("It was told and is in the log")
      return { changes, notCovered: ["so it is"], recorded: () => void recordedCount++ }
    },
  }
  const left = cutAfter(await allowed(), "call.started")
  const { engine, id, log } = reopened(left, undefined, { tools, checkpoints })
  const to = { kind: "undo", turns: 1 } as const
  const preview = () => engine.ask({ type: "rewind.preview", sessionId: id, to, scope: "code" })
  const before = await preview()
  expect(before).toMatchObject({
    files: [{ path, action: "delete", conflict: expect.any(String) }],
    notCovered: ["so it is"],
  })
  expect(await engine.ask({ type: "checkpoints.list", sessionId: id })).toMatchObject([{ paths: [path] }])
  expect(await log()).toEqual(left)

  const rewind = (onConflict?: "overwrite") =>
    engine.submit({ type: "session.rewind", sessionId: id, to, scope: "code", ...(onConflict && { onConflict }) })
  expect(await rewind()).toMatchObject({ status: "rejected", code: "checkpoint.conflict" })
  expect(recordedCount).toBe(1)
  expect(await preview()).toEqual(before)
  expect(transcript((await log()).slice(left.length))).toStartWith(
    "files.changed\ncall.settled error call.unknown_outcome",
  )
  expect(await rewind("overwrite")).toMatchObject({ status: "accepted" })
  expect(held.at(path)).toBeUndefined()
  await engine.close()
})

test("a step without an end is discarded, and what had reached the log of its text is kept", async () => {
  const long = "x".repeat(5_000)
  const cut = scriptedModel([[{ type: "text", index: 0, text: long }], forever])
  const logs = memoryLogs()
  const engine = testEngine(cut, { logs })
  const sessionId = "ses_cut"
  await submit(engine, { type: "session.create", sessionId, cwd: "/repo" })
  const session = listen(engine, sessionId)
  await submitText(engine, sessionId, "go")
  await session.until("item.appended")

  expect(await added(await logs.read(sessionId))).toBe(
    `item.completed agent_message interrupted ${JSON.stringify(long)}
step.discarded 1.1 provider.stream_cut
turn.ended interrupted`,
  )
  await engine.close()
})

test("a step that a cut left between its calls keeps its words with the calls that are there", async () => {
  const model = scriptedModel(
    [
      [
        { type: "text", index: 0, text: "I will" },
        { type: "item_end", index: 0 },
        { type: "call", index: 1, name: "read" },
        { type: "item_end", index: 1 },
        { type: "call", index: 2, name: "read" },
        { type: "item_end", index: 2 },
        { type: "stop", reason: "calls" },
      ],
    ],
    say("done"),
  )
  const log = await logOf(model, { tools })
  const left = log.slice(0, log.findIndex((event) => event.type === "call.requested") + 1)
  const { engine, id, model: next } = reopened(left, undefined, { tools })
  const session = listen(engine, id)
  await submitText(engine, id, "and?")
  await session.until("turn.ended")

  expect(next.requests[0]?.messages.map(({ content }) => content.map(({ type }) => type))).toEqual([
    ["text"],
    ["text", "call"],
    ["result", "text"],
  ])
  await engine.close()
})

test("a turn in the wait for another try is ended", async () => {
  const busy = new SkeinError("provider.overloaded", "Busy.")
  const left = cutAfter(await logOf(scriptedModel(fail(busy, "ha"), say("done"))), "step.discarded")
  expect(await added(left)).toBe("turn.ended interrupted")
})

test("a turn of which only the prompt is known is ended, and its prompt stays in the conversation", async () => {
  const left = cutAfter(await logOf(scriptedModel(say("done"))), "turn.started")
  const { engine, id, model } = reopened(left)
  const session = listen(engine, id)
  await submitText(engine, id, "and?")
  await session.until("turn.ended")

  expect(model.requests[0]?.messages).toEqual([
    { role: "user", content: ["go", "and?"].map((text) => ({ type: "text", text })) },
  ])
  await engine.close()
})

test("a session at rest is opened without a word", async () => {
  expect(await added(await logOf(scriptedModel(calls(["read", {}], ["write", {}]), say("done")), { tools }))).toBe("")
})

test("events of a newer skein are kept and change nothing", async () => {
  const log = await logOf(scriptedModel(say("done")))
  const last = log.at(-1)
  if (last === undefined) throw new Error("There is a last event")
  const newer = JSON.parse(JSON.stringify({ ...last, seq: last.seq + 1, type: "plan.changed", plan: ["a"] }))
  const { engine, id } = reopened([...log, newer])
  const session = listen(engine, id, 1)
  await submitText(engine, id, "and?")
  await session.until("turn.ended")
  await session.until("turn.ended")

  expect(session.events.some((event) => String(event.type) === "plan.changed")).toBe(true)
  await engine.close()
})

test("a second writer is refused, and looking on needs no lock and writes nothing", async () => {
  const logs = memoryLogs()
  const first = testEngine(scriptedModel([forever]), { logs })
  const sessionId = "ses_shared"
  await submit(first, { type: "session.create", sessionId, cwd: "/repo" })
  await submitText(first, sessionId, "go")
  const second = testEngine(saying("ok"), { logs })
  const before = (await logs.read(sessionId)).length

  const input = [{ type: "text", text: "me too" }] as const
  const receipt = await second.submit({ type: "turn.submit", sessionId, input, delivery: "start" })
  const { items } = await second.ask({ type: "session.read", sessionId })

  expect(receipt).toMatchObject({ status: "rejected", code: "session.in_use" })
  expect(items.map(({ kind }) => kind)).toEqual(["user_message"])
  expect(await logs.read(sessionId)).toHaveLength(before)
  await first.close()
  expect(await second.submit({ type: "turn.submit", sessionId, input, delivery: "start" })).toMatchObject({
    status: "accepted",
  })
  await second.close()
})

test("nothing that a tool left undone in one process is done in the next", async () => {
  let runs = 0
  const counted = testTools({ count: { isConcurrent: true, run: () => `${++runs}` } })
  const log = await logOf(scriptedModel(calls(["count", { a: 1 }], ["count", { a: 2 }]), say("done")), {
    tools: counted,
  })
  runs = 0
  for (let cut = 1; cut <= log.length; cut++) {
    const { engine, id } = reopened(log.slice(0, cut), saying("ok"), { tools: counted })
    const session = listen(engine, id)
    await submit(engine, { type: "client.attach", sessionId: id, clientId: "cli_b", answers: ["approval"] })
    await submitText(engine, id, "and?")
    await session.until("turn.ended")
    await engine.close()
  }
  expect(runs).toBe(0)
})
