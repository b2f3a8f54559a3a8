import type { Json } from "@skein/protocol/json"
import { seconds } from "./turns.ts"

/** A thread's goal. Work towards one is not begun by itself, so it is never spent against; `at` is when it was set or read. */
export function goalOf(threadId: string, objective: string, at: number): Json {
  const times = { createdAt: seconds(at), updatedAt: seconds(at) }
  return { threadId, objective, status: "paused", tokenBudget: null, tokensUsed: 0, timeUsedSeconds: 0, ...times }
}
