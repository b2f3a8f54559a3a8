import { expect, test } from "bun:test"
import { scriptedModel } from "@skein/testkit"
import { offeredOf } from "../src/app/offered.ts"
import { sit } from "./sitting.ts"

const CTRL_P = "\u0010"

test("what is offered begins with what is now, and leaving is last", async () => {
  const at = await sit(scriptedModel())
  const names = offeredOf(await at.engine.ask({ type: "commands.list" })).map(({ name }) => name)
  expect(names.slice(0, 3)).toEqual(["status", "model", "mode"])
  expect(names.at(-1)).toBe("quit")
  await at.until("scripted ·")
  await at.type(CTRL_P)
  expect(await at.until("› /status")).not.toContain("/quit")
  await at.leave()
})
