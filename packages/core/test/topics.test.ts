import { expect, test } from "bun:test"
import type { Task, TaskChoice } from "@skein/protocol"
import { memoryCatalogue, memoryLogs, say, scriptedModel } from "@skein/testkit"
import { scene } from "./scene.ts"

const SMALL: TaskChoice = { kind: "model", model: "test/small", why: "a test says so" }

async function asked(reply: string, choice = SMALL) {
  const logs = memoryLogs()
  const model = scriptedModel(say("I fixed the parser."), say(reply))
  const taskFor = (task: Task): TaskChoice => (task === "topics" ? choice : { kind: "off", why: "nobody asked" })
  const given = await scene(model, { logs, catalogue: memoryCatalogue(logs), taskFor })
  await given.say("fix the parser")
  await given.session.until("turn.ended")
  const receipt = await given.engine.submit({ type: "topics.find", sessionId: given.id })
  const { topics } = await given.engine.ask({ type: "session.read", sessionId: given.id })
  return { ...given, model, receipt, topics }
}

test("what a session is about is found when it is asked for, kept with what it cost, and lists can be of it", async () => {
  const given = await asked(
    "**primary:** Bugfix\nsecondary: testing, data, nonsense, build, design\nkeywords: parser, `CSV`, quotes",
  )

  expect(given.topics).toEqual({
    ...{ primary: "bugfix", secondary: ["testing", "data", "build"] },
    keywords: ["parser", "CSV", "quotes"],
  })
  expect(given.model.requests[1]?.model).toBe("test/small")
  expect(JSON.stringify(given.model.requests[1]?.messages)).toContain("I fixed the parser.")
  const listed = async (topic: "bugfix" | "data" | "security") =>
    (await given.engine.ask({ type: "sessions.list", topic })).length
  expect([await listed("bugfix"), await listed("data"), await listed("security")]).toEqual([1, 1, 0])
  expect(given.session.events.filter(({ type }) => type === "usage.recorded")).toHaveLength(1)
})

test("an answer without a topic, or nobody to ask, is refused with why, and nothing is kept", async () => {
  const useless = await asked("I would rather fix it.")
  expect(useless.receipt).toMatchObject({
    status: "rejected",
    message: "test/small could not say what this session is about: its answer named none.",
  })
  const off = await asked("", { kind: "off", why: "tasks.topics says so" })
  expect(off.receipt).toMatchObject({
    ...{ status: "rejected", code: "op.unsupported" },
    message: "Nobody is asked for topics: tasks.topics says so. tasks.topics names who may be.",
  })
  expect([useless.topics, off.topics]).toEqual([undefined, undefined])
})
