import { expect, test } from "bun:test"
import { type EventOf, SkeinError, type Task, type TaskChoice } from "@skein/protocol"
import { fail, type Scripted, say, scriptedModel } from "@skein/testkit"
import { titleByRule } from "../src/session/title.ts"
import { forever, scene } from "./scene.ts"

const CHOICES: Readonly<Record<TaskChoice["kind"], TaskChoice>> = {
  model: { kind: "model", model: "test/small", why: "a test says so" },
  rule: { kind: "rule", why: "a test says so" },
  off: { kind: "off", why: "a test says so" },
}

/** A session whose person is there, unless told otherwise. */
async function begun(kind: TaskChoice["kind"], { isAttended = true } = {}, ...script: Scripted[]) {
  const model = scriptedModel(...script)
  const taskFor = (task: Task) => (task === "title" ? CHOICES[kind] : CHOICES.off)
  const given = await scene(model, { taskFor })
  if (isAttended) await given.attach()
  const title = async () => (await given.engine.ask({ type: "session.read", sessionId: given.id })).title
  const turn = async (text: string) => {
    await given.say(text)
    return given.session.until("turn.ended")
  }
  return { ...given, model, title, turn }
}

test("a session is named after its first turn by one small request, which is counted", async () => {
  const given = await begun("model", {}, say("done"), say('**"Flaky login test."**\nIt is about …'), say("done too"))
  await given.turn("Why does the login test fail now and then?")
  expect((await given.session.until("session.changed")).title).toBe("Flaky login test")
  await given.turn("and the other?")
  await given.engine.close()

  const asked = given.model.requests[1]
  expect({ ...asked, system: [] }).toEqual({
    ...{ model: "test/small", system: [], tools: [], effort: "none", outputTokensMax: 300 },
    ...{ cacheKey: `${given.id}-title` },
    messages: [{ role: "user", content: [{ type: "text", text: "Why does the login test fail now and then?" }] }],
  })
  expect(given.model.requests).toHaveLength(3)
  const spent = given.session.events.filter(
    (event): event is EventOf<"usage.recorded"> => event.type === "usage.recorded",
  )
  expect(spent.map(({ purpose, model, microUsd }) => [purpose, model, microUsd])).toEqual([
    ["title", "test/small", 200],
  ])
})

test("a name that the model cannot say is made by rule, also when the session is closed before it came", async () => {
  const refused = await begun("model", {}, say("done"), fail(new SkeinError("provider.invalid_request", "No.")))
  await refused.turn("Explain the parser")
  expect((await refused.session.until("session.changed")).title).toBe("Explain the parser")

  const closed = await begun("model", {}, say("done"), [forever])
  await closed.turn("Explain the lexer")
  await closed.engine.close()
  expect((await closed.session.until("session.changed")).title).toBe("Explain the lexer")
})

test("nobody is asked for a name by rule, or where it is off, or where nobody is there to read it", async () => {
  const byRule = await begun("rule", {}, say("done"))
  await byRule.turn("Explain the parser")
  expect((await byRule.session.until("session.changed")).title).toBe("Explain the parser")

  const off = await begun("off", {}, say("done"))
  await off.turn("Explain the parser")
  await off.engine.close()
  const alone = await begun("model", { isAttended: false }, say("done"))
  await alone.turn("Explain the parser")
  await alone.engine.close()
  expect([off, alone].map(({ session }) => session.events.some(({ type }) => type === "session.changed"))).toEqual([
    false,
    false,
  ])
})

test("what the person calls a session stays, whatever a model would call it", async () => {
  const said = await begun("model", {}, say("done"))
  await said.op({ type: "session.change", title: "Mine" })
  await said.turn("Explain the parser")
  await said.engine.close()

  const late = Promise.withResolvers<void>()
  const meanwhile = await begun("model", {}, say("done"), [late.promise, ...say("Its name")])
  await meanwhile.turn("Explain the parser")
  await meanwhile.op({ type: "session.change", title: "Mine too" })
  late.resolve()
  await meanwhile.session.until("usage.recorded")

  expect(said.model.requests).toHaveLength(1)
  expect(await meanwhile.title()).toBe("Mine too")
})

test("a name by rule is the beginning of what was said, at most 50 characters, on one line", () => {
  expect(titleByRule("\n\n## Fix the   build\nIt is broken")).toBe("Fix the build")
  expect(titleByRule("1. do this\n2. and that")).toBe("do this")
  expect(titleByRule(`refactor ${"the parser ".repeat(9)}`)).toBe("refactor the parser the parser the parser the…")
  expect(titleByRule("x".repeat(60))).toBe(`${"x".repeat(49)}…`)
  expect(titleByRule("\u001b[31mred")).not.toContain("\u001b")
})
