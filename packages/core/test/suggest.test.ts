import { expect, test } from "bun:test"
import type { Task, TaskChoice } from "@skein/protocol"
import { type Scripted, say, scriptedModel } from "@skein/testkit"
import { scene } from "./scene.ts"

const SMALL: TaskChoice = { kind: "model", model: "test/small", why: "a test says so" }
const OFF: TaskChoice = { kind: "off", why: "a test says so" }

async function talked(choice: TaskChoice, ...script: Scripted[]) {
  const model = scriptedModel(say("I added the flag."), ...script)
  const taskFor = (task: Task) => (task === "completion" ? choice : OFF)
  const given = await scene(model, { taskFor })
  await given.attach()
  await given.say("add a flag")
  await given.session.until("turn.ended")
  const suggested = async () => {
    if (script.length > 0) await given.session.until("usage.recorded")
    await given.engine.close()
    return given.session.events.flatMap((event) => (event.type === "suggestion.made" ? [event.text] : []))
  }
  return { ...given, model, suggested }
}

test("after a turn a small model may suggest what to say next; what it cost is counted, and nothing is said by itself", async () => {
  const given = await talked(SMALL, say('"now document the flag"'))

  expect(await given.suggested()).toEqual(["now document the flag"])
  const [, asked] = given.model.requests
  expect(asked?.model).toBe("test/small")
  expect(JSON.stringify(asked?.messages)).toContain("I added the flag.")
  expect(given.session.events.filter(({ type }) => type === "turn.started")).toHaveLength(1)
})

test("what is no plain line is not suggested: no command, no shell line, nothing long, nothing at all", async () => {
  for (const reply of ["/mode full", "!rm -rf /", "@.env", "NONE", "x ".repeat(80)])
    expect(await (await talked(SMALL, say(reply))).suggested()).toEqual([])
})

test("nobody is asked for a suggestion unless somebody was chosen", async () => {
  const given = await talked(OFF)

  expect(await given.suggested()).toEqual([])
  expect(given.model.requests).toHaveLength(1)
})
