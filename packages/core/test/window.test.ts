import { expect, test } from "bun:test"
import { say, scriptedModel } from "@skein/testkit"
import { scene } from "./scene.ts"

test("one word about a model's window changes the meter and the request together, for that model alone", async () => {
  const model = scriptedModel(say("one"), say("two"), say("three"))
  const given = await scene(model, {}, { model: "test/scripted" })
  const room = async () => {
    await given.say("go")
    return (await given.session.until("usage.updated")).contextTokensMax
  }
  // Of 100,000 tokens 10,000 are kept for the answer, which is the model's own limit.
  expect(await room()).toBe(90_000)
  await given.op({ type: "settings.change", changes: { window: { model: "test/scripted", tokens: 20_000 } } })
  expect(await room()).toBe(15_000)
  await given.op({ type: "settings.change", changes: { model: "test/other" } })
  expect(await room()).toBe(90_000)
  expect(model.requests.map(({ contextTokens }) => contextTokens)).toEqual([undefined, 20_000, undefined])
})

test("/model --context says it, of the model it names or the one that is asked", async () => {
  const given = await scene(scriptedModel())
  const { id } = given
  const ran = async (args: string) => {
    const reply = await given.engine.ask({ type: "command.resolve", sessionId: id, name: "model", args })
    return reply.kind === "ops" ? reply.ops.map((op) => (op.type === "settings.change" ? op.changes : op)) : reply.kind
  }
  expect(await ran("test/other --context 32k")).toEqual([
    { model: "test/other", window: { model: "test/other", tokens: 32_000 } },
  ])
  expect(await ran("--context=8192")).toEqual([{ window: { model: "test/scripted", tokens: 8_192 } }])
  expect([await ran("--context"), await ran("--context many"), await ran("--context 5")]).toEqual([
    "usage",
    "usage",
    "usage",
  ])
})
