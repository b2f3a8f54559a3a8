import { expect, test } from "bun:test"
import { say, scriptedModel } from "@skein/testkit"
import { sit } from "./sitting.ts"

test("a model that has said nothing yet is waited for; it thinks once it shows thoughts, and answers with its first word", async () => {
  const first = Promise.withResolvers<void>()
  const second = Promise.withResolvers<void>()
  const third = Promise.withResolvers<void>()
  const thoughts = [{ type: "reasoning", index: 0, text: "The cart first." }] as const
  const word = [
    { type: "item_end", index: 0 },
    { type: "text", index: 1, text: "I " },
  ] as const
  const rest = [
    { type: "text", index: 1, text: "looked." },
    { type: "item_end", index: 1 },
  ] as const
  const end = [{ type: "stop", reason: "end" }] as const
  const model = scriptedModel([first.promise, thoughts, second.promise, word, third.promise, rest, end], say("Yes."))
  const at = await sit(model)
  await at.type("look\r")
  expect(await at.until("step 1 · asks the model")).not.toContain("thinks")
  first.resolve()
  await at.until("step 1 · thinks")
  second.resolve()
  expect(await at.until("step 1 · answers")).not.toContain("step 1 · thinks")
  third.resolve()
  await at.until("I looked.")
  await at.leave()
})
