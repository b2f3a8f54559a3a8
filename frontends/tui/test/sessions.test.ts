import { expect, test } from "bun:test"
import { say, scriptedModel } from "@skein/testkit"
import { sit } from "./sitting.ts"

const CTRL_N = "\u000e"

test("a new session beside one that still runs opens in a tab, and what runs goes on", async () => {
  const answered = Promise.withResolvers<void>()
  const slow = [[{ type: "text", index: 0, text: "I look " }], answered.promise, ...say("around.")] as const
  const at = await sit(scriptedModel([...slow]))
  await at.type("look around\r")
  await at.until("I look")
  await at.type(CTRL_N)
  await at.until("2 new")
  answered.resolve()
  await at.type("/tab 1\r")
  await at.until("around.")
  await at.leave()
})

test("tabs that are closed faster than they can be are closed one after the other", async () => {
  const at = await sit(scriptedModel())
  await at.until("scripted ·")
  await at.type("/tab new\r")
  await at.until("2 new")
  await Promise.all([at.type("/tab close"), at.type("\r"), at.type("/tab close"), at.type("\r")])
  expect((await at.left).failure).toBeUndefined()
})

test("a session that is gone on with says at once which model and mode it has", async () => {
  const model = scriptedModel(say("Hello."))
  const first = await sit(model)
  await first.until("? keys")
  await first.type("hi")
  await first.type("\r")
  await first.until("Done")
  const { sessionId } = await first.leave()
  if (sessionId === undefined) throw new Error("There was no session.")
  const again = await sit(model, { again: { engine: first.engine, sessionId } })
  expect(await again.until("shop · scripted · auto")).not.toContain("? keys")
  await again.leave()
})
