import { expect, test } from "bun:test"
import {
  call,
  countingRandom,
  listen,
  memoryLogs,
  openSession,
  say,
  scriptedModel,
  submit,
  submitText,
  testEngine,
  testTools,
} from "@skein/testkit"

/** A file that is seen by `look`; `check` says which bytes of it the model is known to have seen. */
const tools = testTools({
  look: {
    run: () => ({ forModel: [{ type: "text", text: "seen" }], observed: [{ path: "/repo/a", sha256: "abc" }] }),
  },
  check: { run: (_, { observed }) => `last seen as ${observed("/repo/a") ?? "nothing"}` },
})

const checked = (events: readonly { readonly type: string }[]) => {
  const last = events.findLast((event) => event.type === "call.settled")
  return JSON.stringify(last)
}

test("what the model has seen of a file is known after a restart, in a fork, and not before it was seen", async () => {
  const logs = memoryLogs()
  const first = testEngine(scriptedModel(call("look", {}), say("Seen.")), { tools, logs })
  const session = await openSession(first)
  await submitText(first, session.id, "look")
  const { turnId } = await session.until("turn.ended")
  await first.close()

  const model = scriptedModel(
    call("check", {}),
    say("One."),
    call("check", {}),
    say("Two."),
    call("check", {}),
    say("Three."),
  )
  const engine = testEngine(model, { tools, logs, random: countingRandom(1_000) })
  const resumed = listen(engine, session.id)
  await submitText(engine, session.id, "check")
  await resumed.until("turn.ended")
  expect(checked(resumed.events)).toContain("last seen as abc")

  const { sessionId } = await submit(engine, { type: "session.fork", sessionId: session.id, throughTurnId: turnId })
  const fork = listen(engine, sessionId)
  await submitText(engine, sessionId, "check")
  await fork.until("turn.ended")
  expect(checked(fork.events)).toContain("last seen as abc")

  await submit(engine, { type: "session.rewind", sessionId, to: { kind: "before", turnId }, scope: "chat" })
  await submitText(engine, sessionId, "check")
  await fork.until("turn.ended")
  expect(checked(fork.events)).toContain("last seen as nothing")
  await engine.close()
})
