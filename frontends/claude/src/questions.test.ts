import { expect, test } from "bun:test"
import type { PersonQuestion } from "@skein/protocol/questions"
import { questionRequest, readAnswers } from "./questions.ts"

const QUESTIONS: readonly PersonQuestion[] = [
  {
    ...{ header: "Colour", question: "Which colour?", isMultiple: false, isFree: true },
    options: [{ label: "Red", description: "warm" }, { label: "2" }],
  },
  {
    header: "Parts",
    question: "Which parts?",
    isMultiple: true,
    isFree: true,
    options: [{ label: "a" }, { label: "b" }],
  },
]

test("a host is asked by can_use_tool of AskUserQuestion, in its own words", () => {
  expect(questionRequest(QUESTIONS, undefined, "req_1")).toMatchObject({
    ...{ subtype: "can_use_tool", tool_name: "AskUserQuestion", tool_use_id: "req_1" },
    input: {
      questions: [
        { header: "Colour", question: "Which colour?", multiSelect: false, options: [{ description: "warm" }, {}] },
        { header: "Parts", multiSelect: true },
      ],
    },
  })
})

test("its answers stand in the updated input, by the question; what is no option is the person's own words", () => {
  const reply = (answers: Record<string, unknown>) =>
    readAnswers({ behavior: "allow", updatedInput: { questions: [], answers } }, QUESTIONS)
  expect(reply({ "Which colour?": "2", "Which parts?": "b, a" })).toEqual({
    result: { answers: [{ chosen: ["2"] }, { chosen: ["b", "a"] }] },
  })
  expect(reply({ "Which colour?": "a warm grey" })).toEqual({
    result: { answers: [{ chosen: [], text: "a warm grey" }, { chosen: [] }] },
  })
  expect([reply({}), readAnswers({ behavior: "deny", message: "Not now." }, QUESTIONS)]).toEqual([
    { error: "" },
    { error: "Not now." },
  ])
})
