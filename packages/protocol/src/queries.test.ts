import { expect, test } from "bun:test"
import { OpSchema, QUERY_TYPES, QuerySchema, querySchema, Receipt } from "./index.ts"

const sessionId = "ses_0199a0b0-0000-7000-8000-000000000001"

test("a query from outside is kept as it was said, fields of a newer client left out", () => {
  const query = { type: "sessions.search", text: "bun", limit: 3, ofLater: true }

  expect(QuerySchema().parse(query)).toEqual({ type: "sessions.search", text: "bun", limit: 3 })
  expect(
    QuerySchema().parse({ type: "cache.forecast", sessionId, change: { kind: "settings", effort: null } }),
  ).toEqual({
    type: "cache.forecast",
    sessionId,
    change: { kind: "settings", effort: null },
  })
})

test.each([
  [{ type: "session.read", sessionId: "../../etc" }, "sessionId", "Expected an id like ses_…"],
  [{ type: "session.read" }, "sessionId", "Expected an id like ses_…"],
  [{ type: "sessions.search", text: 3 }, "text", "expected string"],
  [{ type: "rewind.preview", sessionId, to: { kind: "undo", turns: 0 }, scope: "both" }, "to.turns", ">=1"],
  [{ type: "session.delete", sessionId }, "type", "Invalid"],
])("a query that is wrong is refused, and its field is named: %j", (query, field, message) => {
  const { error } = QuerySchema().safeParse(query)

  expect(error?.issues[0]?.path.join(".")).toBe(field)
  expect(error?.issues[0]?.message).toContain(message)
})

test("every query has a schema of its own", () => {
  for (const type of QUERY_TYPES) expect(querySchema(type).shape.type?.safeParse(type).success).toBeTrue()
})

test("an op that is wrong is refused, and its field is named", () => {
  const op = { type: "turn.submit", sessionId, input: [{ type: "text" }], delivery: "start" }

  expect(OpSchema().safeParse(op).error?.issues[0]?.path).toEqual(["input", 0, "text"])
})

test("a receipt that says of no session where it stands is none", () => {
  expect(Receipt().safeParse({ status: "accepted", sessionId, seq: 4, as: "started" }).success).toBeTrue()
  expect(Receipt().safeParse({ status: "accepted", seq: 4 }).success).toBeFalse()
  expect(Receipt().safeParse({ status: "rejected", code: "no.such", message: "" }).success).toBeFalse()
})
