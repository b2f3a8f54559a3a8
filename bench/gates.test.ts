import { expect, test } from "bun:test"
import { gatesOf } from "./gates.ts"
import type { Sample } from "./samples.ts"

test("a ratio over its limit fails, one under it passes", () => {
  expect(verdicts([sample("skein", { wallMs: 30 }), sample("codex", { wallMs: 100 })])).toContain(
    "PASS one turn: wall <= 0.3 x codex: 30 / 100 ms = 0.30",
  )
  expect(verdicts([sample("skein", { wallMs: 31 }), sample("codex", { wallMs: 100 })])).toContain(
    "FAIL one turn: wall <= 0.3 x codex: 31 / 100 ms = 0.31",
  )
})

test("a turn that costs ten times the floor's start passes, and one above it fails, without any peer", () => {
  const floor = sample("hello", { scenario: "version", cpuMs: 3 })
  expect(verdicts([sample("skein", { cpuMs: 30 }), floor])).toContain(
    "PASS one turn: CPU <= 10 x hello's start: 30 / 3.0 ms = 10.00",
  )
  expect(verdicts([sample("skein", { cpuMs: 31 }), floor])).toContain(
    "FAIL one turn: CPU <= 10 x hello's start: 31 / 3.0 ms = 10.33",
  )
})

test("memory is compared with the peer that needs the least", () => {
  const runs = [
    sample("skein", { isMemoryRun: true, peakBytes: 40e6 }),
    sample("codex", { isMemoryRun: true, peakBytes: 90e6 }),
    sample("pi", { isMemoryRun: true, peakBytes: 200e6 }),
  ]
  expect(verdicts(runs)).toContain("FAIL one turn: memory <= 0.4 x lowest peer: 40 / 90 MB (codex) = 0.44")
})

test("a gate without its peer is skipped and says which", () => {
  expect(verdicts([sample("skein", {})])).toContain(
    "SKIP one turn: wall <= 0.3 x codex: not installed, or not chosen: codex",
  )
})

test("a skein that does not complete a scenario fails its gates", () => {
  const runs = [sample("skein", { isComplete: false }), sample("codex", {})]
  expect(verdicts(runs)).toContain("FAIL one turn: wall <= 0.3 x codex: skein did not complete it")
})

test("disturbed runs count only when there are fewer than five calm ones", () => {
  const calm = [1, 2, 3, 4, 5].map((wallMs) => sample("skein", { wallMs }))
  const disturbed = [900, 900, 900].map((wallMs) => sample("skein", { wallMs, othersCores: 1.5 }))
  expect(verdicts([...calm, ...disturbed, sample("codex", { wallMs: 100 })])).toContain(
    "PASS one turn: wall <= 0.3 x codex: 3.0 / 100 ms = 0.03",
  )
})

function verdicts(samples: readonly Sample[]): string[] {
  const installed = [...new Set(samples.map(({ agent }) => agent))]
  const peers = installed.filter((agent) => agent !== "skein")
  return gatesOf({ samples, installed, peers }).map(({ verdict, name, reason }) => `${verdict} ${name}: ${reason}`)
}

function sample(agent: string, fields: Partial<Sample>): Sample {
  return {
    ...{ agent, scenario: "turn", isMemoryRun: false, isComplete: true, startedMs: 0, wallMs: 10, cpuMs: 10 },
    ...{ exitCode: 0, isTimedOut: false, leftBehind: 0, othersCores: 0 },
    ...fields,
  }
}
