import { expect, test } from "bun:test"
import type { DurableDraft, DurableEvent } from "@skein/protocol"
import { cacheOf } from "./report.ts"

let seq = 0
const event = (draft: DurableDraft) =>
  ({ ...draft, v: 1, seq: ++seq, id: `evt_${seq}`, at: 0, sessionId: "ses_a" }) as DurableEvent
const usage = { input: 1_000, cacheRead: 9_000, cacheWrite: 0, output: 1, reasoning: 0 }
const started = { type: "step.started", turnId: "trn_1", step: 1, attempt: 1, model: "p/m", tokens: 1 } as const
const result = { outcome: "completed", stop: "end", durationMs: 1, usage } as const
const ended = { type: "step.ended", turnId: "trn_1", step: 1, ...result } as const

test("what the newest request read from the cache is told, with what it could have read and why it did not", () => {
  const miss = { cause: "tools", tokens: 700 } as const
  const breaks = [{ cause: "tools" }] as const
  const first = [event(started), event(ended)]
  const second = [event({ ...started, breaks }), event({ ...ended, cacheMiss: miss })]

  expect(cacheOf([])).toBeUndefined()
  expect(cacheOf(first)).toEqual({ readTokens: 9_000, inputTokens: 10_000 })
  expect(cacheOf([...first, ...second, event(started)])).toEqual({
    ...{ readTokens: 9_000, inputTokens: 10_000, miss, breaks },
  })
})
