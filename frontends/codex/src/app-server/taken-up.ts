import type { SessionView } from "@skein/protocol"
import { threadIdOf } from "../words.ts"
import { goalOf } from "./goal.ts"
import type { Peer } from "./peer.ts"
import { turnsOf } from "./transcript.ts"
import { tokenUsage } from "./usage.ts"

const NOTHING = { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 }

/** What a client is told of a thread that was worked in before: the tokens that it took, and what a request would hold. */
export function tellUsage(view: SessionView, peer: Peer): void {
  const turnId = turnsOf(view).at(-1)?.id
  if (turnId === undefined) return
  const last = { ...tokenUsage(NOTHING), totalTokens: view.contextTokens ?? 0 }
  const tokens = { total: tokenUsage(view.usage), last, modelContextWindow: view.contextTokensMax ?? null }
  peer.notify("thread/tokenUsage/updated", { threadId: threadIdOf(view.sessionId), turnId, tokenUsage: tokens })
}

/** And what it is for. */
export function tellGoal({ sessionId, goal, createdAt }: SessionView, peer: Peer): void {
  const threadId = threadIdOf(sessionId)
  if (goal === undefined) peer.notify("thread/goal/cleared", { threadId })
  else peer.notify("thread/goal/updated", { threadId, turnId: null, goal: goalOf(threadId, goal, createdAt) })
}
