import { expect, test } from "bun:test"
import { say, scriptedModel } from "@skein/testkit"
import { sit } from "./sitting.ts"

const ALT_ENTER = "\u001b\r"
const ESC = "\u001b[27u"

test("what waits comes back before what is typed when the turn is stopped, and is not sent by itself", async () => {
  const never = Promise.withResolvers<void>()
  const slow = [[{ type: "text", index: 0, text: "I look " }], never.promise, ...say("around.")] as const
  const model = scriptedModel([...slow], say("Yes."))
  const at = await sit(model)
  await at.type("look around\r")
  await at.until("I look")
  await at.type("the cart too\r")
  await at.type(`and then this${ALT_ENTER}`)
  await at.until("queued")
  await at.type("half a thou")
  await at.type(ESC)
  await at.until("› the cart too")
  expect(await at.until("half a thou")).not.toContain("queued ")
  expect(at.screen()).toContain("and then this\n  half a thou")
  await at.type("ght\r")
  await at.until("Yes.")
  expect(at.screen()).toContain("half a thought")
  expect(model.requests).toHaveLength(2)
  await at.leave()
})
