import { expect, test } from "bun:test"
import { accepted, type Engine, SkeinError } from "@skein/protocol"
import { say, scriptedModel, TEST_SETTINGS, testEngine } from "@skein/testkit"
import { type SittingOptions, sit } from "./sitting.ts"

const CTRL_C = "\u0003"
const CTRL_D = "\u0004"
const DOWN = "\u001b[B"

/** A session that is closed as `close` does it. */
async function closing(close: () => Promise<never>): Promise<NonNullable<SittingOptions["again"]>> {
  const engine = testEngine(scriptedModel())
  const settings = TEST_SETTINGS
  const made = await accepted(engine, { type: "session.create", cwd: "/srv/shop", isInteractive: true, settings })
  const failing: Engine = {
    ask: (query) => engine.ask(query),
    events: (wanted) => engine.events(wanted),
    submit: (op) => (op.type === "session.close" ? close() : engine.submit(op)),
  }
  return { engine: failing, sessionId: made.sessionId }
}

test("a session that cannot be let go of takes neither what was typed nor the way back with it", async () => {
  const failure = new SkeinError("call.failed", "The disk is full.")
  const again = await closing(() => Promise.reject(failure))
  const at = await sit(scriptedModel(), { again })
  await at.until("scripted")
  await at.type("unsent words")
  at.signal("SIGTERM")
  const { sessionId } = again
  expect(await at.left).toMatchObject({ by: "SIGTERM", unsent: "unsent words", sessionId, isKept: true, failure })
})

test.each([
  ["a second request to end", (at: Awaited<ReturnType<typeof sit>>) => at.signal("SIGTERM")],
  ["Ctrl+C", (at: Awaited<ReturnType<typeof sit>>) => at.type(CTRL_C)],
])("%s ends at once what hangs on the way out", async (_, urge) => {
  const isClosing = Promise.withResolvers<void>()
  const again = await closing(() => {
    isClosing.resolve()
    return Promise.withResolvers<never>().promise
  })
  const at = await sit(scriptedModel(), { again })
  await at.until("scripted")
  await at.type(CTRL_D)
  await isClosing.promise
  const from = performance.now()
  await urge(at)
  expect(await at.left).toMatchObject({ by: "person", sessionId: again.sessionId, isKept: true, isCutShort: true })
  expect(performance.now() - from).toBeLessThan(1_000)
})

test("a prompt whose engine cannot be made is not lost", async () => {
  const failure = new SkeinError("call.failed", "The disk is full.")
  const connecting = Promise.withResolvers<void>()
  const at = await sit(scriptedModel(), { first: () => connecting.promise })
  await at.type("are you there\r")
  await at.type("and more")
  await at.when(() => at.screen().includes("and more") || at.screen().includes("are you there"))
  connecting.reject(failure)
  expect(await at.left).toMatchObject({ failure, unsent: "are you there\nand more" })
})

test("nor is what is typed behind a key that waits", async () => {
  const at = await sit(scriptedModel(), {
    first: () => Promise.withResolvers<void>().promise,
    glance: { session: { model: "acme/scripted", mode: "auto", sandbox: "workspace-write" }, recent: [] },
  })
  await at.until("scripted")
  for (const keys of ["one", DOWN, " two", "\r", "three"]) await at.type(keys)
  at.signal("SIGTERM")
  expect(await at.left).toMatchObject({ unsent: "one two\nthree" })
})

test("nor what is sent while it is not yet known which commands there are", async () => {
  const made = testEngine(scriptedModel())
  const engine: Engine = {
    submit: (op) => made.submit(op),
    events: (wanted) => made.events(wanted),
    ask: (query) => (query.type === "commands.list" ? Promise.withResolvers<never>().promise : made.ask(query)),
  }
  const at = await sit(scriptedModel(), { engine })
  await at.until("scripted")
  for (const keys of ["one", "\r", "two"]) await at.type(keys)
  at.signal("SIGTERM")
  expect(await at.left).toMatchObject({ unsent: "one\ntwo" })
})

test("an answer that is left while it comes stays as far as it came, with how it ended", async () => {
  const never = Promise.withResolvers<void>()
  const slow = [[{ type: "text", index: 0, text: "The beginning of " }], never.promise, ...say("it.")] as const
  const at = await sit(scriptedModel([...slow]))
  await at.type("tell me\r")
  await at.until("The beginning of")
  await at.type(CTRL_D)
  await at.left
  await at.terminal.settled()
  const all = at.terminal.text().join("\n")
  expect(all.split("The beginning of")).toHaveLength(2)
  expect(all).toContain("Cut off: skein was left.")
})

test("Ctrl+C, something else and Ctrl+C again does not leave, however fast it was", async () => {
  const at = await sit(scriptedModel(), { now: () => 0 })
  await at.until("scripted")
  for (const between of ["a", "\u001b[200~pasted\u001b[201~", "\u001b[A"]) {
    await at.type(CTRL_C)
    await at.until("Ctrl+C again quits")
    await at.type(between)
    await at.when(() => !at.screen().includes("again quits"))
    await at.type("\u0015")
  }
  await at.type("still here")
  await at.until("› still here")
  await at.type("\u0015")
  await at.type(CTRL_C)
  await at.type(CTRL_C)
  expect(await at.left).toMatchObject({ by: "person" })
})

test("Ctrl+C twice leaves although the turn does not stop", async () => {
  const engine = testEngine(
    scriptedModel([[{ type: "text", index: 0, text: "I look " }], new Promise<never>(() => {})]),
  )
  const stuck: Engine = {
    ask: (query) => engine.ask(query),
    events: (wanted) => engine.events(wanted),
    submit: (op) => (op.type === "turn.interrupt" ? new Promise<never>(() => {}) : engine.submit(op)),
  }
  let now = 0
  const at = await sit(scriptedModel(), { engine: stuck, now: () => now })
  await at.type("look around\r")
  await at.until("I look")
  await at.type(CTRL_C)
  await at.until("Ctrl+C again quits")
  now += 1_500
  await at.type(CTRL_C)
  expect(await at.left).toMatchObject({ by: "person", isKept: true })
})
