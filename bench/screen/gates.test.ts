import { expect, test } from "bun:test"
import { emulator } from "../../packages/term/src/emulator/index.ts"
import { screenGatesOf } from "./gates.ts"
import type { ScreenFigures, ScreenSample } from "./samples.ts"
import { keyFigures, keysEchoed } from "./trials.ts"

test("a ratio over its limit fails, one under it passes", () => {
  expect(verdicts([sample("skein", { paintMs: 13 }), sample("codex", { paintMs: 26 })])).toContain(
    "PASS first paint <= 0.5 x codex: 13 ms / 26 ms = 0.50",
  )
  expect(verdicts([sample("skein", { paintMs: 14 }), sample("codex", { paintMs: 26 })])).toContain(
    "FAIL first paint <= 0.5 x codex: 14 ms / 26 ms = 0.54",
  )
})

test("in every column skein has to be the first, and the best of the others is named", () => {
  const runs = [sample("skein", { keyMs: 2 }), sample("codex", { keyMs: 3 }), sample("pi", { keyMs: 1.5 })]
  expect(verdicts(runs)).toContain("FAIL echo after key: first of all: 2.0 ms / 1.5 ms (pi)")
})

test("a peer that gave no figure is named, and skein is the first of those that are left at most", () => {
  const broken = { ...sample("codex", {}), failure: "nothing was painted" }
  expect(verdicts([sample("skein", { keyMs: 2 }), sample("pi", { keyMs: 3 }), broken])).toContain(
    "SKIP echo after key: first of all: 2.0 ms / 3.0 ms (pi); no figure of codex",
  )
  expect(verdicts([sample("skein", { keyMs: 4 }), sample("pi", { keyMs: 3 }), broken])).toContain(
    "FAIL echo after key: first of all: 4.0 ms / 3.0 ms (pi)",
  )
  const elsewhere = { ...broken, scenario: "paced" } as const
  expect(verdicts([sample("skein", { keyMs: 2 }), sample("pi", { keyMs: 3 }), elsewhere])).toContain(
    "PASS echo after key: first of all: 2.0 ms / 3.0 ms (pi)",
  )
})

test("a key that is never seen counts as long as it was waited for, and the slowest of them counts too", async () => {
  const screen = emulator({ size: { columns: 20, rows: 2 } })
  let typed = 0
  const type = (text: string) => {
    if (++typed !== 2) screen.write(Buffer.from(text))
  }
  const until = async (isSo: () => boolean) => (isSo() ? 1 : undefined)
  const times = await keysEchoed({ screen, type, until, now: () => 0 }, 3)
  expect([times, keyFigures(times)]).toEqual([[1, 2_000, 1], { keyMs: 1, keyLateMs: 2_000 }])
  expect(verdicts([sample("skein", { keyLateMs: 9 }), sample("pi", { keyLateMs: 8 })])).toContain(
    "FAIL echo after key, p99: first of all: 9.0 ms / 8.0 ms (pi)",
  )
})

test("a byte painted by an idle screen fails", () => {
  expect(verdicts([sample("skein", { idlePainted: 1 })])).toContain("FAIL nothing written when idle: 1.00 bytes")
  expect(verdicts([sample("skein", { idlePercent: 0.1 })])).toContain("PASS idle CPU <= 0.1 %: 0.10 %")
})

test("what was not run is skipped, and a skein that gave no figure fails", () => {
  expect(verdicts([sample("skein", { keyMs: 2 })])).toContain(
    "SKIP echo after key <= 0.6 x pi: not there, or not chosen: pi",
  )
  expect(verdicts([{ ...sample("skein", {}), failure: "nothing was painted" }, sample("pi", { keyMs: 1 })])).toContain(
    "FAIL echo after key <= 0.6 x pi: skein: nothing was painted",
  )
})

test("disturbed runs count only when there are fewer than three calm ones", () => {
  const calm = [1, 2, 3].map((keyMs) => sample("skein", { keyMs }))
  const disturbed = { ...sample("skein", { keyMs: 90 }), othersCores: 1.5 }
  expect(verdicts([...calm, disturbed, sample("pi", { keyMs: 10 })])).toContain(
    "PASS echo after key <= 0.6 x pi: 2.0 ms / 10 ms = 0.20",
  )
})

function verdicts(samples: readonly ScreenSample[]): string[] {
  const agents = [...new Set(samples.map(({ agent }) => agent))]
  const peers = agents.filter((agent) => agent !== "skein")
  return screenGatesOf({ samples, agents, peers }).map(({ verdict, name, reason }) => `${verdict} ${name}: ${reason}`)
}

function sample(agent: string, figures: ScreenFigures): ScreenSample {
  return { agent, scenario: "start", othersCores: 0, ...figures }
}
