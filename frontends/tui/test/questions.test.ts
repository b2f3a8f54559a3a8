import { expect, test } from "bun:test"
import type { Engine, Rule } from "@skein/protocol"
import { call, calls, say, scriptedModel, testTools } from "@skein/testkit"
import { sit } from "./sitting.ts"

const CTRL_C = "\u0003"
const CTRL_G = "\u0007"
const F7 = "\u001b[18~"
const F9 = "\u001b[20~"

/** A tool that is asked about, and a clock that stands until it is moved. */
function pushes() {
  let at = 0
  const tools = testTools({ push: { effects: [{ kind: "delegate", to: "origin" }], run: () => "pushed" } })
  const rules = [{ tool: "push", decision: "ask", scope: "user" }] as const
  return {
    options: { ports: { tools, rules }, now: () => at },
    pass: (ms: number) => {
      at += ms
    },
  }
}

/** The question waits at the engine, drawn or not. */
async function isAsked(engine: Engine): Promise<boolean> {
  const [session] = await engine.ask({ type: "sessions.list", cwd: "/srv/shop", limit: 1 })
  if (session === undefined) return false
  return (await engine.ask({ type: "session.read", sessionId: session.sessionId })).approvals.length > 0
}

const TOO_SOON = "Typed before this could be read"

test("a question that came while an editor had the terminal is read once the editor is left", async () => {
  const edited = Promise.withResolvers<{ readonly failure: string }>()
  const asked = Promise.withResolvers<void>()
  const { options, pass } = pushes()
  const model = scriptedModel([asked.promise, ...call("push", {})], say("Pushed."))
  const at = await sit(model, { ...options, system: { edit: () => edited.promise } })
  await at.type("push it\r")
  await at.until("asks the model")
  await at.type(CTRL_G)
  asked.resolve()
  while (!(await isAsked(at.engine))) await Bun.sleep(1)
  pass(60_000)
  edited.resolve({ failure: "The editor was left." })
  await at.until("The editor was left.")
  await at.until("n  no")
  await at.type("y")
  await at.until(TOO_SOON)
  pass(400)
  await at.type("y")
  await at.until("Pushed.")
  await at.leave()
})

test("a question is read anew after the terminal has another size", async () => {
  const { options, pass } = pushes()
  const at = await sit(scriptedModel(call("push", {}), say("Pushed.")), options)
  await at.type("push it\r")
  await at.until("n  no")
  pass(60_000)
  await at.resize(100, 30)
  await at.type("y")
  await at.until(TOO_SOON)
  pass(400)
  await at.type("y")
  await at.until("Pushed.")
  await at.leave()
})

test("Ctrl+C at a question stops the turn of the session that asks, and what another asks stays asked", async () => {
  const { options, pass } = pushes()
  const isFirst = Promise.withResolvers<void>()
  const isSecond = Promise.withResolvers<void>()
  const model = scriptedModel(
    [isFirst.promise, ...call("push", { to: "one" })],
    [isSecond.promise, ...call("push", { to: "two" })],
    say("Pushed two."),
  )
  const at = await sit(model, options)
  await at.type("first job\r")
  await at.until("asks the model")
  await at.type(F9)
  await at.until("2 new")
  await at.type("second job\r")
  await at.until("asks the model")
  isFirst.resolve()
  await at.until('{"to":"one"}')
  isSecond.resolve()
  await at.until("1 of 2")
  await at.type(CTRL_C)
  await at.when(() => !at.screen().includes('{"to":"one"}'))
  expect(await at.until("n  no")).toContain('{"to":"two"}')
  pass(400)
  await at.type("y")
  await at.until("Pushed two.")
  await at.type(F7)
  await at.until("Stopped by the person before it ran.")
  await at.leave()
})

test("a question of another tab names it first, and the tab is gone to while it is asked", async () => {
  const { options, pass } = pushes()
  const asked = Promise.withResolvers<void>()
  const at = await sit(scriptedModel([asked.promise, ...call("push", {})], say("Pushed.")), options)
  await at.type("push it\r")
  await at.until("asks the model")
  await at.type(F9)
  await at.until("2 new")
  asked.resolve()
  await at.until("◌ 1 push it · push")
  pass(60_000)
  await at.type(F7)
  await at.until("› push it")
  expect(await at.until("◌ push")).not.toContain("◌ 1 push it")
  await at.type("y")
  await at.until(TOO_SOON)
  pass(400)
  await at.type("y")
  await at.until("Pushed.")
  await at.leave()
})

test("a question of another tab has as much room as one of this", async () => {
  const paths = Array.from({ length: 34 }, (_, at) => `/srv/shop/a-folder/of-the-shop/file-${at}`)
  const tools = testTools({ push: { effects: [{ kind: "write", paths, isInside: true }], run: () => "pushed" } })
  const rules = [{ tool: "push", decision: "ask", scope: "user" }] as const
  const asked = Promise.withResolvers<void>()
  const model = scriptedModel([asked.promise, ...call("push", {})], say("So be it."))
  const at = await sit(model, { ports: { tools, rules }, rows: 40 })
  await at.type("push it\r")
  await at.until("asks the model")
  await at.type(F9)
  await at.until("2 new")
  asked.resolve()
  const there = await at.until("◌ 1 push it · push")
  expect(there).toContain("file-20")
  expect(there).not.toContain("v shows them")
  await at.type(F7)
  await at.until("› push it")
  await at.type("n")
  await at.until("So be it.")
  await at.leave()
})

test("what a yes for the project leaves behind is told, with how to take it away", async () => {
  const simple = { argv: ["make"], text: "make", risks: ["execute"], reason: "", cwd: "/srv/shop" } as const
  const none = { writes: [], reads: [], hosts: [], assigns: [], powerful: [] }
  const effect = { kind: "execute", command: "make", isConfined: false, roots: ["/srv/shop"] } as const
  const reading = { commands: [{ ...simple, ...none }] }
  const tools = testTools({ shell: { effects: [{ ...effect, reading }], run: () => "made" } })
  const ports = { tools, keepRule: async (rule: Rule) => rule }
  const at = await sit(scriptedModel(call("shell", {}), say("Made.")), { ports, settings: { mode: "ask" } })
  await at.type("make it\r")
  await at.until("this project")
  await at.type("p")
  await at.until("Allowed from now on")
  const told = at.screen().replace(/\s+/g, " ")
  expect(told).toContain("Allowed from now on in this project: shell: make.")
  expect(told).toContain("skein permissions remove takes it away.")
  await at.leave()
})

test("a refusal is told in words for the person: by whom, why, and what to do", async () => {
  const tools = testTools({ push: { run: () => "pushed" }, ask: { run: () => "asked" } })
  const rules = [
    { tool: "push", decision: "deny", scope: "user" },
    { tool: "ask", decision: "ask", scope: "user" },
  ] as const
  const model = scriptedModel(call("push", {}), call("ask", {}), say("So be it."))
  const at = await sit(model, { ports: { tools, rules }, rows: 40 })
  await at.type("push it\r")
  await at.until("n  no")
  await at.type("n")
  const screen = await at.until("So be it.")
  expect(screen).toMatch(
    /○ push {3}.* refused\n {2}▎ Not run, and you were not asked: a rule; .*\/permissions\n {2}▎ shows what/,
  )
  expect(screen).toMatch(/○ ask {4}.* refused\n {2}▎ You said no\. It did not run\./)
  expect(screen).not.toContain("The person")
  expect(JSON.stringify(model.requests.at(-1)?.messages)).toContain(
    "The person refused this call. Do not try it another",
  )
  await at.leave()
})

test("over a half-typed line a letter answers when it is pressed again, and every other one goes on into the line", async () => {
  const { options, pass } = pushes()
  const asked = Promise.withResolvers<void>()
  const at = await sit(scriptedModel([asked.promise, ...call("push", {})], say("Pushed.")), options)
  await at.type("push it\r")
  await at.until("asks the model")
  await at.type("tell me wh")
  asked.resolve()
  await at.until("n  no")
  await at.type("a")
  pass(450)
  await at.type("y")
  await at.until("Press y again if it is meant for this.")
  pass(450)
  await at.type(" ")
  await at.until("went into the line")
  pass(450)
  await at.type("n")
  await at.until("Press n again")
  pass(450)
  await at.type("y")
  await at.until("Press y again")
  expect(at.screen()).not.toContain("Pushed.")
  pass(450)
  await at.type("y")
  await at.until("Pushed.")
  expect(at.screen()).toContain("› tell me whay n")
  await at.leave()
})

test("a letter that waited to be pressed again goes into the line when the question is put aside, withdrawn or stopped", async () => {
  const { options, pass } = pushes()
  const asked = Promise.withResolvers<void>()
  const [one, two, three] = ["one", "two", "three"].map((to) => call("push", { to }))
  const model = scriptedModel([asked.promise, ...(one ?? [])], two ?? [], three ?? [])
  const at = await sit(model, options)
  const held = async (letter: string) => {
    pass(450)
    await at.type(letter)
    await at.until(`Press ${letter} again`)
  }
  await at.type("push it\r")
  await at.until("asks the model")
  await at.type("wh")
  asked.resolve()
  await at.until("n  no")
  await held("y")
  await at.type("\u001b[27u")
  await at.until("› why")
  await at.type("\u007f\u007f\u007f\r")
  await at.until("n  no")
  await at.type("\u001b[27u")
  await at.type("a")
  await at.until("› a")
  const [session] = await at.engine.ask({ type: "sessions.list", limit: 1 })
  if (session === undefined) throw new Error("There is no session")
  const { sessionId } = session
  const { approvals } = await at.engine.ask({ type: "session.read", sessionId })
  const answer = async (approvalId: (typeof approvals)[number]["approvalId"]) =>
    at.engine.submit({ type: "approval.answer", sessionId, approvalId, answer: "reject_once" })
  for (const { approvalId } of approvals) await answer(approvalId)
  await at.until('{"to":"two"}')
  await at.until("n  no")
  await held("n")
  for (const { approvalId } of (await at.engine.ask({ type: "session.read", sessionId })).approvals)
    await answer(approvalId)
  await at.until('{"to":"three"}')
  await held("y")
  await at.type(CTRL_C)
  await at.until("› any")
  await at.leave()
})

test("while a line is half typed, keys that come before each question can be read go on into it, and Enter sends nothing", async () => {
  const { options, pass } = pushes()
  const asked = Promise.withResolvers<void>()
  const both = calls(["push", { to: "one" }], ["push", { to: "two" }])
  const model = scriptedModel([asked.promise, ...both], say("Pushed both."))
  const at = await sit(model, options)
  await at.type("push it\r")
  await at.until("asks the model")
  await at.type("half")
  asked.resolve()
  for (const to of ['{"to":"one"}', '{"to":"two"}']) {
    await at.until(to)
    for (const keys of ["y", "n", "\u007f", "\u001b[200~ way\u001b[201~", "\r"]) await at.type(keys)
    await at.until("n  no")
    pass(450)
    await at.type("y")
    await at.until("Press y again")
    await at.type("y")
    await at.until("went into the line")
    pass(450)
    await at.type("\u007f\u007f")
    pass(450)
    await at.type("y")
    await at.until("Press y again")
    expect(at.screen()).toContain(to)
    pass(450)
    await at.type("y")
  }
  await at.until("Pushed both.")
  await at.until("› halfy wayy way")
  expect(model.requests).toHaveLength(2)
  await at.leave()
})

test("what was being typed when a question came over the empty line is that line, from its first letter on", async () => {
  const { options, pass } = pushes()
  const asked = Promise.withResolvers<void>()
  const at = await sit(scriptedModel([asked.promise, ...call("push", {})], say("Pushed.")), options)
  await at.type("push it\r")
  await at.until("asks the model")
  asked.resolve()
  await at.until("n  no")
  for (const letter of "so this is a line") {
    await at.type(letter)
    pass(90)
  }
  await at.until("went into the line")
  pass(450)
  await at.type("y")
  await at.until("Press y again")
  pass(450)
  await at.type("y")
  await at.until("Pushed.")
  await at.until("› so this is a line")
  await at.leave()
})

test("a line that is half written is seen below a question, and what goes into it too", async () => {
  const { options, pass } = pushes()
  const asked = Promise.withResolvers<void>()
  const at = await sit(scriptedModel([asked.promise, ...call("push", {})], say("Pushed.")), options)
  await at.type("push it\r")
  await at.until("asks the model")
  await at.type("tell me wh")
  asked.resolve()
  expect(await at.until("n  no")).toMatch(/n {2}no.*\n\n› tell me wh$/)
  await at.type("at")
  expect(await at.until("› tell me what")).toContain("n  no")
  await at.resize(50, 12)
  await at.when(() => !at.screen().includes("tell me"))
  await at.resize(80, 24)
  await at.until("› tell me what")
  pass(450)
  await at.type("y")
  pass(450)
  await at.type("y")
  await at.until("Pushed.")
  await at.leave()
})
