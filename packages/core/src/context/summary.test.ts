import { expect, test } from "bun:test"
import type { Item } from "@skein/protocol"
import { utf8Bytes } from "./sha256.ts"
import { conversationText, joinedSummary } from "./summary.ts"

const user = (text: string): Item => ({
  ...{ kind: "user_message", turnId: "trn_1", inputId: "inp_1", isSteer: false },
  input: [{ type: "text", text }],
})
const called = (at: number, text: string): Item => ({
  ...{ kind: "tool_call", turnId: "trn_1", step: at, callId: `cal_${at}`, index: 0, name: "read", title: `read ${at}` },
  ...{ toolKind: "read", locations: [], state: "success" },
  result: { forModel: [{ type: "text", text }], durationMs: 1, isElided: false },
})

test("summaries old and new stay within their bytes, and the tail is what stays", () => {
  for (const part of ["plain ", "ümläut ", "漢字🙂"]) {
    const joined = joinedSummary(part.repeat(9_000), `${part.repeat(500)}the end`, 32_000)
    expect(utf8Bytes(joined)).toBeLessThanOrEqual(32_000)
    expect(utf8Bytes(joined)).toBeGreaterThan(31_000)
    expect([joined.endsWith("the end"), joined.startsWith("[… the beginning"), joined.isWellFormed()]).toEqual([
      true,
      true,
      true,
    ])
  }
  expect(joinedSummary("a", "b", 100)).toBe("a\n\n---\n\nb")
})

test("what is to be summed up is bounded: the oldest results go first, the person's words last", () => {
  const items = [
    user("mind the gap"),
    ...Array.from({ length: 50 }, (_, n) => called(n, `r${n} `.repeat(2_000))),
    user("go on"),
  ]
  const text = conversationText(items, 60_000)
  expect(text.length).toBeLessThanOrEqual(60_000)
  for (const part of ["mind the gap", "go on", "read 0", "r49 r49"]) expect(text).toContain(part)
  expect(conversationText(items, 3_000).length).toBeLessThanOrEqual(3_100)
  expect(conversationText(items, 3_000)).toContain("go on")
})
