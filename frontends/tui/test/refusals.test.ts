import { expect, test } from "bun:test"
import { type Engine, type Query, type Receipt, SkeinError } from "@skein/protocol"
import { say, scriptedModel, testEngine } from "@skein/testkit"
import { sit } from "./sitting.ts"

const SESSION = { model: "acme/scripted", mode: "auto", sandbox: "workspace-write" } as const

/** An engine that refuses one kind of question. */
function refusing(engine: Engine, type: Query["type"], message: string): Engine {
  const ask: Engine["ask"] = (query) =>
    query.type === type ? Promise.reject(new SkeinError("config.invalid", message)) : engine.ask(query)
  return { ...engine, ask, submit: (op) => engine.submit(op), events: (from) => engine.events(from) }
}

test("what the engine refuses to answer is told, and the screen goes on", async () => {
  const model = scriptedModel(say("Still here."))
  const engine = refusing(testEngine(model), "models.list", "The list of models cannot be read.")
  const at = await sit(model, { engine })
  await at.until("scripted ·")
  await at.type("/models\r")
  await at.until("The list of models cannot be read.")
  await at.type("are you there\r")
  await at.until("Still here.")
  expect((await at.leave()).failure).toBeUndefined()
})

test.each(["prompts.list", "commands.list"] as const)("the screen goes on where %s is refused", async (query) => {
  const engine = refusing(testEngine(scriptedModel(say("Still here."))), query, "The list cannot be read.")
  const at = await sit(scriptedModel(), { engine })
  await at.type("are you there\r")
  await at.until("Still here.")
  expect(at.terminal.text().join("\n")).toContain("The list cannot be read.")
  await at.type("/mo")
  await at.until("› /mo")
  expect((await at.leave()).failure).toBeUndefined()
})

test("a line that is refused stands in the composer again, before what was typed since", async () => {
  const engine = testEngine(scriptedModel(say("Never.")))
  const answer = Promise.withResolvers<Receipt>()
  const refusing: Engine = {
    ...engine,
    ask: (query) => engine.ask(query),
    events: (from) => engine.events(from),
    submit: (op) => (op.type === "turn.submit" ? answer.promise : engine.submit(op)),
  }
  const at = await sit(scriptedModel(), { engine: refusing })
  await at.until("scripted ·")
  await at.type("a long thought")
  await at.type("\r")
  await at.type("and m")
  await at.until("› and m")
  answer.resolve({ status: "rejected", code: "config.invalid", message: "No such model." })
  await at.until("No such model.")
  await at.type("ore")
  expect(await at.until("› a long thought")).toContain("› a long thought\n  and more\n")
  expect((await at.leave()).failure).toBeUndefined()
})

test("sessions that cannot be listed are told before there is an engine, and the screen goes on", async () => {
  const recent = Object.assign(new Error("EACCES: permission denied, scandir"), { code: "EACCES" })
  const at = await sit(scriptedModel(), { glance: { session: SESSION, recent } })
  await at.until("Earlier sessions are not shown: EACCES")
  expect((await at.leave()).failure).toBeUndefined()
})

test("that the person cannot be called is told, and the screen goes on", async () => {
  const notify = () => Promise.reject(new SkeinError("call.failed", "The bell is broken."))
  const model = scriptedModel(say("One."), say("Two."))
  const at = await sit(model, { system: { notify }, tui: { notifications: "always" } })
  await at.type("first\r")
  await at.until("The bell is broken.")
  await at.type("second\r")
  await at.until("Two.")
  expect((await at.leave()).failure).toBeUndefined()
})
