import { expect, test } from "bun:test"
import type { EventOf } from "@skein/protocol"
import { TurnAccount } from "./turn.ts"

const usage = { input: 1_000, cacheRead: 0, cacheWrite: 0, output: 10, reasoning: 0 }

test("what a discarded attempt cost is in the result, under its model", () => {
  const account = new TurnAccount({ models: [], isStructured: false })
  const common = { v: 1, id: "evt_1", at: 5, sessionId: "ses_1", turnId: "trn_1", step: 1 } as const
  account.stepStarted({ ...common, seq: 3, type: "step.started", attempt: 1, model: "a/b", tokens: 1 })
  const cut: EventOf<"step.discarded"> = {
    ...{ ...common, seq: 4, type: "step.discarded", attempt: 1, code: "provider.stream_cut", message: "Cut." },
    ...{ usage, microUsd: 40 },
  }
  account.stepDiscarded(cut)

  expect(account.ended({ ...common, seq: 5, type: "turn.ended", outcome: { kind: "interrupted" } })).toMatchObject({
    total_cost_usd: 0.00004,
    usage: { input_tokens: 1_000, output_tokens: 10 },
  })
})
