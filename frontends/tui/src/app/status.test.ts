import { expect, test } from "bun:test"
import type { EventOf, SessionView } from "@skein/protocol"
import { textOf } from "@skein/term"
import { TEST_SETTINGS } from "@skein/testkit"
import { testLook } from "../../test/look.ts"
import { factsAfter, factsOf } from "./session-facts.ts"
import { statusLines } from "./status.ts"

const VIEW: SessionView = {
  ...{ sessionId: "ses_1", cwd: "/srv/shop", createdAt: 0, seq: 9, settings: TEST_SETTINGS },
  ...{ items: [], approvals: [], queue: [] },
  usage: { input: 1_000_000, output: 0, reasoning: 0, cacheRead: 9_000_000, cacheWrite: 0 },
  contextTokens: 45_000,
  contextTokensMax: 90_000,
}

const ENDED: EventOf<"step.ended"> = {
  ...{ type: "step.ended", v: 1, id: "evt_1", sessionId: "ses_1", seq: 10, at: 0, turnId: "trn_1", step: 1 },
  ...{
    outcome: "completed",
    stop: "end",
    durationMs: 1,
    usage: { input: 9_000, output: 1, reasoning: 0, cacheRead: 1_000, cacheWrite: 0 },
  },
}

function meterOf(session: ReturnType<typeof factsOf>): string | undefined {
  const lines = statusLines(
    { session, calls: [], isAnswering: false, turnStartedAt: undefined, folder: "shop" },
    testLook(80),
  )
  return /ctx .*/.exec(lines.map(textOf).join("\n"))?.[0].trimEnd()
}

test("the meter tells how full the window is, of a session that was opened again too", () => {
  expect(meterOf(factsOf(VIEW))).toBe("ctx 50 %")
})

test("what of the window was cached is what the newest step had from the cache, not the session in all", () => {
  const facts = factsAfter(factsOf(VIEW), ENDED)
  expect(meterOf(facts)).toBe("ctx 50 % (5 cached)")
  const failed = factsAfter(facts, {
    ...ENDED,
    usage: { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite: 0 },
  })
  expect(meterOf(failed)).toBe("ctx 50 % (5 cached)")
})
