import { expect, test } from "bun:test"
import { SkeinError } from "@skein/protocol"
import { targetOf } from "../../test/asking.ts"
import { autopsy } from "./autopsy.ts"
import type { KeptQuirks } from "./kept.ts"
import type { Quirk } from "./quirk.ts"

const subject = { model: "mine/m", host: "mine.test", sessionId: "ses_1" }
const refusal = new SkeinError("provider.invalid_request", "refused")
const refused = {
  said: '{"error":{"message":"Unsupported parameter: parallel_tool_calls"}}',
  body: { messages: [], parallel_tool_calls: true },
}

test("a request that was under way before something is tried neither proves nor ends the trial", () => {
  const learned: Quirk[] = []
  const kept: KeptQuirks = {
    ...{ file: "", all: () => learned, of: () => undefined, drop: () => 0 },
    keep: (quirk) => void learned.push(quirk),
  }
  const target = targetOf("openai-chat")
  const all = autopsy(kept, () => "2026-11-21")
  expect(all.refused(subject, refusal, refused, target).code).toBe("provider.quirk_found")
  const tried = all.trying(subject)

  expect(all.passed(subject, target)).toBeUndefined()
  expect(all.refused(subject, refusal, refused, target).code).toBe("provider.quirk_found")
  expect(all.trying(subject)).toBe(tried)
  expect(learned).toEqual([])
  expect(all.passed({ ...subject, tried }, target)).toContain("takes")
  expect(learned.map(({ change }) => change)).toEqual([{ edits: [{ kind: "drop", path: "parallel_tool_calls" }] }])
})
