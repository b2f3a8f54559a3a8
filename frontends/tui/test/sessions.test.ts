import { expect, test } from "bun:test"
import { type Engine, type Op, type Query, SkeinError } from "@skein/protocol"
import { call, say, scriptedModel, testEngine, testTools } from "@skein/testkit"
import { sit } from "./sitting.ts"

const CTRL_C = "\u0003"
const CTRL_N = "\u000e"
const SHIFT_TAB = "\u001b[Z"
const F8 = "\u001b[19~"
const F9 = "\u001b[20~"
const F12 = "\u001b[24~"

/** An engine that takes its time with one thing, once `slow` is set. */
function lateEngine(model: ReturnType<typeof scriptedModel>, ports?: Parameters<typeof testEngine>[1]) {
  const made = testEngine(model, ports)
  const late: { slow?: Op["type"] | Query["type"]; until: Promise<void>; count: number; asked: string[] } = {
    until: Promise.resolve(),
    ...{ count: 0, asked: [] },
  }
  const waited = async ({ type }: Op | Query) => {
    late.asked.push(type)
    if (type !== late.slow) return
    late.count++
    await late.until
  }
  const engine: Engine = {
    events: (wanted) => made.events(wanted),
    ask: (query) => waited(query).then(() => made.ask(query)),
    submit: (op) => waited(op).then(() => made.submit(op)),
  }
  return { engine, late }
}

test("a new session beside one that still runs opens in a tab, and what runs goes on", async () => {
  const answered = Promise.withResolvers<void>()
  const slow = [[{ type: "text", index: 0, text: "I look " }], answered.promise, ...say("around.")] as const
  const at = await sit(scriptedModel([...slow]))
  await at.type("look around\r")
  await at.until("I look")
  await at.type(CTRL_N)
  await at.until("2 new")
  answered.resolve()
  await at.type("/tab 1\r")
  await at.until("around.")
  await at.leave()
})

test("tabs that are closed faster than they can be are closed one after the other", async () => {
  const at = await sit(scriptedModel())
  await at.until("scripted ·")
  await at.type("/tab new\r")
  await at.until("2 new")
  await Promise.all([at.type("/tab close"), at.type("\r"), at.type("/tab close"), at.type("\r")])
  await at.until("This is the only tab. Ctrl+D leaves")
  expect((await at.leave()).failure).toBeUndefined()
})

test("what is wanted last is seen, however long it took to make what was wanted before", async () => {
  const { engine, late } = lateEngine(scriptedModel(say("Here.")))
  const at = await sit(scriptedModel(), { engine })
  await at.type("where are you\r")
  await at.until("Done")
  const made = Promise.withResolvers<void>()
  Object.assign(late, { slow: "session.create", until: made.promise })
  await at.type(F9)
  await at.type(F8)
  await at.when(() => late.count === 1)
  made.resolve()
  await at.until("2 new")
  expect(await at.until("Here.")).toContain("where are you")
  await at.leave()
})

test("a session that a command made while the person went elsewhere is beside that, and not in its place", async () => {
  const { engine, late } = lateEngine(scriptedModel(say("Here.")))
  const at = await sit(scriptedModel(), { engine })
  await at.type("where are you\r")
  await at.until("Done")
  const resolved = Promise.withResolvers<void>()
  Object.assign(late, { slow: "command.resolve", until: resolved.promise })
  await at.type("/fork\r")
  await at.when(() => late.count === 1)
  await at.type(F9)
  await at.until("2 new")
  resolved.resolve()
  await at.until("3 ")
  expect(at.screen()).not.toContain("Here.")
  await at.leave()
})

test("what is sent while another session is opened goes where it was typed, and is not let go of", async () => {
  const { engine, late } = lateEngine(scriptedModel(say("Here.")))
  const at = await sit(scriptedModel(), { engine })
  await at.until("scripted")
  const sent = Promise.withResolvers<void>()
  Object.assign(late, { slow: "turn.submit", until: sent.promise })
  await at.type("where are you\r")
  await at.when(() => late.count === 1)
  await at.type(CTRL_N)
  await at.when(() => late.asked.at(-1) === "session.read" && late.asked.at(-2) === "client.attach")
  sent.resolve()
  await at.until("2 new")
  await at.type(F8)
  await at.until("Here.")
  await at.leave()
})

for (const { what, keys, op } of [
  { what: "a command began", keys: "/compact\r", op: "context.compact" },
  { what: "a key changed", keys: SHIFT_TAB, op: "settings.change" },
] as const) {
  test(`what ${what} is stayed beside where the engine does not take it, and never let go of`, async () => {
    const { engine, late } = lateEngine(scriptedModel(say("Here.")))
    const at = await sit(scriptedModel(), { engine, leavingMsMax: 200 })
    await at.type("where are you\r")
    await at.until("Done")
    const taken = Promise.withResolvers<void>()
    Object.assign(late, { slow: op, until: taken.promise })
    await at.type(keys)
    await at.when(() => late.count === 1)
    await at.type(CTRL_N)
    await at.until("2 new")
    await at.type(F8)
    await at.until("Here.")
    taken.resolve()
    await at.leave()
  })
}

test("an answer that the engine does not take keeps the session that asked, and not the one it was given in", async () => {
  const tools = testTools({ push: { effects: [{ kind: "delegate", to: "origin" }], run: () => "pushed" } })
  const rules = [{ tool: "push", decision: "ask", scope: "user" }] as const
  const asked = Promise.withResolvers<void>()
  const model = scriptedModel([asked.promise, ...call("push", {})], say("Pushed."))
  const { engine, late } = lateEngine(model, { tools, rules })
  const at = await sit(scriptedModel(), { engine, leavingMsMax: 60_000 })
  await at.type("push it\r")
  await at.until("asks the model")
  await at.type(F9)
  await at.until("2 new")
  await at.type("/rename beside\r")
  await at.until("2 beside")
  asked.resolve()
  await at.until("◌ 1 push it · push")
  const taken = Promise.withResolvers<void>()
  Object.assign(late, { slow: "approval.answer", until: taken.promise })
  await at.type("n")
  await at.when(() => late.count === 1)
  await at.type(CTRL_N)
  await at.until("2 new")
  taken.resolve()
  await at.type(F8)
  await at.until("Pushed.")
  await at.leave()
})

test("Ctrl+C takes back what was sent before there is a session", async () => {
  const opened = Promise.withResolvers<void>()
  const model = scriptedModel(say("Here."))
  const at = await sit(model, { first: () => opened.promise, prompt: "where are you" })
  await at.until("waits      where are you")
  await at.type(CTRL_C)
  expect(await at.until("› where are you")).not.toContain("waits")
  opened.resolve()
  await at.until("scripted")
  await at.type(" now\r")
  await at.until("Here.")
  expect(model.requests.map(({ messages }) => messages)).toMatchObject([
    [{ content: [{ type: "text", text: "where are you now" }] }],
  ])
  await at.leave()
})

test("another session is seen and worked in while the one before does not end, and that is not in the way of more", async () => {
  const { engine, late } = lateEngine(scriptedModel(say("Here."), say("There.")))
  const at = await sit(scriptedModel(), { engine })
  await at.type("where are you\r")
  await at.until("Done")
  await at.type(F12)
  await at.when(() => at.terminal.isAlternate)
  const closed = Promise.withResolvers<void>()
  Object.assign(late, { slow: "session.close", until: closed.promise })
  await at.type(CTRL_N)
  await at.when(() => late.count === 1)
  await at.when(() => !at.screen().includes("where are you"))
  await at.type("and now\r")
  expect(await at.until("There.")).toContain("› and now")
  await at.type(F9)
  await at.until("2 new")
  closed.resolve()
  expect((await at.leave()).failure).toBeUndefined()
})

test("a session before that cannot be let go of is told, and one goes on", async () => {
  const { engine, late } = lateEngine(scriptedModel(say("Here."), say("There.")))
  const at = await sit(scriptedModel(), { engine })
  await at.type("where are you\r")
  await at.until("Done")
  const refused = Promise.reject(new SkeinError("call.failed", "The disk is full."))
  refused.catch(() => undefined)
  Object.assign(late, { slow: "session.close", until: refused })
  await at.type(CTRL_N)
  await at.until("The disk is full.")
  delete late.slow
  await at.type("and now\r")
  await at.until("There.")
  expect((await at.leave()).failure).toBeUndefined()
})

test("a tab in which something runs is closed after a yes alone, and the last one never", async () => {
  const answered = Promise.withResolvers<void>()
  const slow = [[{ type: "text", index: 0, text: "I look " }], answered.promise, ...say("around.")] as const
  const at = await sit(scriptedModel([...slow]))
  await at.until("scripted")
  await at.type(F9)
  await at.until("2 new")
  await at.type("look around\r")
  await at.until("I look")
  await at.type("/tab close\r")
  await at.until("Close it?")
  await at.type("n")
  expect(await at.until("Nothing was closed.")).toContain("look around")
  await at.type("/tab close\r")
  await at.until("Close it?")
  await at.type("y")
  await at.when(() => !at.screen().includes("look around"))
  await at.type("/tab close\r")
  await at.until("This is the only tab.")
  expect((await at.leave()).isKept).toBe(false)
})

test("a session that is gone on with says at once which model and mode it has", async () => {
  const model = scriptedModel(say("Hello."))
  const first = await sit(model)
  await first.until("? keys")
  await first.type("hi")
  await first.type("\r")
  await first.until("Done")
  const { sessionId } = await first.leave()
  if (sessionId === undefined) throw new Error("There was no session.")
  const again = await sit(model, { again: { engine: first.engine, sessionId } })
  expect(await again.until("shop · scripted · auto")).not.toContain("? keys")
  await again.leave()
})
