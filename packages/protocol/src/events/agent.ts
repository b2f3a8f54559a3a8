import { idSchema } from "../id-schema.ts"
import * as z from "../schema.ts"
import { defineEvent } from "./define.ts"
import { TurnOutcomeSchema } from "./turn.ts"

/**
 * A child session of this one begins to work, or goes on after an end: what it does is in its own log. Always followed by
 * exactly one `subagent.ended` before the next of the same child, across crash and resume.
 */
export const SubagentStarted = defineEvent("subagent.started", "durable", () => ({
  childSessionId: idSchema("ses"),
  /** The call that began it; absent when a person did. */
  callId: idSchema("cal").optional(),
  agent: z.string(),
  /** A few words on what it is for. */
  description: z.string(),
  /** It outlives the call and the turn that began it; its end is told to the model at its next step. */
  isBackground: z.boolean().optional(),
}))

/** The child's turn is over, or it was given up. What it spent is the child's own log's, and counts against this session's budgets. */
export const SubagentEnded = defineEvent("subagent.ended", "durable", () => ({
  childSessionId: idSchema("ses"),
  agent: z.string(),
  outcome: TurnOutcomeSchema(),
  /** Its final message, or what it last said; bounded, the child's log has all of it. */
  text: z.string(),
  steps: z.number(),
  tokens: z.number(),
  /** With those of its own children. */
  microUsd: z.number(),
  durationMs: z.number(),
  /** Files that it changed; absolute, at most 200. */
  changedPaths: z.array(z.string()),
  /** Its folder is none of this session's, as a worktree of its own: what it changed there is not changed here. */
  isApart: z.boolean().optional(),
  /** What it read that nobody may be steered by, as `call.settled` names where its output came from. */
  taint: z.array(z.string()).optional(),
}))

/** How a child is doing: at every change of its status or its work, and at least every five seconds. */
export const SubagentUpdated = defineEvent("subagent.updated", "live", () => ({
  childSessionId: idSchema("ses"),
  agent: z.string(),
  description: z.string(),
  /** `waiting`: for a person's answer. `queued`: for a free place. */
  status: z.enum(["queued", "running", "waiting"]),
  /** What it does now, in a few words: the title of its newest call. */
  doing: z.string(),
  steps: z.number(),
  tokens: z.number(),
  microUsd: z.number(),
}))
