import { expect, test } from "bun:test"
import type { PersonQuestion } from "@skein/protocol/questions"
import { call, say, scriptedModel, testTools } from "@skein/testkit"
import { sit } from "./sitting.ts"

/** The clock of the tests jumps over anything shorter. */
const DEADLINE_MS = 86_400_000_000
const DOWN = "\u001b[B"
const ESC = "\u001b"

const COLOUR: PersonQuestion = {
  ...{ header: "Colour", question: "Which colour?", isMultiple: false, isFree: true },
  options: [{ label: "Red", description: "warm" }, { label: "Blue" }],
}
const PARTS: PersonQuestion = {
  ...{ header: "Parts", question: "Which parts?", isMultiple: true, isFree: false },
  options: [{ label: "lexer" }, { label: "parser" }],
}

/** A tool that asks, and tells the model what came. */
const tools = testTools({
  ask: {
    timeoutMs: DEADLINE_MS,
    async run(_, { askClient, callId }) {
      const asked = askClient("question", { callId, questions: [COLOUR, PARTS] }, DEADLINE_MS)
      return JSON.stringify(await asked.catch((error: unknown) => `left: ${error instanceof Error && error.message}`))
    },
  },
})

test("a model's questions are forms, one after the other, and what is filled in reaches the model", async () => {
  const model = scriptedModel(call("ask", {}), say("Painted."))
  const at = await sit(model, { ports: { tools } })
  await at.type("paint it\r")
  const screen = await at.until("Which colour?")
  expect(screen).toContain("Colour  (1 of 2)")
  expect(screen).toMatch(/Red +warm/)
  await at.type(DOWN)
  await at.type("\r")
  await at.type("a dark one\r")
  await at.type("\r")
  await at.until("Which parts?")
  await at.type(" ")
  await at.type("\r")
  await at.type("\r")
  await at.until("Painted.")
  const told = { answers: [{ chosen: ["Blue"], text: "a dark one" }, { chosen: ["lexer"] }] }
  expect(JSON.stringify(model.requests[1]?.messages)).toContain(JSON.stringify(JSON.stringify(told)).slice(1, -1))
  await at.leave()
})

test("Esc leaves a question, and so does the end of its turn", async () => {
  const model = scriptedModel(call("ask", {}), say("Left."), call("ask", {}), say("Never."))
  const at = await sit(model, { ports: { tools } })
  await at.type("paint it\r")
  await at.until("Which colour?")
  await at.type(ESC)
  await at.until("Left.")
  expect(JSON.stringify(model.requests[1]?.messages)).toContain("left: They left the question.")
  await at.type("again\r")
  await at.until("Which colour?")
  const [session] = await at.engine.ask({ type: "sessions.list", cwd: "/srv/shop", limit: 1 })
  if (session === undefined) throw new Error("There is no session")
  await at.engine.submit({ type: "turn.interrupt", sessionId: session.sessionId })
  await at.when(() => !at.screen().includes("Which colour?"))
  await at.leave()
})

test("keys that were on their way when a question came answer nothing", async () => {
  let now = 0
  const model = scriptedModel(call("ask", {}), say("Painted."))
  const at = await sit(model, { ports: { tools }, now: () => now })
  await at.type("paint it\r")
  await at.until("Which colour?")
  await at.type("\r\r")
  await at.type("\r")
  expect(await at.until("Which colour?")).toContain("choose")
  now += 1_000
  await at.type("\r")
  await at.type("\r")
  await at.type("\r")
  await at.until("Which parts?")
  await at.leave()
})
