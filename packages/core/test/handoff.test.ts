import { expect, test } from "bun:test"
import { SkeinError } from "@skein/protocol"
import { call, fail, type Scripted, say, scriptedModel, testTools } from "@skein/testkit"
import { handoffText } from "../src/turn/handoff.ts"
import { desk, talked, then } from "./desk.ts"

const tools = testTools({ read: { run: () => "what the file holds" } })
const HEADINGS = ["Goal", "Progress", "Files", "State", "Next steps", "Key context"]

async function handed(reply: Scripted, prompt = "never push") {
  const log = await talked([prompt], scriptedModel(call("read", {}), say("half done")), { tools })
  const at = desk(then(log, { type: "plan.changed", plan: "then the tests" }), scriptedModel(reply), { tools })
  return { ...(await handoffText(at.state, "finish it", at.ports)), spent: at.emitted("usage.recorded") }
}

test("the model writes what the next session must know, and its price is in the log", async () => {
  const { text, by, spent } = await handed(say("Goal: all of it"))
  expect([text, by, spent.map(({ purpose }) => purpose)]).toEqual(["Goal: all of it", "model", ["handoff"]])
})

test("when the model cannot, it is made by rule, with every section and the person's words", async () => {
  const { text, by } = await handed(fail(new SkeinError("provider.auth", "No key.")))
  expect(by).toBe("rule")
  expect(text.match(/^# .*/gm)?.map((line) => line.slice(2))).toEqual(HEADINGS)
  for (const part of ["finish it", "never push", "then the tests", "half done"]) expect(text).toContain(part)
})

test("it is at most 16 kB, whoever wrote it", async () => {
  for (const reply of [say("ü".repeat(40_000)), fail(new SkeinError("provider.auth", "No."))]) {
    const { text } = await handed(reply, "ü".repeat(60_000))
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(16_000)
    expect(text.isWellFormed()).toBe(true)
  }
})
