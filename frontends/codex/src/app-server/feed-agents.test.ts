import { expect, test } from "bun:test"
import type { EventOf } from "@skein/protocol"
import { AgentFeed } from "./feed-agents.ts"
import { Telling } from "./telling.ts"

const SHARED = { v: 1, seq: 1, sessionId: "ses_p", childSessionId: "ses_c", agent: "scout" } as const

test("a sub-agent's work is one item, told to be over in the turn that it began in", () => {
  const telling = new Telling("p")
  telling.turnId = "t1"
  const feed = new AgentFeed(telling)
  const started: EventOf<"subagent.started"> = {
    ...{ ...SHARED, type: "subagent.started", id: "evt_1", at: 1, description: "look around" },
  }
  const ended: EventOf<"subagent.ended"> = {
    ...{ ...SHARED, type: "subagent.ended", id: "evt_2", at: 2, outcome: { kind: "completed" }, text: "seen" },
    ...{ steps: 1, tokens: 1, microUsd: 0, durationMs: 1, changedPaths: [] },
  }
  const [begun] = feed.started(started)
  telling.turnId = "t2"
  const [over] = feed.ended(ended)

  expect(begun?.params).toMatchObject({
    turnId: "t1",
    item: { id: "1", tool: "spawnAgent", status: "inProgress", agentsStates: { c: { status: "running" } } },
  })
  expect(over?.params).toMatchObject({
    turnId: "t1",
    item: { id: "1", status: "completed", agentsStates: { c: { status: "completed", message: "seen" } } },
  })
  expect(feed.ended(ended)).toEqual([])
})
