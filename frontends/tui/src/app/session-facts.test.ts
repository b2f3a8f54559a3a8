import { expect, test } from "bun:test"
import type { Event, SessionView, Todo } from "@skein/protocol"
import { TEST_SETTINGS } from "@skein/testkit"
import { factsAfter, factsOf } from "./session-facts.ts"

const VIEW: SessionView = {
  ...{ sessionId: "ses_1", cwd: "/srv/shop", createdAt: 0, seq: 9, settings: TEST_SETTINGS },
  ...{ items: [], approvals: [], queue: [] },
  usage: { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite: 0 },
}

const TODOS: readonly Todo[] = [
  { text: "Read the tests", status: "completed" },
  { text: "Fix the sum", status: "pending" },
]

const of = { v: 1, id: "evt_1", sessionId: "ses_1", seq: 10, at: 0 } as const
const said: Event = { ...of, type: "turn.started", turnId: "trn_1", inputId: "inp_1", input: [], source: "user" }
const noted: Event = { ...of, type: "todo.changed", todos: [...TODOS] }

test("what is still to be done is suggested until something else is said, and again once it was touched", () => {
  expect(factsOf(VIEW).suggestion).toBeUndefined()
  const opened = factsOf({ ...VIEW, todos: [...TODOS] })
  expect(opened.suggestion).toBe("go on: Fix the sum")
  const other = factsAfter(opened, said)
  expect(other.suggestion).toBeUndefined()
  expect(other.todos).toEqual([...TODOS])
  expect(factsAfter(other, noted).suggestion).toBe("go on: Fix the sum")
  expect(factsAfter(other, { ...noted, todos: [] }).suggestion).toBeUndefined()
})

test("what a small model suggests is shown where nothing is left to do, and not while a turn runs", () => {
  const made: Event = {
    v: 1,
    after: 10,
    live: 1,
    sessionId: "ses_1",
    at: 0,
    type: "suggestion.made",
    text: "run the tests",
  }

  expect(factsAfter(factsOf(VIEW), made).suggestion).toBe("run the tests")
  expect(factsAfter(factsOf({ ...VIEW, todos: [...TODOS] }), made).suggestion).toBe("go on: Fix the sum")
  expect(factsAfter(factsAfter(factsOf(VIEW), said), made).suggestion).toBeUndefined()
})
