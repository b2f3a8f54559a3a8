import { expect, test } from "bun:test"
import { accepted } from "@skein/protocol"
import { call, calls, type Scripted, say, scriptedModel, TEST_SETTINGS, testEngine, testTools } from "@skein/testkit"
import { sit } from "./sitting.ts"

const change = { path: "/srv/shop/a.ts", kind: "update", before: null, after: null, diff: "-one\n+two\n" } as const
const tools: ReturnType<typeof testTools> = {
  ...testTools({
    edit: { run: () => ({ forModel: [], changes: [change] }) },
    bash: { run: () => ({ forModel: [], exitCode: 0 }) },
  }),
  describe: (name) => ({ title: name, kind: name === "bash" ? "execute" : "edit", locations: [] }),
}

/** From the prompt to what the turn showed for itself; how long it took is the clock's. */
function turnsOf(screen: string): string {
  return screen.slice(screen.indexOf("› "), screen.lastIndexOf("\n› ")).replace(/[\d.]+ m?s(?= ·)/g, "0 s")
}

test("a session that is restored shows the ends of its turns as they stood", async () => {
  const script: Scripted[] = [
    calls(["edit", {}], ["bash", { command: "npm test" }]),
    say("Mended."),
    call("bash", { command: "ls" }),
    say("Looked."),
  ]
  const engine = testEngine(scriptedModel(...script), { tools })
  const at = await sit(scriptedModel(), { engine, rows: 40 })
  await at.type("mend it\r")
  await at.until("/undo")
  await at.type("look\r")
  await at.until("Looked.")
  await at.when(() => at.screen().split("Done").length === 3)
  const before = turnsOf(at.screen())
  const { sessionId } = await at.leave()
  if (sessionId === undefined) throw new Error("There was no session")

  const again = await sit(scriptedModel(), { again: { engine, sessionId }, rows: 40 })
  await again.until("Looked.")
  expect(turnsOf(again.screen())).toBe(before)
  await again.leave()
})

test("a turn that runs when its session is opened has its end, with what it did before", async () => {
  const answered = Promise.withResolvers<void>()
  const slow: Scripted = [[{ type: "text", index: 0, text: "I look " }], answered.promise, ...say("around.")]
  const engine = testEngine(scriptedModel(call("edit", {}), slow), { tools })
  const settings = { ...TEST_SETTINGS }
  const { sessionId } = await accepted(engine, { type: "session.create", cwd: "/srv/shop", settings })
  const input = [{ type: "text", text: "mend it" }] as const
  await accepted(engine, { type: "turn.submit", sessionId, input, delivery: "start" })
  const at = await sit(scriptedModel(), { again: { engine, sessionId } })
  await at.until("I look")
  answered.resolve()
  const screen = await at.until("Done")
  expect(screen).toContain("2 steps · 20 tokens written")
  expect(screen).toContain("changed       1 file +1 −1")
  await at.leave()
})
