import { expect, test } from "bun:test"
import type { EventOf, SessionId } from "@skein/protocol"
import { Children } from "./children.ts"

const common = { v: 1, seq: 1, id: "evt_1", at: 0, sessionId: "ses_above", agent: "finder" } as const
const spent = { tokens: 0, microUsd: 0 }

const started = (childSessionId: SessionId, description: string): EventOf<"subagent.started"> => ({
  ...common,
  ...{ type: "subagent.started", childSessionId, callId: "cal_1", description },
})
const updated = (childSessionId: SessionId, doing: string, steps: number): EventOf<"subagent.updated"> => ({
  ...{ ...common, ...spent, after: 1, live: 1 },
  ...{ type: "subagent.updated", childSessionId, description: "d", status: "running", doing, steps },
})
const ended = (childSessionId: SessionId): EventOf<"subagent.ended"> => ({
  ...{ ...common, ...spent, steps: 2, durationMs: 9, changedPaths: [], text: "Found." },
  ...{ type: "subagent.ended", childSessionId, outcome: { kind: "completed" } },
})
const shown = (body: string) => [
  {
    sessionUpdate: "tool_call_update",
    toolCallId: "cal_1",
    content: [{ type: "content", content: { type: "text", text: `\`\`\`\n${body}\n\`\`\`` } }],
  },
]

test("the call that began sub-agents shows a line for each: its name, and what it does now", () => {
  const children = new Children()
  expect(children.started(started("ses_a", "find it"))).toEqual(shown("finder: find it"))
  children.started(started("ses_b", "find more"))
  expect(children.updated(updated("ses_a", "grep total", 2))).toEqual(
    shown("finder: grep total (step 2)\nfinder: find more"),
  )
  expect(children.ended(ended("ses_b"))).toEqual(shown("finder: grep total (step 2)\nfinder: completed"))
})

test("a call that has settled keeps its result, whatever goes on beside it", () => {
  const children = new Children()
  children.started(started("ses_a", "find it"))
  children.settled("cal_1")
  expect(children.updated(updated("ses_a", "grep", 1))).toEqual([])
  expect(children.ended(ended("ses_a"))).toEqual([])
})

test("what a model wrote stays on its line and shows all its characters", () => {
  const [update] = new Children().started(started("ses_a", "a\n\u001b[31mb"))
  expect(JSON.stringify(update)).toContain("finder: a⏎")
  expect(JSON.stringify(update)).not.toContain("\\u001b")
})
