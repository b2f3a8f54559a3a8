import { expect, test } from "bun:test"
import { say, scriptedModel, testTools } from "@skein/testkit"
import { scene } from "./scene.ts"

const tools = testTools({
  echo: { run: ({ text }) => `echo ${text}` },
  risky: { effects: [{ kind: "unknown" }], run: () => "done" },
})

test("a call that a person makes is a turn of its own, asks no model, and is seen by the model after", async () => {
  const model = scriptedModel(say("I saw it."))
  const given = await scene(model, { tools })
  const receipt = await given.op({ type: "call.make", name: "echo", input: { text: "a" } })
  await given.session.until("turn.ended")
  expect(receipt).toMatchObject({ status: "accepted", as: "started" })
  expect(model.requests.length).toBe(0)
  await given.say("did you see it?")
  await given.session.until("turn.ended")
  expect(model.requests[0]?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"])
  expect(JSON.stringify(model.requests[0]?.messages)).toContain("echo a")
})

test("it is asked about like a model's, and refused where nobody is there to ask", async () => {
  const given = await scene(scriptedModel(), { tools })
  await given.op({ type: "call.make", name: "risky", input: {} })
  expect((await given.session.until("call.settled")).code).toBe("call.unattended")
  expect((await given.session.until("turn.ended")).outcome).toEqual({ kind: "completed" })
})

test("a tool that is not there, or was taken from the session, is a failed call that says so", async () => {
  const given = await scene(scriptedModel(), { tools }, { tools: ["risky"] })
  await given.op({ type: "call.make", name: "echo", input: {} })
  const { code, forModel } = await given.session.until("call.settled")
  expect([code, JSON.stringify(forModel)]).toEqual([
    "call.unknown_tool",
    expect.stringContaining("The tools are risky"),
  ])
})
