import { expect, test } from "bun:test"
import type { TaskChoice } from "@skein/protocol"
import { say, scriptedModel } from "@skein/testkit"
import { scene } from "./scene.ts"

const cheap = (): TaskChoice => ({ kind: "model", model: "p/cheap", why: "a test says so" })

async function workedOn(taskFor: () => TaskChoice, ...replies: ReturnType<typeof say>[]) {
  const model = scriptedModel(say("worked on it"), ...replies)
  const given = await scene(model, { taskFor })
  await given.say("build it")
  await given.session.until("turn.ended")
  return { ...given, model }
}

test("the model of a task is asked for a summary and a handoff, and what it cost is the session's", async () => {
  const given = await workedOn(cheap, say("The sum of it."), say("# Goal\n\nShip it."))
  await given.op({ type: "session.handoff", newSessionId: "ses_next" })
  await given.op({ type: "context.compact" })

  expect(given.model.requests.map(({ model }) => model)).toEqual(["test/scripted", "p/cheap", "p/cheap"])
  const spent = given.session.events.flatMap((event) =>
    event.type === "usage.recorded" ? [`${event.purpose} ${event.model} ${event.microUsd}`] : [],
  )
  expect(spent).toEqual(["handoff p/cheap 200", "summary p/cheap 200"])
})

test("a task that is off asks nobody: a summary is then made by rule", async () => {
  const given = await workedOn(() => ({ kind: "off", why: "a test says so" }))
  await given.op({ type: "context.compact" })

  expect(given.model.requests).toHaveLength(1)
  expect(await given.session.until("context.compacted")).toMatchObject({ by: "rule" })
})
