import { expect, test } from "bun:test"
import { EventSchema } from "../events/envelope.ts"
import { QUERY_TYPES } from "../queries.ts"
import { answerSchema, type Differing } from "./index.ts"

test("every answer's schema says what its type says", () => {
  const differing: readonly Differing[] = []
  // The compiler is the test: a name that differs is no `never`.
  const none: readonly never[] = differing

  expect(none).toEqual([])
})

test("every query has an answer that can be checked", () => {
  for (const type of QUERY_TYPES) expect(answerSchema(type).safeParse(3).success).toBeFalse()
})

test("an event is one with its envelope alone, and of a type that is known", () => {
  const sessionId = "ses_0199a0b0-0000-7000-8000-000000000001"
  const event = { type: "goal.changed", goal: null, v: 1, seq: 3, id: "evt_1", at: 5, sessionId }

  expect(EventSchema().parse(event)).toEqual(EventSchema().parse({ ...event, ofLater: 1 }))
  expect(EventSchema().safeParse({ ...event, seq: 0 }).error?.issues[0]?.path).toEqual(["seq"])
  expect(EventSchema().safeParse({ ...event, type: "goal.doubled" }).error?.issues[0]?.path).toEqual(["type"])
})
