import { expect, test } from "bun:test"
import { assertAcceptable, listen, submit, submitText, type TestSession, testTools } from "@skein/testkit"
import { generated } from "./generated.ts"
import { brokenRules } from "./invariants.ts"
import { reopened } from "./reopened.ts"

const ROUNDS = process.env.SKEIN_SOAK === undefined ? 4 : 100
const tools = testTools({ read: { run: () => "read" }, write: { run: () => "written" }, shell: { run: () => "ran" } })

const next = (session: TestSession) => session.untilAny("approval.requested", "turn.ended")

for (let round = 0; round < ROUNDS; round++) {
  test(`a session cut at any line goes on, and its next request is one every provider accepts (${round})`, async () => {
    const { log } = await generated(1_000 + round)
    for (let cut = 1; cut <= log.length; cut++) {
      const { engine, model, id, log: logNow } = reopened(log.slice(0, cut), undefined, { tools })
      const session = listen(engine, id)

      await submitText(engine, id, "and now?")
      await session.until("turn.ended")
      await engine.close()

      expect(model.requests.length).toBeGreaterThan(0)
      for (const { messages } of model.requests) assertAcceptable(messages)
      expect({ round, cut, broken: brokenRules(await logNow()) }).toEqual({ round, cut, broken: [] })
    }
  })

  test(`a session cut while it asked a person asks again when one is there (${round})`, async () => {
    const { log } = await generated(1_000 + round)
    for (let cut = 1; cut <= log.length; cut++) {
      if (log[cut - 1]?.type !== "approval.requested") continue
      const { engine, model, id, log: logNow } = reopened(log.slice(0, cut), undefined, { tools })
      const session = listen(engine, id)
      const { turnId } = await session.until("session.snapshot")

      await submit(engine, { type: "client.attach", sessionId: id, clientId: "cli_b", answers: ["approval"] })
      if (turnId !== undefined) {
        for (let event = await next(session); event.type !== "turn.ended"; event = await next(session)) {
          const { approvalId } = event
          await submit(engine, { type: "approval.answer", sessionId: id, approvalId, answer: "reject_once" })
        }
      }
      await submitText(engine, id, "and now?", "queue")
      await session.until("turn.ended")
      await engine.close()

      for (const { messages } of model.requests) assertAcceptable(messages)
      expect({ round, cut, broken: brokenRules(await logNow()) }).toEqual({ round, cut, broken: [] })
    }
  })
}
