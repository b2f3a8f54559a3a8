import { expect, test } from "bun:test"
import type { DurableDraft, DurableEvent } from "@skein/protocol"
import { cacheOf } from "./report.ts"

let seq = 0
const event = (draft: DurableDraft, at = 0) =>
  ({ ...draft, v: 1, seq: ++seq, id: `evt_${seq}`, at, sessionId: "ses_a" }) as DurableEvent
const step = (read: number, { at = 0, model = "p/m", sent = 10_000 } = {}) => [
  event({ type: "step.started", turnId: "trn_1", step: 1, attempt: 1, model, tokens: 1 }, at),
  event(
    {
      ...{ type: "step.ended", turnId: "trn_1", step: 1, outcome: "completed", stop: "end", durationMs: 1 },
      usage: { input: sent - read, cacheRead: read, cacheWrite: 0, output: 1, reasoning: 0 },
    },
    at,
  ),
]
const system = (...texts: readonly string[]) =>
  event({
    ...{ type: "context.loaded", placement: "system", cause: "changed" },
    sections: texts.map((text) => ({ source: text, text, sha256: text, bytes: 1, tokens: 1 })),
  })
const compacted = () => event({ type: "context.compacted", kind: "micro", elided: [], tokensBefore: 2, tokensAfter: 1 })

test("what was read from the cache is told, and no cause where it was read", () => {
  expect(cacheOf([])).toBeUndefined()
  expect(cacheOf([...step(0), ...step(9_000)])).toEqual({ readTokens: 9_000, inputTokens: 10_000 })
})

const CAUSES: readonly (readonly [cause: string, events: readonly DurableEvent[]])[] = [
  ["first request", step(0)],
  ["unknown", [...step(0), ...step(0)]],
  ["model changed", [...step(0), ...step(0, { model: "p/other" })]],
  ["tools changed", [...step(0), event({ type: "settings.changed", changes: { tools: ["read"] } }), ...step(0)]],
  ["system section changed: c, b", [system("a", "b"), ...step(0), system("a", "c"), ...step(0)]],
  ["compaction", [...step(9_000), compacted(), ...step(500)]],
  ["rewind", [...step(0), event({ type: "session.rewound", toSeq: 1 }), ...step(0)]],
  ["idle longer than the provider keeps its cache", [...step(0), ...step(0, { at: 5 * 60_000 + 1 })]],
  ["too short to be cached", [...step(0, { sent: 800 }), ...step(0, { sent: 900 })]],
]

for (const [cause, events] of CAUSES) {
  test(`a miss has its cause: ${cause}`, () => {
    expect(cacheOf(events)?.missCause).toBe(cause)
  })
}
