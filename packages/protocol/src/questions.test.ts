import { expect, test } from "bun:test"
import { answerOf, answerText, checkedAnswers, type PersonQuestion } from "./questions.ts"

const COLOUR: PersonQuestion = {
  ...{ header: "Colour", question: "Which colour?", isMultiple: false, isFree: true },
  options: [{ label: "Red" }, { label: "Deep blue, dark", description: "of the sea" }],
}
const SOME = { ...COLOUR, header: "Some", isMultiple: true, isFree: false }
const WORDS = { ...COLOUR, options: [] }

test("a line answers by number, by label, or in words of one's own", () => {
  expect(["1", "deep BLUE, dark", "a warm grey"].map((line) => answerOf(COLOUR, line))).toEqual([
    { chosen: ["Red"] },
    { chosen: ["Deep blue, dark"] },
    { chosen: [], text: "a warm grey" },
  ])
  expect(answerOf(SOME, "2, red, 2")).toEqual({ chosen: ["Deep blue, dark", "Red"] })
  expect(answerOf(WORDS, "3")).toEqual({ chosen: [], text: "3" })
})

test("what is neither is said to be, and answers nothing", () => {
  expect([answerOf(COLOUR, "3"), answerOf(SOME, "grey"), answerOf(SOME, "1,grey"), answerOf(WORDS, " ")]).toEqual([
    "Answer with a number from 1 to 2, or in your own words.",
    "Answer with a number from 1 to 2, several with commas between them.",
    "Answer with a number from 1 to 2, several with commas between them.",
    "Answer in words.",
  ])
})

test("answers of a client are taken only where they fit what was asked", () => {
  const check = (...answers: readonly unknown[]) => checkedAnswers([COLOUR, SOME], { answers })
  const some = { chosen: ["Red", "Deep blue, dark"] }
  expect(check({ chosen: ["Red"], text: "but light" }, some)).toEqual({
    answers: [{ chosen: ["Red"], text: "but light" }, some],
  })
  expect([
    check({ chosen: ["Red"] }),
    check({ chosen: ["Green"] }, some),
    check({ chosen: ["Red", "Deep blue, dark"] }, some),
    check({ chosen: [] }, { chosen: [], text: "none" }),
    checkedAnswers([COLOUR], "Red"),
  ]).toEqual([
    "1 answers came to 2 questions.",
    '"Green" is no option of "Colour".',
    'Only one option of "Colour" can be chosen.',
    '"Some" takes one of its options alone.',
    "The answers are not in the form that was asked for.",
  ])
  expect(answerText({ chosen: ["Red"], text: "but light" })).toBe("Red, but light")
})
