import { expect, test } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { called } from "../../test/ground/fake-engine.ts"
import { REPORT_FLAGS } from "../session-flags.ts"
import { metricsOf, run } from "./metrics.ts"

const LINES = [
  { at: "2026-03-01T00:00:00Z", level: "warn", text: "Left a file out\u001b[2J\nmore" },
  { at: "2026-03-01T00:00:00Z", level: "warn", text: "Left a file out\u001b[2J\nother" },
  { at: "2026-03-01T00:00:00Z", level: "error", text: "Broke" },
  { type: "turn.started", turnId: "trn_1" },
  { type: "call.requested", callId: "cal_1", name: "bash" },
  { type: "call.settled", callId: "cal_1", outcome: "error", durationMs: 40 },
  ...[10, 20, 30, 4_000].map((durationMs) => ({ type: "step.ended", durationMs, firstTokenMs: durationMs / 10 })),
  { type: "step.discarded" },
  { type: "turn.ended", outcome: { kind: "completed" } },
  { type: "turn.ended", outcome: "failed" },
  { something: "else" },
]

function written(text: string): Disposable & { readonly file: string } {
  const folder = mkdtempSync(join(tmpdir(), "skein-metrics-"))
  const file = join(folder, "skein.log")
  writeFileSync(file, text)
  return { file, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
}

test("metrics count lines, levels, turns, calls and troubles, and spread times", async () => {
  using at = written(LINES.map((line) => JSON.stringify(line)).join("\n"))
  const { call, out } = called([at.file], REPORT_FLAGS)
  expect(await run(call)).toBe(0)
  expect(out).toEqual([
    "read     14 lines of 1 files, 0 of them damaged",
    "log      2 warn, 1 error",
    "turns    1 started, 1 completed, 1 failed",
    "steps    4 ended, 1 discarded",
    "calls    1 settled, 1 of them without success",
    "",
    "time of             count  median  95 of 100  longest",
    "model, whole step       4   20 ms      4.0 s    4.0 s",
    "model, first token      4    2 ms     400 ms   400 ms",
    "bash                    1   40 ms      40 ms    40 ms",
    "",
    "2 × warn: Left a file out\\e[2J",
    "1 × error: Broke",
  ])
})

test("what closed screens wrote, and how fast their keys were, is told", async () => {
  const screen = {
    level: "info",
    text: "screen",
    frames: 10,
    fullFrames: 1,
    bytes: 900,
    keys: 20,
    keyMedianMs: 0.4,
    keyP99Ms: 3,
  }
  using at = written([screen, { ...screen, keyP99Ms: 5 }].map((line) => JSON.stringify(line)).join("\n"))
  const { call, out } = called([at.file], REPORT_FLAGS)
  expect(await run(call)).toBe(0)
  expect(out).toContain("screens  2 closed, 20 frames, 1800 bytes, 40 keys")
  expect(out.find((line) => line.startsWith("key, 99 of 100"))).toMatch(/2 +3 ms +5 ms +5 ms$/)
})

test("records keep their facts below data, and tools by their kind", async () => {
  const data = { callId: "cal_1", name: { bytes: 4, sha: "x" }, kind: "execute" }
  const lines = [
    { v: 1, seq: 1, type: "call.requested", data },
    { v: 1, seq: 2, type: "call.settled", data: { callId: "cal_1", outcome: "success", durationMs: 40 } },
    { v: 1, seq: 3, type: "turn.ended", data: { outcome: { kind: "completed" } } },
  ]
  using at = written(lines.map((line) => `${JSON.stringify(line)}\n`).join(""))
  expect(await metricsOf([at.file])).toMatchObject({
    calls: { settled: 1, failed: 0, tools: { execute: { count: 1, median: 40 } } },
    turns: { outcomes: { completed: 1 } },
  })
})

test("torn, damaged, blank and enormous lines end nothing and are counted", async () => {
  const whole = JSON.stringify({ type: "turn.started" })
  using at = written(`${whole}\n\n{"type":\n[1]\n"${"x".repeat(3_000_000)}"\n${whole}\n{"torn": tru`)
  expect(await metricsOf([at.file])).toMatchObject({ lines: 6, malformed: 4, turns: { started: 2 } })
})

test("a file that is not there is named", async () => {
  await expect(run(called(["nowhere.log"], REPORT_FLAGS).call)).rejects.toThrow("There is no file /repo/nowhere.log.")
})
