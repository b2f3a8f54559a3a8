import { expect, test } from "bun:test"
import { wordsOf } from "../mock/script.ts"
import { ANSWER, LAST_ANSWER } from "./history.ts"
import { screenTable } from "./report.ts"

test("how the last answer ends is in no other answer, nor in two beside each other", () => {
  const others = wordsOf(ANSWER.tokens)
    .join("")
    .replace(/[^a-z]/g, "")
  expect(LAST_ANSWER).toHaveLength(24)
  expect(others + others).not.toContain(LAST_ANSWER)
})

test("an agent that could not be measured is a row that says why", () => {
  const samples = [
    { agent: "skein", scenario: "again", othersCores: 0, againShownMs: 100, againEchoMs: 90, againMs: 100 },
    { agent: "gemini", scenario: "again", othersCores: 0, failure: "its program is not there" },
  ] as const
  const rows = screenTable("again", samples, ["skein", "gemini"]).split("\n")
  expect(rows.map((row) => row.replace(/ +/g, " "))).toEqual([
    "== going on with 1,000 messages",
    "agent last answer ms echo ms both ms memory MB runs",
    "skein 100 90 100 - 1/1 others 0.0",
    "gemini - - - - 0/1 others 0.0 its program is not there",
  ])
})
