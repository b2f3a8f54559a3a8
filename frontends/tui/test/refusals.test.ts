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
