import { asText, given, type Json } from "@skein/protocol/json"
import { sessionIdOf, threadIdOf } from "../../words.ts"
import { deleteThread, forkThread, revertThread } from "../branches.ts"
import { listThreads, page } from "../list.ts"
import {
  type Context,
  type Methods,
  needed,
  type Reply,
  refuseMissing,
  requireSameFolder,
  THREAD_NOT_YET,
  warn,
} from "../method.ts"
import { RpcError } from "../peer.ts"
import { readSettings, withConfig } from "../settings.ts"
import { opened, turnsOf } from "../thread-view.ts"

export const THREAD_METHODS: Methods = {
  "thread/start": startThread,
  "thread/resume": resumeThread,
  "thread/fork": forkThread,
  "thread/revert": revertThread,
  "thread/delete": deleteThread,
  "thread/read": readThread,
  "thread/list": async (params, { threads }) => ({ result: await listThreads(params, threads) }),
  "thread/turns/list": listTurns,
  "thread/loaded/list": (_params, { threads }) => ({ result: { data: threads.ids, nextCursor: null } }),
  "thread/unsubscribe": unsubscribe,
  "thread/name/set": (params, context) => change(params, context, { title: needed(params, "name") }),
  "thread/archive": (params, context) => change(params, context, { isArchived: true }),
  "thread/unarchive": (params, context) => change(params, context, { isArchived: false }),
}

async function startThread(params: Json, context: Context): Promise<Reply> {
  refuseMissing("thread/start", params, THREAD_NOT_YET)
  const { engine, peer, threads, settings } = context
  const asked = readSettings(withConfig(params), settings, await threads.models())
  const cwd = asText(params.cwd) ?? context.cwd
  const model = asked.changes.model ?? (await context.startModel(cwd))
  const receipt = await engine.submit({
    type: "session.create",
    cwd,
    settings: { ...asked.changes, model },
    isInteractive: true,
  })
  if (receipt.status === "rejected") throw new RpcError(receipt.message)
  const created = await threads.read(threadIdOf(receipt.sessionId))
  const live = await threads.open(created)
  await live.configure(given("sandbox", asked.changes.sandbox), asked.policy, created)
  const view = await live.read()
  const thread = await threads.describe(view, false)
  return {
    result: opened(thread, view, live.policy),
    after: () => {
      peer.notify("thread/started", { thread })
      warn(peer, threadIdOf(view.sessionId), asked.warnings)
    },
  }
}

async function resumeThread(params: Json, { peer, threads }: Context): Promise<Reply> {
  const threadId = needed(params, "threadId")
  refuseMissing("thread/resume", params, THREAD_NOT_YET)
  const found = await threads.read(threadId)
  requireSameFolder("thread/resume", params, found.cwd)
  const asked = readSettings(withConfig(params), found.settings, await threads.models())
  const live = await threads.open(found)
  await live.configure(asked.changes, asked.policy, found)
  const view = await live.read()
  const thread = await threads.describe(view, params.excludeTurns !== true)
  return { result: opened(thread, view, live.policy), after: () => warn(peer, threadId, asked.warnings) }
}

async function readThread(params: Json, { threads }: Context): Promise<Reply> {
  const view = await threads.read(needed(params, "threadId"))
  return { result: { thread: await threads.describe(view, params.includeTurns === true) } }
}

async function listTurns(params: Json, { threads }: Context): Promise<Reply> {
  const turns = turnsOf(await threads.read(needed(params, "threadId")))
  const ordered = params.sortDirection === "asc" ? turns : turns.toReversed()
  return { result: page(ordered, params) }
}

async function unsubscribe(params: Json, { threads }: Context): Promise<Reply> {
  const wasOpen = await threads.leave(needed(params, "threadId"))
  return { result: { status: wasOpen ? "unsubscribed" : "notLoaded" } }
}

async function change(
  params: Json,
  { engine, peer, threads }: Context,
  changes: { readonly title?: string; readonly isArchived?: boolean },
): Promise<Reply> {
  const threadId = needed(params, "threadId")
  await threads.read(threadId)
  const receipt = await engine.submit({ type: "session.change", sessionId: sessionIdOf(threadId), ...changes })
  if (receipt.status === "rejected") throw new RpcError(receipt.message)
  if (changes.isArchived === undefined) return { result: {} }
  if (changes.isArchived) return { result: {}, after: () => peer.notify("thread/archived", { threadId }) }
  const thread = await threads.describe(await threads.read(threadId), false)
  return { result: { thread }, after: () => peer.notify("thread/unarchived", { threadId }) }
}
