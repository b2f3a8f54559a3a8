import { expect, test } from "bun:test"
import { openSession, say, scriptedModel, submitText, testEngine } from "@skein/testkit"

test("every durable event is recorded once, the first among them, and a fork records only what is its own", async () => {
  const recorded: string[] = []
  const engine = testEngine(scriptedModel(say("Hello."), say("Again.")), {
    meter: { record: (events) => void recorded.push(...events.map(({ sessionId, seq }) => `${sessionId} ${seq}`)) },
  })
  const { id, until } = await openSession(engine)
  await submitText(engine, id, "hi")
  await until("turn.ended")
  const { seq } = await engine.ask({ type: "session.read", sessionId: id })
  expect(recorded).toEqual(Array.from({ length: seq }, (_, at) => `${id} ${at + 1}`))

  recorded.length = 0
  await engine.submit({ type: "session.fork", sessionId: id, newSessionId: "ses_fork" })
  expect(recorded).toEqual(["ses_fork 1"])
  await engine.close()
})
