import { expect, test } from "bun:test"
import { PUSH } from "../fixtures/asked.ts"
import { yesPanel } from "../panels/yes.ts"
import { Front } from "./front.ts"
import { Questions } from "./questions.ts"

const FROM_ANOTHER = { event: PUSH, name: "bash", title: "git push", from: "2 release" }
const yes = () => yesPanel({ title: "/clear", lines: [], question: "Do it?", now: () => 0, answered() {} })
const unanswered = () =>
  new Questions({ now: () => 0, home: "/h/ada", isTyping: () => false, release: () => undefined })

test("what asks comes behind a question that is on the screen, also one of another tab, and is seen once that is answered", () => {
  const questions = unanswered()
  const front = new Front(questions, () => undefined)
  questions.follow([FROM_ANOTHER], false)
  const panel = yes()
  front.ask(panel)
  front.rise()
  expect(front.panel).toBe(questions.panel)
  questions.follow([], false)
  front.rise()
  expect(front.panel).toBe(panel)
})

test("what asks while nothing else does is seen at once", () => {
  let changes = 0
  const questions = unanswered()
  const front = new Front(questions, () => {
    changes++
  })
  const panel = yes()
  front.ask(panel)
  expect([front.panel, changes]).toEqual([panel, 1])
})
