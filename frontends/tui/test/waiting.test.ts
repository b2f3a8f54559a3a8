import { expect, test } from "bun:test"
import { say, scriptedModel, testEngine } from "@skein/testkit"
import { sit } from "./sitting.ts"

const ALT_ENTER = "\u001b\r"
const ALT_UP = "\u001b[1;3A"
const UP = "\u001b[A"
const CTRL_U = "\u0015"
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

test("what was sent to the model with a space before its ! or / is no command when it comes back", async () => {
  const never = Promise.withResolvers<void>()
  const slow = [[{ type: "text", index: 0, text: "I look " }], never.promise, ...say("around.")] as const
  const at = await sit(scriptedModel([...slow], say("Yes."), say("And here.")))
  await at.type("look around\r")
  await at.until("I look")
  for (const back of [ALT_UP, ESC]) {
    await at.type(` !echo hi${ALT_ENTER}`)
    await at.until("queued")
    await at.type(back)
    await at.until("›  !echo hi")
    expect(at.screen()).not.toContain("queued")
    if (back === ALT_UP) await at.type(CTRL_U)
  }
  await at.type("\r")
  await at.until("Yes.")
  expect(at.screen()).toContain("› !echo hi")
  await at.leave()
})

test("nor is it one out of what was said before", async () => {
  const engine = testEngine(scriptedModel(say("Yes."), say("Yes again."), say("And yes.")))
  const recalls = [UP, "/history\r"]
  const first = await sit(scriptedModel(), { engine })
  await first.type(" !echo hi\r")
  await first.until("Yes.")
  await first.leave()
  for (const recall of recalls) {
    const at = await sit(scriptedModel(), { engine })
    await at.until("scripted ·")
    await at.type(recall)
    if (recall !== UP) {
      await at.until("history")
      await at.type("\r")
    }
    await at.until("›  !echo hi")
    await at.type("\r")
    await at.until("Done")
    expect(at.screen()).toContain("› !echo hi")
    await at.leave()
  }
})

test("what waits comes back on lines of its own, before what is typed", async () => {
  const never = Promise.withResolvers<void>()
  const slow = [[{ type: "text", index: 0, text: "I look " }], never.promise, ...say("around.")] as const
  const at = await sit(scriptedModel([...slow]))
  await at.type("look around\r")
  await at.until("I look")
  await at.type(` !rm it${ALT_ENTER}`)
  await at.until("queued")
  await at.type(`half${ALT_UP}`)
  await at.until("›  !rm it\n  half")
  await at.type(" done")
  await at.until("›  !rm it\n  half done")
  await at.leave()
})
