import { expect, test } from "bun:test"
import type { Engine } from "@skein/protocol"
import { call, say, scriptedModel, testEngine, testTools } from "@skein/testkit"
import { sit } from "./sitting.ts"

const F3 = "\u001bOR"
const F7 = "\u001b[18~"
const F9 = "\u001b[20~"
const F12 = "\u001b[24~"
const PAGE_UP = "\u001b[5~"
const ALT_END = "\u001b[1;3F"
const CTRL_B = "\u0002"

test("the whole screen shows what was said, and giving it back prints what came meanwhile once", async () => {
  const at = await sit(scriptedModel(say("One."), say("Two.")))
  await at.type("first\r")
  await at.until("One.")
  await at.type(F12)
  await at.when(() => at.terminal.isAlternate)
  await at.type("second\r")
  await at.until("Two.")
  await at.type(F12)
  await at.when(() => !at.terminal.isAlternate)
  const all = at.terminal.text().join("\n")
  for (const said of ["One.", "Two.", "› first", "› second"]) expect(all.split(said)).toHaveLength(2)
  await at.leave()
})

test("who leaves from the whole screen finds the end of what was said in the shell, and nothing twice", async () => {
  const long = Array.from({ length: 60 }, (_, line) => `line ${line}\n\n`).join("")
  const at = await sit(scriptedModel(say("One."), say("Two."), say(long)))
  await at.type("first\r")
  await at.until("One.")
  await at.type(F12)
  await at.when(() => at.terminal.isAlternate)
  await at.type("second\r")
  await at.until("Two.")
  await at.type("third\r")
  await at.until("line 59")
  await at.when(() => !at.screen().includes("esc stop"))
  await at.leave()
  await at.terminal.settled()
  expect(at.terminal.isAlternate).toBe(false)
  const all = at.terminal.text().map((line) => line.trimEnd())
  const from = all.indexOf("› third")
  expect(all.filter((line) => line === "› first" || line.includes("One."))).toHaveLength(2)
  expect(all.filter((line) => line.includes("second") || line.includes("Two."))).toEqual([])
  expect(all.slice(from, from + 2)).toEqual(["› third", expect.stringMatching(/⋯ \d+ lines are left out/)])
  expect(all.slice(from).join("\n").trimEnd()).toMatch(/\n {2}line 58\n\n {2}line 59\n\n {2}Done .*$/)
  expect(all.length - from).toBeLessThanOrEqual(24)
})

test("who leaves from a page finds all that was finished behind it", async () => {
  const looked = Promise.withResolvers<void>()
  const at = await sit(scriptedModel([looked.promise, ...say("One.")]))
  await at.type("first\r")
  await at.until("asks the model")
  await at.type(F3)
  await at.until("esc back")
  looked.resolve()
  await at.until("Done")
  at.signal("SIGTERM")
  await at.left
  await at.terminal.settled()
  const all = at.terminal.text().join("\n")
  for (const said of ["› first", "One.", "Done"]) expect([said, all.split(said).length]).toEqual([said, 2])
})

test("who scrolled up stays there while more comes, and End goes back to it", async () => {
  const long = Array.from({ length: 60 }, (_, line) => `line ${line}\n\n`).join("")
  const at = await sit(scriptedModel(say(long), say("And this.")))
  await at.type("tell me\r")
  await at.until("Done")
  await at.type(F12)
  await at.when(() => at.terminal.isAlternate)
  await at.type(PAGE_UP)
  const before = await at.until("more below")
  await at.type("go on\r")
  // What both turns cost, once the second is over.
  await at.until("$0.0004")
  await at.when(() => !at.screen().includes("esc stop"))
  expect(at.screen().split("\n").slice(0, 10)).toEqual(before.split("\n").slice(0, 10))
  await at.type(ALT_END)
  expect(await at.until("And this.")).not.toContain("more below")
  await at.leave()
})

test("a second tab has a session of its own, and what is asked in one is seen in the other", async () => {
  const tools = testTools({ push: { effects: [{ kind: "delegate", to: "origin" }], run: () => "pushed" } })
  const rules = [{ tool: "push", decision: "ask", scope: "user" }] as const
  const asked = Promise.withResolvers<void>()
  const at = await sit(scriptedModel([asked.promise, ...call("push", {})], say("Pushed.")), { ports: { tools, rules } })
  await at.type("push it\r")
  await at.until("asks the model")
  await at.type(F9)
  await at.until("2 new")
  asked.resolve()
  expect(await at.until("n  no")).toContain("push it")
  await at.type("y")
  await at.type(F7)
  await at.until("Pushed.")
  expect(at.screen().split("\n")[0]).toMatch(/1 push it.* f7 f8 other tabs$/)
  await at.leave()
})

test("the sidebar shows sessions beside the transcript where there is room", async () => {
  const at = await sit(scriptedModel(say("One.")), { columns: 120, rows: 30 })
  await at.type("first\r")
  await at.until("One.")
  await at.type(CTRL_B)
  expect(await at.until("sessions")).toContain("› first")
  await at.type(CTRL_B)
  await at.terminal.settled()
  expect(at.screen()).not.toContain("sessions")
  await at.leave()
})

test("the transcript opens on the whole screen and is left to where one was, the typed line kept", async () => {
  const at = await sit(scriptedModel(say("One.")))
  await at.type("first\r")
  await at.until("Done")
  await at.type("half a tho")
  await at.type(F3)
  await at.until("esc back")
  await at.type("q")
  expect(await at.until("half a tho")).toContain("Done")
  await at.leave()
})

test("without a locale signs are what the terminal draws", async () => {
  const at = await sit(scriptedModel(say("One.")), { env: { LANG: "" } })
  await at.type("first\r")
  expect(await at.until("One.")).toContain("› first")
  await at.leave()
})

test("signs are ASCII where the locale says something else than UTF-8, unless the person says otherwise", async () => {
  const env = { LC_ALL: "de_DE.ISO-8859-1" }
  const plain = await sit(scriptedModel(say("One.")), { env })
  await plain.type("first\r")
  expect(await plain.until("One.")).toContain("> first")
  expect(plain.screen()).not.toContain("›")
  await plain.leave()
  const chosen = await sit(scriptedModel(say("One.")), { env, tui: { glyphs: "unicode" } })
  await chosen.type("first\r")
  expect(await chosen.until("One.")).toContain("› first")
  await chosen.leave()
})

test("what the engine has and the screen has not heard of yet stands on the whole screen once", async () => {
  const engine = testEngine(scriptedModel(say("One.")))
  const heard = Promise.withResolvers<void>()
  const late: Engine = {
    submit: (op) => engine.submit(op),
    ask: (query) => engine.ask(query),
    async *events(subscription) {
      for await (const event of engine.events(subscription)) {
        if (event.type === "turn.started") await heard.promise
        yield event
      }
    },
  }
  const at = await sit(scriptedModel(), { engine: late })
  await at.until("scripted ·")
  const { sessionId } = (await engine.ask({ type: "sessions.list" }))[0] ?? {}
  if (sessionId === undefined) throw new Error("There is no session")
  await at.type("first\r")
  const isSaid = async () => (await engine.ask({ type: "session.read", sessionId })).items.length > 1
  while (!(await isSaid())) await Bun.sleep(2)
  await at.type(F12)
  await Bun.sleep(20)
  heard.resolve()
  await at.when(() => at.terminal.isAlternate)
  await at.until("Done")
  expect(at.screen().split("One.")).toHaveLength(2)
  await at.leave()
})

test("the sidebar tells the sessions as they are now, and one of them is chosen by its number", async () => {
  const at = await sit(scriptedModel(say("One."), say("Two.")), { columns: 120 })
  await at.type("first words\r")
  await at.until("One.")
  await at.type("/new\r")
  await at.type(CTRL_B)
  await at.when(() => at.terminal.isAlternate)
  const before = await at.until("first words")
  expect(before).toMatch(/first words +2$/m)
  await at.type("second words\r")
  await at.until("Two.")
  expect(sideOf(await at.until("second words"))).toEqual(["second words 1", "first words 2"])
  await at.type("/tab 2\r")
  await at.until("One.")
  expect(sideOf(at.screen())).toEqual(["second words 1", "first words 2"])
  await at.leave()
})

/** What the sidebar has of sessions. */
function sideOf(screen: string): readonly string[] {
  return screen.split("\n").flatMap((line) => /(\w+ words +\d)$/.exec(line)?.[1]?.replace(/ +(?=\d)/, " ") ?? [])
}
