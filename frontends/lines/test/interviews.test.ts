import { expect, test } from "bun:test"
import type { PersonQuestion } from "@skein/protocol/questions"
import { call, say, scriptedModel, testTools } from "@skein/testkit"
import { sat } from "./sat.ts"

const HANG_MS = 5_000
/** The clock of the tests jumps over anything shorter. */
const DEADLINE_MS = 86_400_000_000

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
      const payload = { callId, questions: [COLOUR, PARTS] }
      const asked = askClient("question", payload, DEADLINE_MS)
      return JSON.stringify(await asked.catch((error: unknown) => `left: ${error instanceof Error && error.message}`))
    },
  },
})

test(
  "questions are asked one after the other; a number, several of them, or words answer",
  async () => {
    const model = scriptedModel(call("ask", {}), say("Done."))
    const at = await sat(model, { tools })
    at.type("go")
    expect(await at.until("to leave it:")).toContain(
      "  ? Colour (1 of 2)\n    Which colour?\n     1  Red  · warm\n     2  Blue\n    A number, or your own words",
    )
    at.type("7")
    expect(await at.until("to leave it:")).toContain("a number from 1 to 2, or in your own words.")
    at.type("a warm grey")
    await at.until("Parts (2 of 2)")
    await at.until("to leave it:")
    at.type("1, 2")
    await at.until("Done.")
    const told = { answers: [{ chosen: [], text: "a warm grey" }, { chosen: ["lexer", "parser"] }] }
    expect(JSON.stringify(model.requests[1]?.messages)).toContain(JSON.stringify(JSON.stringify(told)).slice(1, -1))
    await at.leave()
  },
  HANG_MS,
)

test(
  "a line that was on its way when the question came answers nothing; a dash leaves it",
  async () => {
    const model = scriptedModel(call("ask", {}), say("Done."))
    const at = await sat(model, { tools })
    at.type("go")
    await at.until("to leave it:")
    at.pass(-400)
    at.type("2")
    await at.until("That came before the question could be read.")
    await at.until("to leave it:")
    at.type("-")
    await at.until("Done.")
    expect(JSON.stringify(model.requests[1]?.messages)).toContain("left: They left the question.")
    await at.leave()
  },
  HANG_MS,
)

test(
  "a command between does not lose the question, and an interrupt takes it back",
  async () => {
    const at = await sat(scriptedModel(call("ask", {}), say("Done.")), { tools })
    at.type("go")
    await at.until("to leave it:")
    at.type("/todos")
    await at.until("The list is empty.")
    await at.until("to leave it:")
    at.interrupt()
    await at.until("› ")
    at.type("/todos")
    const after = await at.until("› ")
    expect(after).not.toContain("to leave it")
    await at.leave()
  },
  HANG_MS,
)
