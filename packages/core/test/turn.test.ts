import { expect, test } from "bun:test"
import { SkeinError } from "@skein/protocol"
import {
  call,
  calls,
  fail,
  openSession,
  play,
  say,
  scriptedModel,
  submit,
  testEngine,
  testTools,
  transcript,
} from "@skein/testkit"

const echo = testTools({
  echo: { isConcurrent: true, run: ({ text }) => `echo ${text}` },
})

test("a prompt is answered", async () => {
  expect(await play(scriptedModel(say("Hello, ", "world")), {}, "hi")).toBe(
    `session.created
turn.started user
step.started 1.1
item.completed agent_message complete "Hello, world"
step.ended 1 end
turn.ended completed`.replace("session.created\n", ""),
  )
})

test("a call is run and its result goes back to the model", async () => {
  const model = scriptedModel(call("echo", { text: "a" }), say("done"))

  expect(await play(model, { tools: echo }, "go")).toBe(
    `turn.started user
step.started 1.1
call.requested echo
step.ended 1 calls
call.started
call.settled success "echo a"
step.started 2.1
item.completed agent_message complete "done"
step.ended 2 end
turn.ended completed`,
  )
  expect(model.requests[1]?.messages).toEqual([
    { role: "user", content: [{ type: "text", text: "go" }] },
    { role: "assistant", content: [{ type: "call", callId: "cal_1", name: "echo", input: { text: "a" } }] },
    {
      role: "user",
      content: [
        { type: "result", callId: "cal_1", name: "echo", content: [{ type: "text", text: "echo a" }], isError: false },
      ],
    },
  ])
})

test("a cut stream is asked again, and its text is not seen twice", async () => {
  const cut = new SkeinError("provider.stream_cut", "The connection was closed.")
  const model = scriptedModel(fail(cut, "Hel"), say("Hello"))

  expect(await play(model, {}, "hi")).toBe(
    `turn.started user
step.started 1.1
item.completed agent_message interrupted "Hel"
step.discarded 1.1 provider.stream_cut again
step.started 1.2
item.completed agent_message complete "Hello"
step.ended 1 end
turn.ended completed`,
  )
  expect(model.requests[1]).toEqual(model.requests[0])
})

test("the same calls with the same results are refused the third time, and the fourth ends the turn", async () => {
  const again = call("echo", { text: "a" })
  const model = scriptedModel(again, again, again, again)

  const played = await play(model, { tools: echo }, "go")

  expect(played.match(/call.started/g)).toHaveLength(2)
  expect(played.match(/call.settled error call.repeated/g)).toHaveLength(2)
  expect(played).toEndWith("turn.ended exhausted tool_loop")
})

test("a model that polls what changes is not in a loop", async () => {
  let count = 0
  const tools = testTools({ poll: { run: () => `tick ${count++}` } })
  const again = call("poll", {})

  const played = await play(scriptedModel(again, again, again, again, again, say("done")), { tools }, "go")

  expect(played).toEndWith("turn.ended completed")
})

test("a call that was cut off at the output limit is never run", async () => {
  const model = scriptedModel(
    [
      [
        { type: "call", index: 0, name: "echo" },
        { type: "arguments", index: 0, text: '{"text":"a' },
        { type: "stop", reason: "length" },
      ],
    ],
    say("shorter"),
  )

  const played = await play(model, { tools: echo }, "go")

  expect(played).not.toContain("call.started")
  expect(played).toContain("call.requested echo call.truncated")
  expect(played).toEndWith("turn.ended completed")
})

test("an interrupt settles every open call and leaves a transcript the next turn can use", async () => {
  const started = Promise.withResolvers<void>()
  const tools = testTools({
    slow: {
      run: (_, { signal }) =>
        new Promise((_resolve, reject) => {
          started.resolve()
          signal.addEventListener("abort", () => reject(new Error("stopped")), { once: true })
        }),
    },
  })
  const model = scriptedModel(calls(["slow", {}], ["slow", { n: 2 }]), say("fine"))
  const engine = testEngine(model, { tools })
  const session = await openSession(engine)
  const input = [{ type: "text", text: "go" }] as const
  await submit(engine, { type: "turn.submit", sessionId: session.id, input, delivery: "start" })
  await started.promise

  await submit(engine, { type: "turn.interrupt", sessionId: session.id })
  expect(transcript(session.events)).toEndWith("turn.ended interrupted")
  expect(transcript(session.events).match(/call.settled cancelled/g)).toHaveLength(2)

  await submit(engine, { type: "turn.submit", sessionId: session.id, input, delivery: "start" })
  await session.until("turn.ended")
  expect(model.requests[1]?.messages.map((message) => message.role)).toEqual(["user", "assistant", "user"])
  await engine.close()
})
