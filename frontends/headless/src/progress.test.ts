import { expect, test } from "bun:test"
import type { Event } from "@skein/protocol"
import { Progress } from "./progress.ts"

const REQUESTED = { type: "call.requested", callId: "cal_1", title: "read nope.txt" }
const SETTLED = { type: "call.settled", callId: "cal_1", outcome: "error", durationMs: 3 }
const WHY = { kind: "text", body: "There is no file nope.txt.\nLook with list.", summary: "failed" }

/** What is said of these events, each with the fields that matter. */
function told(...events: readonly object[]): (string | undefined)[] {
  const progress = new Progress()
  return events.map((event) => progress.line(event as Event))
}

test("a call that failed is told with the first line of why", () => {
  const [, line] = told(REQUESTED, { ...SETTLED, code: "call.failed", forHuman: WHY })
  expect(line).toBe("failed  read nope.txt  There is no file nope.txt.")
})

test("a refused call is told as refused, with the reason when nobody was asked", () => {
  const denied = { ...SETTLED, code: "call.denied", forHuman: { ...WHY, body: "Not allowed: mode plan." } }
  expect(told(REQUESTED, denied)[1]).toBe("refused read nope.txt  Not allowed: mode plan.")
})

test("a refusal that was told, and a stop, are told once", () => {
  const asks = { type: "approval.requested", callId: "cal_1", subject: "call", reasons: ["it reads"] }
  const [, , refused] = told(REQUESTED, asks, { ...SETTLED, code: "call.unattended", forHuman: WHY })
  const [, stopped] = told(REQUESTED, { ...SETTLED, outcome: "cancelled", forHuman: { ...WHY, summary: "stopped" } })
  expect([refused, stopped]).toEqual(["refused read nope.txt", "stopped read nope.txt"])
})

test("a call that took a second or more says how long", () => {
  const forHuman = { kind: "command", body: "", summary: "exit 0, 87 B" }
  const [, line] = told(REQUESTED, { ...SETTLED, outcome: "success", durationMs: 12_340, forHuman })
  expect(line).toBe("ok      read nope.txt  exit 0, 87 B, 12 s")
})

test("why a request is asked again is said once", () => {
  const retry = { type: "retry.scheduled", at: 1_000, atMs: 1_500, message: "Busy." }
  expect(told(retry, retry, { ...retry, message: "Gone." })).toEqual([
    "waits   0.5 s, then tries again: Busy.",
    "waits   0.5 s, then tries again",
    "waits   0.5 s, then tries again: Gone.",
  ])
})

test("a sub-agent is told by its name, when it begins, asks and ends", () => {
  const asks = { type: "approval.requested", subject: "call", reasons: ["it writes"], callId: "cal_9" }
  const actions = [{ verb: "write", target: "a.txt" }]
  const ended = { type: "subagent.ended", agent: "finder", steps: 2, durationMs: 1_500, microUsd: 20_000 }
  expect(
    told(
      { type: "subagent.started", agent: "finder", description: "where\nit is" },
      { ...asks, actions, agent: { name: "finder", sessionId: "ses_2" } },
      { ...ended, outcome: { kind: "completed" } },
      { ...ended, steps: 1, microUsd: 0, outcome: { kind: "interrupted", message: "Stopped." } },
    ),
  ).toEqual([
    "agent   finder: where⏎it is",
    "asks    finder asks: write a.txt: it writes",
    "ok      finder  2 steps, 1.5 s, $0.02",
    "stopped finder  1 step, 1.5 s, Stopped.",
  ])
})
