import { expect, test } from "bun:test"
import {
  call,
  listen,
  memoryLogs,
  type Scripted,
  type ScriptedModel,
  say,
  scriptedModel,
  testTools,
  transcript,
} from "@skein/testkit"
import type { LogsPort } from "../src/ports/index.ts"
import { logOf, reopened, saying } from "./reopened.ts"
import { heldAt, type Scene, scene } from "./scene.ts"

/** What the person says in a request, in order. */
function said(model: ScriptedModel, request: number): string[] {
  const messages = model.requests[request]?.messages ?? []
  return messages.flatMap(({ content }) => content.flatMap((block) => (block.type === "text" ? [block.text] : [])))
}

/** A session in the middle of a call, which ends when `end` is called. */
async function atWork(...rest: readonly Scripted[]) {
  const begun = Promise.withResolvers<void>()
  const ended = Promise.withResolvers<string>()
  const tools = testTools({
    work: {
      run: (_, { signal }) => {
        begun.resolve()
        signal.addEventListener("abort", () => ended.reject(signal.reason), { once: true })
        return ended.promise
      },
    },
  })
  const model = scriptedModel(call("work", {}), ...rest)
  const given = await scene(model, { tools })
  await given.say("go")
  await begun.promise
  return { ...given, model, end: () => ended.resolve("worked") }
}

test("a start is refused while a turn runs", async () => {
  const given = await atWork(say("done"))

  const input = [{ type: "text", text: "no" }] as const
  const receipt = await given.engine.submit({ type: "turn.submit", sessionId: given.id, input, delivery: "start" })

  expect(receipt).toMatchObject({ status: "rejected", code: "turn.busy" })
})

test("a start that comes with the end of a turn begins the next", async () => {
  const given = await scene(scriptedModel(say("one"), say("two")))
  const starting = (async () => {
    for await (const event of given.engine.events({ sessionId: given.id })) {
      if (event.type === "turn.ended") return given.say("again")
    }
  })()
  await given.say("go")

  expect((await starting)?.status).toBe("accepted")
  await given.session.until("turn.ended")
  await given.session.until("turn.ended")
})

test("steers join after the results of the open calls, in their order, in one step", async () => {
  const { session, model, end, ...given } = await atWork(say("both done"))

  expect(await given.say("first", "steer")).toMatchObject({ as: "steered" })
  await given.say("second", "steer")
  end()
  await session.until("turn.ended")

  expect(model.requests[1]?.messages.at(-1)).toEqual({
    role: "user",
    content: [
      {
        ...{ type: "result", callId: "cal_1", name: "work", isError: false },
        content: [{ type: "text", text: "worked" }],
      },
      { type: "text", text: "first" },
      { type: "text", text: "second" },
    ],
  })
  expect(transcript(session.events).match(/turn.started/g)).toHaveLength(1)
})

test("what is queued goes after the turn, one turn each, in its order", async () => {
  const { session, model, end, ...given } = await atWork(say("done"), say("a done"), say("b done"))

  expect(await given.say("a", "queue")).toMatchObject({ as: "queued" })
  await given.say("b", "queue")
  end()
  for (let turn = 0; turn < 3; turn++) await session.until("turn.ended")

  expect(said(model, 1)).toEqual(["go"])
  expect(said(model, 3)).toEqual(["go", "done", "a", "a done", "b"])
  expect(transcript(session.events).match(/turn.started .*/g)).toEqual([
    "turn.started user",
    "turn.started queue",
    "turn.started queue",
  ])
})

test("what waits can be changed and taken back until it is used", async () => {
  const { session, model, end, engine, id, op, ...given } = await atWork(say("done"), say("changed done"))
  const first = await given.say("first", "queue")
  const second = await given.say("second", "queue")

  const inputId = first.inputId ?? "inp_none"
  await op({ type: "input.edit", inputId, input: [{ type: "text", text: "changed" }] })
  await op({ type: "input.cancel", inputId: second.inputId ?? "inp_none" })
  end()
  await session.until("turn.ended")
  await session.until("turn.ended")

  expect(said(model, 2)).toEqual(["go", "done", "changed"])
  const late = await engine.submit({ type: "input.cancel", sessionId: id, inputId })
  expect(late).toMatchObject({ status: "rejected", code: "input.not_found" })
})

test("every change of the queue is told, its use too", async () => {
  const { session, end, ...given } = await atWork(say("done"), say("done"))
  await given.say("one", "steer")
  await given.say("two", "queue")
  end()
  await session.until("turn.ended")
  await session.until("turn.ended")

  const lengths = session.events.flatMap((event) => (event.type === "queue.changed" ? [event.queue.length] : []))
  expect(lengths).toEqual([1, 2, 1, 0])
})

test("after an interrupt nothing begins by itself, and the next prompt is followed by what waited", async () => {
  const { session, model, op, ...given } = await atWork(say("fine"), say("queued done"))
  await given.say("queued", "queue")

  await op({ type: "turn.interrupt" })
  expect(model.requests).toHaveLength(1)
  await given.say("go on")
  for (let turn = 0; turn < 3; turn++) await session.until("turn.ended")

  expect(said(model, 2).slice(-3)).toEqual(["go on", "fine", "queued"])
})

test("an interrupt that comes with the end of a turn also holds back what waits", async () => {
  const { logs, reached, release } = heldAt("turn.ended")
  const queued = Promise.withResolvers<void>()
  const given = await scene(scriptedModel([queued.promise, ...say("done")]), { logs })
  await given.say("go")
  await given.say("queued", "queue")
  queued.resolve()
  await reached

  const interrupted = given.op({ type: "turn.interrupt" })
  release()
  await interrupted
  await given.engine.close()

  const lines = transcript(given.session.events)
  expect(lines.match(/turn.started/g)).toHaveLength(1)
  expect(lines).toEndWith("turn.ended completed")
})

test("a steer that comes just as the turn ends becomes the next turn", async () => {
  // However late it comes: after the reply's end, after the decision, with the very end.
  for (const moment of ["step.ended", "turn.ended"] as const) {
    const model = scriptedModel(say("one"), say("two"))
    const given = await scene(model)
    const steering = (async () => {
      for await (const event of given.engine.events({ sessionId: given.id })) {
        if (event.type === moment) return given.say("late", "steer")
      }
    })()
    await given.say("go")
    await steering
    while (model.requests.length < 2) await given.session.until("step.ended")

    expect(said(model, 1)).toEqual(["go", "one", "late"])
    await given.engine.close()
  }
})

test("a steer whose turn fails, or has no step left, is not lost", async () => {
  const given = await scene(
    scriptedModel(call("work", {}), say("heard")),
    { tools: testTools({ work: { run: () => "worked" } }) },
    { limits: { stepsMax: 1 } },
  )
  const steering = (async () => {
    for await (const event of given.engine.events({ sessionId: given.id })) {
      if (event.type === "call.started") return given.say("listen", "steer")
    }
  })()
  await given.say("go")
  await steering
  await given.session.until("turn.ended")
  await given.session.until("turn.ended")

  expect(transcript(given.session.events)).toEndWith(`turn.ended exhausted steps
turn.started queue
step.started 1.1
item.completed agent_message complete "heard"
step.ended 1 end
turn.ended completed`)
})

test("the queue survives closing and opening again, and nothing of it begins by itself", async () => {
  const { session, op, engine, id, ...given } = await atWork()
  await given.say("later", "queue")
  await op({ type: "session.close" })

  const again = listen(engine, id)
  const { queue } = await again.until("session.snapshot")

  expect(queue).toHaveLength(1)
  expect(transcript(again.events)).toBe("")
  await engine.close()
})

test("twenty calls in a row, steered in each: every word is heard, in order", async () => {
  const model = scriptedModel(...Array.from({ length: 20 }, (_, n) => call("work", { n })), say("done"))
  let given: Scene | undefined
  const run = async ({ n }: Record<string, unknown>) => {
    await given?.say(`word ${n}`, "steer")
    return `worked ${n}`
  }
  given = await scene(model, { tools: testTools({ work: { run } }) })
  await given.say("go")
  await given.session.until("turn.ended")

  expect(said(model, 20)).toEqual(["go", ...Array.from({ length: 20 }, (_, n) => `word ${n}`)])
})

test("input without a word or an image in it is refused, not sent", async () => {
  const { engine, id } = reopened(await logOf(scriptedModel(say("hi"))), saying("ok"))
  for (const text of ["", " \n\t"]) {
    const input = [{ type: "text", text }] as const
    const receipt = await engine.submit({ type: "turn.submit", sessionId: id, input, delivery: "start" })
    expect(receipt).toMatchObject({ status: "rejected", code: "op.invalid" })
  }
})

test("input that is being written while the turn lets go begins the next one", async () => {
  const [ending, ended, queueing, queued] = Array.from({ length: 4 }, () => Promise.withResolvers<void>())
  const inner = memoryLogs()
  const logs: LogsPort = {
    ...inner,
    async create(sessionId) {
      const log = await inner.create(sessionId)
      return {
        ...log,
        async append(events, options) {
          await log.append(events, options)
          if (events.some(({ type }) => type === "turn.ended")) {
            ending?.resolve()
            await ended?.promise
          }
          if (events.some(({ type }) => type === "input.queued")) {
            queueing?.resolve()
            await queued?.promise
          }
        },
      }
    },
  }
  const model = scriptedModel(say("one"), say("two"))
  const given = await scene(model, { logs })
  await given.say("go")
  await ending?.promise
  const steering = given.say("and this", "steer")
  await queueing?.promise
  ended?.resolve()
  await given.session.until("turn.ended")
  await given.session.until("session.status")
  queued?.resolve()
  await steering
  await given.session.until("turn.ended")
  expect(said(model, 1)).toContain("and this")
  await given.engine.close()
})
