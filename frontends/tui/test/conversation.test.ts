import { expect, test } from "bun:test"
import { call, calls, say, scriptedModel, testTools } from "@skein/testkit"
import type { SystemPort } from "../src/index.ts"
import { sit } from "./sitting.ts"

test("the first frame is there before an engine is, and what is known later joins it", async () => {
  const opened = Promise.withResolvers<void>()
  const at = await sit(scriptedModel(), { first: () => opened.promise })
  await at.terminal.settled()
  expect(at.screen()).toMatchInlineSnapshot(`
    "
      ⣀⣤⣶⣶⣤⣀
      ⣾⠋    ⠙⣷    skein 1.2.3
      ⢿⣄    ⣠⡿
       ⠉⠛⠿⠿⠛⠉     ~/shop

    ›
      ? keys   / commands   @ files   ! shell"
  `)
  opened.resolve()
  expect(await at.until("scripted")).toContain("scripted · auto · workspace-write")
  await at.leave()
})

test("what is typed before there is an engine is sent when there is one", async () => {
  const opened = Promise.withResolvers<void>()
  const at = await sit(scriptedModel(say("Here I am.")), { first: () => opened.promise })
  await at.type("are you there\r")
  opened.resolve()
  await at.until("Here I am.")
  await at.leave()
})

test("a prompt, its answer and what it cost stay in the scrollback, each once", async () => {
  const at = await sit(scriptedModel(say("It is **four**.\n\nAnd `2+2` too.")))
  await at.type("what is two and two\r")
  await at.until("Done")
  expect(at.screen()).toMatchInlineSnapshot(`
    "
      ⣀⣤⣶⣶⣤⣀
      ⣾⠋    ⠙⣷    skein 1.2.3
      ⢿⣄    ⣠⡿    scripted · auto · workspace-write
       ⠉⠛⠿⠿⠛⠉     ~/shop

    › what is two and two

      It is four.

      And 2+2 too.

      Done  0.0 s · 1 step · 10 tokens written · $0.0002

    ›
      shop · scripted · auto                                     ctx 0 % · $0.0002"
  `)
  const all = at.terminal.text().join("\n")
  expect(all.split("what is two and two")).toHaveLength(2)
  expect(all.split("It is four.")).toHaveLength(2)
  await at.leave()
})

test("a tool call is a line with its result, and calls of one step stand together", async () => {
  const tools = testTools({ write: { run: () => "written" }, look: { run: () => "seen" } })
  const model = scriptedModel(calls(["look", { path: "a.txt" }], ["write", { path: "a.txt" }]), say("Written."))
  const at = await sit(model, { ports: { tools } })
  await at.type("write it\r")
  await at.until("Written.")
  expect(at.screen()).toMatchInlineSnapshot(`
    "
      ⣀⣤⣶⣶⣤⣀
      ⣾⠋    ⠙⣷    skein 1.2.3
      ⢿⣄    ⣠⡿    scripted · auto · workspace-write
       ⠉⠛⠿⠿⠛⠉     ~/shop

    › write it

    ✓ look   {"path":"a.txt"}
    ✓ write  {"path":"a.txt"}

      Written.

      Done  0.0 s · 2 steps · 20 tokens written · $0.0004

    ›
      shop · scripted · auto                                     ctx 0 % · $0.0004"
  `)
  await at.leave()
})

test("an approval takes the composer's place, Enter does not answer it, and y does", async () => {
  const tools = testTools({ push: { effects: [{ kind: "delegate", to: "origin" }], run: () => "pushed" } })
  const model = scriptedModel(call("push", { to: "origin" }), say("Pushed."))
  const rules = [{ tool: "push", decision: "ask", scope: "user" }] as const
  const at = await sit(model, { ports: { tools, rules } })
  await at.type("push it\r")
  await at.until("n  no")
  expect(at.screen()).toMatchInlineSnapshot(`
    "
      ⣀⣤⣶⣶⣤⣀
      ⣾⠋    ⠙⣷    skein 1.2.3
      ⢿⣄    ⣠⡿    scripted · auto · workspace-write
       ⠉⠛⠿⠿⠛⠉     ~/shop

    › push it

    ◌ push   {"to":"origin"}

      runs      push                                                     in ~/shop
      changes   not known before it runs
      asks      a rule · it hands work to another agent

      y  once
      n  no       f  no, and say why"
  `)
  await at.type("\r")
  expect(at.screen()).toContain("n  no")
  await at.type("y")
  await at.until("Pushed.")
  await at.leave()
})

test("what is typed while a turn runs joins it with Enter, or waits with Alt+Enter, and both are seen", async () => {
  const answered = Promise.withResolvers<void>()
  const slow = [[{ type: "text", index: 0, text: "I look " }], answered.promise, ...say("around.")] as const
  const at = await sit(scriptedModel([...slow], say("And the cart."), say("Then this.")))
  await at.type("look around\r")
  await at.until("I look")
  await at.type("the cart too\r")
  await at.type("and then this\u001b\r")
  await at.until("queued")
  expect(at.screen()).toMatchInlineSnapshot(`
    "
      ⣀⣤⣶⣶⣤⣀
      ⣾⠋    ⠙⣷    skein 1.2.3
      ⢿⣄    ⣠⡿    scripted · auto · workspace-write
       ⠉⠛⠿⠿⠛⠉     ~/shop

    › look around

      I look

      next step  the cart too
      queued     and then this

    ›
      ⠋ step 1 · answers  0 s             enter steer · alt+enter queue · esc stop
      shop · scripted · auto                                                ctx 11"
  `)
  answered.resolve()
  await at.until("Then this.")
  await at.leave()
})

test("a typed line survives everything that is opened over it", async () => {
  const at = await sit(scriptedModel())
  await at.until("scripted ·")
  await at.type("half a thou")
  await at.type("\u000f")
  await at.until("models")
  await at.type("\u001b")
  expect(await at.until("› half a thou")).not.toContain("models")
  await at.type("\u0003")
  await at.leave()
})

test("nothing said is nothing kept, and a session with a word in it is", async () => {
  const silent = await sit(scriptedModel())
  await silent.until("scripted")
  expect((await silent.leave()).isKept).toBe(false)
  const spoken = await sit(scriptedModel(say("Yes.")))
  await spoken.type("hello\r")
  await spoken.until("Done")
  expect((await spoken.leave()).isKept).toBe(true)
})

test("what was typed before the terminal was taken is sent as it was meant", async () => {
  const at = await sit(scriptedModel(say("Here I am.")))
  await at.type("are you there\n")
  await at.until("Here I am.")
  await at.leave()
})

test("what was typed and not sent is given back when the engine fails", async () => {
  const failing = { first: () => Promise.reject(new Error("no engine")) }
  const at = await sit(scriptedModel(), failing)
  await at.type("a long thought")
  const { failure, unsent } = await at.left
  expect([String(failure), unsent]).toEqual(["Error: no engine", "a long thought"])
})

test("a file that an answer names can be clicked, once the files of the folder are known", async () => {
  const at = await sit(scriptedModel(say("See src/x.ts:18-20, not src/y.ts.")), {
    system: { files: async () => ["src/", "src/x.ts"] },
  })
  await at.until("scripted ·")
  await at.type("where\r")
  await at.until("Done")
  expect(at.terminal.writes.join("")).toContain("\u001b]8;;file:///srv/shop/src/x.ts#L18-L20\u001b\\src/x.ts:18-20")
  expect(at.terminal.writes.join("")).not.toContain("src/y.ts#")
  await at.leave()
})

test("whoever picks a file is offered one that came since, without another key", async () => {
  let files = ["src/", "src/first-one.ts"]
  const at = await sit(scriptedModel(), { system: { files: async () => files } })
  await at.until("scripted ·")
  await at.type("@one")
  await at.until("first-one.ts")
  await at.type("\u0015")
  files = [...files, "src/second-one.ts"]
  await at.type("@one")
  expect(await at.until("second-one.ts")).toContain("first-one.ts")
  await at.leave()
})

test("a file that came since is offered where nothing that was known is called so, whether typed or pasted at once", async () => {
  let files: string[] = []
  const at = await sit(scriptedModel(), { system: { files: async () => files } })
  await at.until("scripted ·")
  files = ["brand-new.ts"]
  await at.type("@bran")
  await at.until("brand-new.ts")
  await at.leave()
})

test("what the rules forbid and what a person refused read alike in a session that is opened again", async () => {
  const tools = testTools({ push: { run: () => "pushed" }, drop: { run: () => "dropped" } })
  const rules = [
    { tool: "push", decision: "deny", scope: "user" },
    { tool: "drop", decision: "ask", scope: "user" },
  ] as const
  const model = scriptedModel(calls(["push", {}], ["drop", {}]), say("Neither."))
  const at = await sit(model, { ports: { tools, rules } })
  await at.type("push and drop\r")
  await at.until("n  no")
  await at.type("n")
  const live = callLines(await at.until("Done"))
  expect(live.map((line) => line.includes("refused"))).toEqual([true, true])
  const { sessionId } = (await at.engine.ask({ type: "sessions.list" }))[0] ?? {}
  if (sessionId === undefined) throw new Error("There is no session")
  await at.leave()
  const later = await sit(model, { again: { engine: at.engine, sessionId } })
  expect(callLines(await later.until("Neither."))).toEqual(live)
  await later.leave()
})

function callLines(screen: string): readonly string[] {
  return screen.split("\n").filter((line) => /^[^›] (push|drop) /.test(line))
}

test("a session that is opened again tells how full the model's window is", async () => {
  const model = scriptedModel(say("Yes."))
  const at = await sit(model)
  await at.type("are you there\r")
  await at.until("Done")
  const { sessionId } = (await at.engine.ask({ type: "sessions.list" }))[0] ?? {}
  if (sessionId === undefined) throw new Error("There is no session")
  await at.leave()
  const later = await sit(model, { again: { engine: at.engine, sessionId } })
  await later.until("ctx 0 %")
  await later.leave()
})

test("what untrusted means is said where it is first seen, once", async () => {
  const provenance = { source: "what look got from example.org", isTrusted: false }
  const tools = testTools({ look: { run: () => ({ forModel: [{ type: "text", text: "seen" }], provenance }) } })
  const at = await sit(scriptedModel(calls(["look", {}], ["look", {}]), say("Seen.")), { ports: { tools }, rows: 40 })
  await at.type("look\r")
  const screen = await at.until("Seen.")
  expect(screen.match(/^ {2}untrusted$/gm)).toHaveLength(2)
  expect(screen.match(/untrusted: from outside, so sending data out asks first; \/network allow HOST$/gm)).toHaveLength(
    1,
  )
  await at.leave()
})

test("what is copied in the transcript's page is said there, with how", async () => {
  const copied: string[] = []
  const system: Partial<SystemPort> = {
    async copy(text) {
      copied.push(text)
      return { way: "xclip", isSure: true }
    },
  }
  const at = await sit(scriptedModel(say("It is four.")), { system })
  await at.type("what is two and two\r")
  await at.until("Done")
  await at.type("/transcript\r")
  await at.until("y copy")
  await at.type("k")
  await at.type("k")
  await at.type("y")
  expect(await at.until("Copied")).toContain("Copied the block by xclip.")
  expect(copied).toHaveLength(1)
  await at.type("k")
  await at.until("y copy")
  await at.type("q")
  await at.leave()
})

test("on a wide screen the status line ends where the calls above it end", async () => {
  const tools = testTools({ look: { run: () => ({ forModel: [], bytes: 1, exitCode: 0 }) } })
  const at = await sit(scriptedModel(call("look", {}), say("Seen.")), { ports: { tools }, columns: 140, rows: 40 })
  await at.type("look\r")
  const rows = (await at.until("Done")).split("\n")
  const widths = rows
    .filter((row) => /^✓ look|ctx 0 %/.test(row.trim()) || row.includes("ctx 0 %"))
    .map((row) => row.length)
  expect(Math.max(...widths)).toBeLessThanOrEqual(78)
  await at.leave()
})
