import { expect, test } from "bun:test"
import { type InputPart, SkeinError, type TaskChoice } from "@skein/protocol"
import { call, fail, type Scripted, say, scriptedModelWith, testTools } from "@skein/testkit"
import type { RunContext } from "../src/ports/index.ts"
import { scene } from "./scene.ts"

const IMAGE = { type: "image", mediaType: "image/png", data: "AAAA" } as const
const SEER: TaskChoice = { kind: "model", model: "test/seer", why: "a test says so" }

async function shown(choice: TaskChoice, ...script: Scripted[]) {
  const model = scriptedModelWith({ images: false }, ...script)
  const tools = testTools({ look: { run: () => ({ forModel: [IMAGE] }) } })
  const given = await scene(model, { tools, taskFor: () => choice })
  const turn = async (...input: readonly InputPart[]) => {
    await given.op({ type: "turn.submit", delivery: "start", input: [...input] })
    return given.session.until("turn.ended")
  }
  const notices = () => given.session.events.flatMap((event) => (event.type === "notice.posted" ? [event.text] : []))
  /** What the newest request said of images, in words. */
  const told = () => JSON.stringify(model.requests.at(-1)?.messages).match(/\[Image [^\]]*\]/g) ?? []
  return { ...given, model, turn, notices, told }
}

test("a model that sees no images reads what another of its provider says of each, once", async () => {
  const given = await shown(SEER, say("A red button: DELETE."), say("I read it."), say("Still."))
  await given.turn({ type: "text", text: "what is wrong here?" }, IMAGE)
  await given.turn({ type: "text", text: "and now?" })

  expect(given.model.requests.map(({ model }) => model)).toEqual(["test/seer", "test/scripted", "test/scripted"])
  const [asked] = given.model.requests
  expect(asked?.messages).toEqual([
    { role: "user", content: [{ type: "text", text: "The person asks:\nwhat is wrong here?" }, IMAGE] },
  ])
  expect(given.told()).toEqual([
    expect.stringMatching(/^\[Image inp_\w+\/2, as test\/seer describes it, .*:\\nA red button: DELETE\.\]$/),
  ])
  expect(given.notices()).toEqual(["test/scripted cannot see images: test/seer described it to it."])
  const spent = given.session.events.flatMap((event) => (event.type === "usage.recorded" ? [event.purpose] : []))
  expect(spent).toEqual(["look_at"])
})

test("an image that a tool gave is described before the next step", async () => {
  const given = await shown(SEER, call("look", {}), say("A chart."), say("I read it."))
  await given.turn({ type: "text", text: "look" })

  expect(given.model.requests.map(({ model }) => model)).toEqual(["test/scripted", "test/seer", "test/scripted"])
  expect(given.told()).toHaveLength(1)
})

test("where nobody may describe an image, the model is told that it misses one, and the person who may say who", async () => {
  const given = await shown({ kind: "rule", why: "no model of test is known for it" }, say("I cannot see it."))
  await given.turn({ type: "text", text: "what is it?" }, IMAGE)

  expect(given.told()).toEqual([expect.stringContaining("you cannot see it, and nobody described it.")])
  expect(given.notices()).toEqual([
    "test/scripted cannot see images, and nobody described yours to it: no model of test is known for it. tasks.look_at in your config.toml names who may.",
  ])
})

test("a description that fails is not asked for again, and the model is told why", async () => {
  const refusal = new SkeinError("provider.invalid_request", "Too large.")
  const given = await shown(SEER, fail(refusal), say("A pity."), say("Go on."))
  await given.turn({ type: "text", text: "what is it?" }, IMAGE)
  await given.turn({ type: "text", text: "never mind" })

  expect(given.told()).toEqual([expect.stringContaining("test/seer could not describe it: Too large.")])
  expect(given.model.requests.map(({ model }) => model)).toEqual(["test/seer", "test/scripted", "test/scripted"])
})

test("a model that is shown images is asked alone", async () => {
  const given = await shown({ kind: "off", why: "it sees" }, say("I see it."))
  await given.turn({ type: "text", text: "what is it?" }, IMAGE)

  expect(given.model.requests).toHaveLength(1)
  expect(given.notices()).toEqual([])
})

/** A call that asks about an image, and what became of it. */
async function asked(choice: TaskChoice, ...script: Scripted[]) {
  const model = scriptedModelWith({ images: true }, ...script)
  const run = async (_: unknown, { lookAt }: RunContext) => {
    const looked = await lookAt?.([IMAGE], "what color?")
    return `${looked?.by}: ${looked?.text}`
  }
  const given = await scene(model, { tools: testTools({ look: { run } }), taskFor: () => choice })
  await given.op({ type: "turn.submit", delivery: "start", input: [{ type: "text", text: "look" }] })
  await given.session.until("turn.ended")
  const told = given.session.events.flatMap((event) => (event.type === "call.settled" ? event.forModel : []))
  const spent = given.session.events.flatMap((event) => (event.type === "usage.recorded" ? [event.purpose] : []))
  return { model, spent, told: told.map((block) => (block.type === "text" ? block.text : block.type)) }
}

test("a call asks the model of the task about an image, and only the answer is told; what it cost is in the log", async () => {
  const { model, told, spent } = await asked(SEER, call("look", {}), say("Red."), say("It is red."))
  expect(told).toEqual(["test/seer: Red."])
  expect(spent).toEqual(["look_at"])
  expect(model.requests[1]?.messages).toEqual([
    { role: "user", content: [{ type: "text", text: "what color?" }, IMAGE] },
  ])
})

test("a session's model that sees images itself is asked; where nobody sees any, the call says who could be named", async () => {
  const off: TaskChoice = { kind: "off", why: "the session's model is shown images" }
  expect((await asked(off, call("look", {}), say("Red."), say("ok"))).told).toEqual(["test/scripted: Red."])
  const nobody: TaskChoice = { kind: "rule", why: "no model of test is known for it" }
  expect((await asked(nobody, call("look", {}), say("ok"))).told.join()).toContain("tasks.look_at")
})
