import { afterEach, expect, test } from "bun:test"
import { SkeinError } from "@skein/protocol"
import { type ToolSession, toolSession } from "./session.ts"

let session: ToolSession | undefined
afterEach(() => session?.close())

/** A session whose client answers so. */
function asked(answer: (payload: unknown) => unknown): ToolSession {
  session = toolSession({}, { askClient: async (_, payload) => answer(payload) })
  return session
}

const COLOUR = { header: "Colour", question: "Which colour?", options: [{ label: "Red" }, { label: "Blue" }] }
const CHOOSE = "Choose what fits best yourself, say in your answer what you chose, and go on."

test("a question goes to the client whole, and its answer to the model", async () => {
  const payloads: unknown[] = []
  const at = asked((payload) => {
    payloads.push(payload)
    return { answers: [{ chosen: ["Blue"], text: "a dark one" }] }
  })
  expect(await at.say("question", { questions: [COLOUR] })).toBe("Which colour?\n→ Blue, a dark one")
  expect(payloads).toEqual([{ callId: "cal_a", questions: [{ ...COLOUR, isMultiple: false, isFree: true }] }])
})

test("a question as other agents write it is taken", async () => {
  const { input } = await asked(() => undefined).plan("AskUserQuestion", {
    questions: [{ ...COLOUR, options: [{ label: "Red", description: "warm" }], multiSelect: true }],
  })
  expect(input).toEqual({
    questions: [{ ...COLOUR, options: [{ label: "Red", description: "warm" }], isMultiple: true, isFree: true }],
  })
})

test("where nobody answers, the model is told to choose by itself", async () => {
  const refusing = (error: SkeinError) =>
    asked(() => {
      throw error
    }).say("question", { questions: [COLOUR] })
  expect(await refusing(new SkeinError("client.gone", "No client."))).toBe(
    `error: Nobody is here to be asked. ${CHOOSE}`,
  )
  expect(await refusing(new SkeinError("client.deadline", "Late."))).toBe(`error: Nobody answered. ${CHOOSE}`)
  expect(await refusing(new SkeinError("client.refused", "Not now."))).toBe(
    `error: The person did not answer: Not now. Do not ask the same again. ${CHOOSE}`,
  )
  expect(await asked(() => ({ answers: [{ chosen: ["Green"] }] })).say("question", { questions: [COLOUR] })).toBe(
    `error: "Green" is no option of "Colour". ${CHOOSE}`,
  )
})

test("a question that nobody could answer is refused before it is asked", async () => {
  const at = asked(() => undefined)
  const alike = { ...COLOUR, options: [{ label: "Red" }, { label: "red" }] }
  expect(await at.say("question", { questions: [alike] })).toContain('Two options of "Colour" are called alike')
  expect(await at.say("question", { questions: [{ ...COLOUR, options: [], isFree: false }] })).toContain("give options")
  expect(await at.say("question", { questions: [] })).toContain("Ask 1 to 4 questions at once, not 0.")
  const long = { ...COLOUR, options: [{ label: "x".repeat(101) }] }
  expect(await at.say("question", { questions: [long] })).toContain("A label has 1 to 100 characters, not 101.")
  const many = { ...COLOUR, options: Array.from({ length: 9 }, (_, label) => ({ label: `${label}` })) }
  expect(await at.say("question", { questions: [many] })).toContain("at most 8 options, not 9")
})
