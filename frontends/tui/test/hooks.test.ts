import { expect, test } from "bun:test"
import { call, fakeClock, fakeHooks, say, scriptedModel, testTools } from "@skein/testkit"
import { sit } from "./sitting.ts"

/** Rows as one text, however they were broken. */
const told = (screen: string) => screen.replace(/\s+/g, " ")

const tools = testTools({ write: { run: () => "written" } })

test("a prompt that a hook blocked is told as not sent, with why, and the turn as over", async () => {
  const hooks = fakeHooks({ UserPromptSubmit: () => ({ block: { reason: "it holds a key." } }) })
  const at = await sit(scriptedModel(), { ports: { hooks } })
  await at.type("hello\r")
  expect(told(await at.until("Not sent"))).toContain("Not sent: a hook blocked this prompt: it holds a key.")
  expect(told(at.screen()).split("it holds a key.")).toHaveLength(2)
  await at.leave()
})

test("a call that a hook blocked shows who said no, and why", async () => {
  const hooks = fakeHooks({ PreToolUse: () => ({ block: { reason: "no writes on Fridays" } }) })
  const at = await sit(scriptedModel(call("write", {}), say("All right.")), { ports: { hooks, tools } })
  await at.type("hello\r")
  expect(told(await at.until("All right."))).toContain("Not run: a hook blocked it: no writes on Fridays.")
  await at.leave()
})

test("a turn that a hook lets go on says what is left to do", async () => {
  const hooks = fakeHooks({ Stop: ({ isHookActive }) => (isHookActive ? {} : { block: { reason: "Run the tests." } }) })
  const at = await sit(scriptedModel(say("Done."), say("Tested.")), { ports: { hooks } })
  await at.type("hello\r")
  expect(told(await at.until("Tested."))).toContain("A hook lets the turn go on: Run the tests.")
  await at.leave()
})

test("a hook that takes longer than a second is named while it is waited for", async () => {
  const clock = fakeClock()
  const released = Promise.withResolvers<object>()
  const hooks = fakeHooks({ UserPromptSubmit: () => released.promise })
  const at = await sit(scriptedModel(say("Hello.")), { ports: { hooks, clock }, now: () => clock.now() })
  await at.type("hello\r")
  await at.when(() => clock.sleeping.includes(1_000))
  clock.advance(1_000)
  await at.until("hooks: UserPromptSubmit")
  released.resolve({})
  expect(await at.until("Hello.")).not.toContain("hooks:")
  await at.leave()
})
