import { accepted } from "@skein/protocol"
import { asText, type Json } from "@skein/protocol/json"
import { sessionIdOf } from "../words.ts"
import { goalOf } from "./goal.ts"
import { type Context, needed, type Reply, refuseMissing } from "./method.ts"
import { RpcError } from "./peer.ts"

/** `thread/goal/set`: what the session is for; it survives every compaction. */
export async function setGoal(params: Json, { engine, threads, now }: Context): Promise<Reply> {
  const threadId = needed(params, "threadId")
  refuseMissing("thread/goal/set", params, ["tokenBudget"])
  const status = asText(params.status) ?? "paused"
  if (status !== "paused") {
    throw new RpcError(
      `A goal with the status ${status} is not available: skein keeps a goal in view, and begins no turn for it.`,
    )
  }
  const { goal } = await threads.read(threadId)
  const objective = (asText(params.objective) ?? goal)?.trim()
  if (objective === undefined || objective === "") throw new RpcError("cannot update goal: the thread has none")
  const op = { type: "goal.change", sessionId: sessionIdOf(threadId), goal: objective } as const
  const { after } = await threads.holding(threadId, () => accepted(engine, op))
  return { result: { goal: goalOf(threadId, objective, now()) }, after }
}

export async function getGoal(params: Json, { threads }: Context): Promise<Reply> {
  const threadId = needed(params, "threadId")
  const { goal, createdAt } = await threads.read(threadId)
  return { result: { goal: goal === undefined ? null : goalOf(threadId, goal, createdAt) } }
}

export async function clearGoal(params: Json, { engine, threads }: Context): Promise<Reply> {
  const threadId = needed(params, "threadId")
  const { goal } = await threads.read(threadId)
  if (goal === undefined) return { result: { cleared: false } }
  const op = { type: "goal.change", sessionId: sessionIdOf(threadId), goal: null } as const
  const { after } = await threads.holding(threadId, () => accepted(engine, op))
  return { result: { cleared: true }, after }
}
