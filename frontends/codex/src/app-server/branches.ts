import { accepted, type SessionView, type TurnId } from "@skein/protocol"
import { asText, given, type Json } from "@skein/protocol/json"
import { plainId, sessionIdOf, threadIdOf } from "../words.ts"
import { EPHEMERAL_LABELS } from "./ephemeral.ts"
import { type Context, needed, type Reply, refuseMissing, THREAD_NOT_YET, warn } from "./method.ts"
import { RpcError } from "./peer.ts"
import { readSettings, withConfig } from "./settings.ts"
import { tellUsage } from "./taken-up.ts"
import { opened } from "./thread-view.ts"

/** `thread/fork`: another thread that begins with this one's turns, and has the start's model unless one is named. */
export async function forkThread(params: Json, context: Context): Promise<Reply> {
  const { engine, peer, audience, threads } = context
  refuseMissing("thread/fork", params, [...THREAD_NOT_YET, "path", "permissions", "experimentalPredictionMode"])
  const source = await threads.read(needed(params, "threadId"))
  const throughTurnId = lastTurn(params, source)
  const cwd = asText(params.cwd)
  const asked = readSettings(withConfig(params), source.settings, await threads.models())
  const model = asked.changes.model ?? (await context.startModel(cwd ?? source.cwd))
  const { sessionId } = await accepted(engine, {
    type: "session.fork",
    sessionId: source.sessionId,
    ...given("throughTurnId", throughTurnId),
    ...given("cwd", cwd),
  })
  const labels = params.ephemeral === true ? [...EPHEMERAL_LABELS] : []
  if (labels.length > 0) await accepted(engine, { type: "session.change", sessionId, labels })
  const fork = await threads.read(threadIdOf(sessionId))
  const live = await threads.open(fork)
  const changes = { ...asked.changes, ...(model === fork.settings.model ? {} : { model }) }
  await live.configure(changes, asked.policy, fork)
  const view = await live.read()
  const thread = await threads.describe(view, params.excludeTurns !== true)
  return {
    result: opened(thread, view, live.policy),
    after: () => {
      tellUsage(view, peer)
      audience.tell("thread/started", { thread: { ...thread, turns: [] } })
      warn(peer, threadIdOf(sessionId), asked.warnings)
    },
  }
}

/** The last turn that is taken along: `lastTurnId`, or the one before `beforeTurnId`; undefined for all. */
function lastTurn(params: Json, source: SessionView): TurnId | undefined {
  const last = asText(params.lastTurnId)
  const before = asText(params.beforeTurnId)
  if (last !== undefined && before !== undefined) {
    throw new RpcError("Invalid request: lastTurnId and beforeTurnId exclude each other")
  }
  if (last !== undefined) return turnOf(last, source).turnId
  if (before === undefined) return undefined
  const { previous } = turnOf(before, source)
  if (previous !== undefined) return previous
  throw new RpcError(`there is nothing to fork before turn ${before}, which is the first one: use thread/start`)
}

/** A turn of the conversation as it stands, and the one before it. Throws RpcError for any other. */
function turnOf(
  id: string,
  { items }: SessionView,
): { readonly turnId: TurnId; readonly previous: TurnId | undefined } {
  const turns = [...new Set(items.flatMap((item) => ("turnId" in item ? [item.turnId] : [])))]
  const at = turns.findIndex((turnId) => plainId(turnId) === id)
  const turnId = turns[at]
  if (turnId === undefined) throw new RpcError(`turn not found: ${id}`)
  return { turnId, previous: turns[at - 1] }
}

/** `thread/revert`: the conversation goes back before a turn. What was done to files stays, as the method promises. */
export async function revertThread(params: Json, { engine, peer, threads }: Context): Promise<Reply> {
  const threadId = needed(params, "threadId")
  const view = await threads.read(threadId)
  const { turnId } = turnOf(needed(params, "beforeTurnId"), view)
  const { sessionId } = view
  const to = { kind: "before", turnId } as const
  await accepted(engine, { type: "session.rewind", sessionId, to, scope: "chat" })
  const thread = await threads.describe(await threads.read(threadId), false)
  // Pages of `thread/turns/list` begin with the newest without a cursor.
  const result = { thread, turnsBackwardsCursor: null, itemsBackwardsCursor: null }
  return { result, after: () => peer.notify("thread/reverted", { threadId }) }
}

/** `thread/delete`: the session is gone, for good. */
export async function deleteThread(params: Json, { engine, audience, threads }: Context): Promise<Reply> {
  const threadId = needed(params, "threadId")
  await threads.read(threadId)
  await threads.leave(threadId)
  await accepted(engine, { type: "session.delete", sessionId: sessionIdOf(threadId) })
  return { result: {}, after: () => audience.tell("thread/deleted", { threadId }) }
}
