import { expect, test } from "bun:test"
import { type AskedCommand, commandAsked, type Engine, type SessionId } from "@skein/protocol"
import { openSession, say, scriptedModel, submitText, testEngine } from "@skein/testkit"
import { EXIT, runHeadlessCommand } from "../src/index.ts"

async function asked(engine: Engine, sessionId: SessionId, text: string): Promise<AskedCommand> {
  const command = await commandAsked(engine, sessionId, [{ type: "text", text }])
  if (command === undefined) throw new Error(`${text} is no command`)
  return command
}

/** A prompt, and what became of it: exit code, stdout, stderr. */
async function ran(text: string, format: "text" | "events" = "text") {
  const engine = testEngine(scriptedModel())
  const { id: sessionId } = await openSession(engine)
  const [out, err]: [string[], string[]] = [[], []]
  const code = await runHeadlessCommand({
    engine,
    sessionId,
    command: await asked(engine, sessionId, text),
    format,
    answer: (line) => out.push(line),
    progress: (line) => err.push(line),
  })
  await engine.close()
  return { code, out, err }
}

test("a prompt that is a command prints what it says and asks no model", async () => {
  const { code, out, err } = await ran("/status")
  expect([code, err]).toEqual([EXIT.completed, []])
  expect(out.join("\n")).toStartWith("model    test/scripted\nmode     auto\n")
})

test("what cannot be done is an error on stderr", async () => {
  const { code, out, err } = await ran("/mode nope")
  expect([code, out]).toEqual([EXIT.failed, []])
  expect(err.join("\n")).toStartWith("There is no mode nope.")
})

test("stdout is for events alone where they were asked for", async () => {
  expect(await ran("/goal", "events")).toEqual({
    code: EXIT.completed,
    out: [],
    err: ["There is no goal. /goal <text> sets one."],
  })
})

test("any other prompt is left to the model", async () => {
  const engine = testEngine(scriptedModel())
  const { id } = await openSession(engine)
  for (const text of ["/etc/hosts is what?", "/fly"])
    expect(await commandAsked(engine, id, [{ type: "text", text }])).toBeUndefined()
  await engine.close()
})

test("what the session says of a command besides is told on stderr", async () => {
  const engine = testEngine(scriptedModel(say("Hello. ".repeat(2_000)), say("They greeted.")))
  const session = await openSession(engine)
  await submitText(engine, session.id, "hi")
  await session.until("turn.ended")
  const [out, err]: [string[], string[]] = [[], []]
  const code = await runHeadlessCommand({
    engine,
    sessionId: session.id,
    command: await asked(engine, session.id, "/compact"),
    format: "text",
    answer: (line) => out.push(line),
    progress: (line) => err.push(line),
  })
  expect([code, out.length]).toEqual([EXIT.completed, 1])
  expect(err.join("\n")).toStartWith("note    Older context was summed up")
  await engine.close()
})
