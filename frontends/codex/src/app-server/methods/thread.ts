import { accepted } from "@skein/protocol"
import { asList, asObject, asText, given, type Json } from "@skein/protocol/json"
import { threadIdOf } from "../../words.ts"
import { deleteThread, forkThread, revertThread } from "../branches.ts"
import { readClientTools } from "../client-tools.ts"
import { EPHEMERAL_LABELS } from "../ephemeral.ts"
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
import { tellGoal, tellUsage } from "../taken-up.ts"
import { opened } from "../thread-view.ts"
import { bare, summaryOf, turnsOf } from "../transcript.ts"

export const THREAD_METHODS: Methods = {
  "thread/start": startThread,
  "thread/resume": resumeThread,
  "thread/fork": forkThread,
  "thread/revert": revertThread,
  "thread/delete": deleteThread,
  "thread/read": readThread,
  "thread/list": async (params, { threads }) => ({ result: await listThreads(params, threads) }),
  "thread/turns/list": listTurns,
  "thread/items/list": listItems,
  "thread/loaded/list": (params, { threads }) => ({ result: page(threads.ids, params) }),
  "thread/unsubscribe": unsubscribe,
  getConversationSummary: conversationSummary,
}

async function startThread(params: Json, context: Context): Promise<Reply> {
  refuseMissing("thread/start", params, THREAD_NOT_YET)
  const { engine, peer, audience, threads, settings } = context
  const asked = readSettings(withConfig(params), settings, await threads.models())
  const tools = readClientTools(params.dynamicTools)
  const cwd = asText(params.cwd) ?? context.cwd
  const model = asked.changes.model ?? (await context.startModel(cwd))
  const wanted = { ...asked.changes, model }
  const { sessionId } = await accepted(engine, { type: "session.create", cwd, settings: wanted, isInteractive: true })
  if (params.ephemeral === true) {
    await threads.forgetLeftOver()
    await accepted(engine, { type: "session.change", sessionId, labels: [...EPHEMERAL_LABELS] })
  }
  const created = await threads.read(threadIdOf(sessionId))
  const live = await threads.open(created)
  await live.configure(given("sandbox", asked.changes.sandbox), asked.policy, created)
  await live.bringTools(tools)
  const view = await live.read()
  const thread = await threads.describe(view, false)
  return {
    result: opened(thread, view, live.policy),
    after: () => {
      audience.tell("thread/started", { thread })
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
  return {
    result: opened(thread, view, live.policy),
    after: () => {
      tellUsage(view, peer)
      tellGoal(view, peer)
      warn(peer, threadId, asked.warnings)
    },
  }
}

async function readThread(params: Json, { threads }: Context): Promise<Reply> {
  const view = await threads.read(needed(params, "threadId"), "thread not loaded:")
  return { result: { thread: await threads.describe(view, params.includeTurns === true) } }
}

async function listTurns(params: Json, { threads }: Context): Promise<Reply> {
  const turns = turnsOf(await threads.read(needed(params, "threadId")))
  const ordered = params.sortDirection === "asc" ? turns : turns.toReversed()
  const { data, nextCursor } = page(ordered, params)
  return { result: { data: data.map(viewOf(params.itemsView)), nextCursor, backwardsCursor: null } }
}

function viewOf(itemsView: unknown): (turn: Json) => Json {
  switch (itemsView ?? "summary") {
    case "summary":
      return summaryOf
    case "full":
      return (turn) => turn
    case "notLoaded":
      return bare
    default:
      throw new RpcError(`Invalid request: unknown variant \`${String(itemsView)}\` of itemsView`)
  }
}

async function listItems(params: Json, { threads }: Context): Promise<Reply> {
  const turnId = asText(params.turnId)
  const turns = turnsOf(await threads.read(needed(params, "threadId")))
  const wanted = turnId === undefined ? turns : turns.filter(({ id }) => id === turnId)
  const items = wanted.flatMap((turn) =>
    asList(turn.items).map((item) => ({ turnId: turn.id, item, startedAtMs: null, completedAtMs: null })),
  )
  const ordered = params.sortDirection === "desc" ? items.toReversed() : items
  return { result: { ...page(ordered, params), backwardsCursor: null } }
}

async function unsubscribe(params: Json, { threads }: Context): Promise<Reply> {
  const wasOpen = await threads.leave(needed(params, "threadId"))
  return { result: { status: wasOpen ? "unsubscribed" : "notLoaded" } }
}

/** What a thread is about in a line, without what was said in it but its beginning. */
async function conversationSummary(params: Json, { threads }: Context): Promise<Reply> {
  if (asText(params.rolloutPath) !== undefined) refuseMissing("getConversationSummary", params, ["rolloutPath"])
  const threadId = needed(params, "conversationId")
  const thread = await threads.describe(await threads.read(threadId), false)
  const { preview, modelProvider, cwd, cliVersion, source, gitInfo, createdAt, updatedAt } = thread
  const times = { timestamp: isoOf(createdAt), updatedAt: isoOf(updatedAt) }
  const git = asObject(gitInfo)
  const summary = {
    ...{ conversationId: threadId, path: "", preview, modelProvider, cwd, cliVersion, source, ...times },
    gitInfo: git === undefined ? null : { sha: git.sha, branch: git.branch, origin_url: git.originUrl },
  }
  return { result: { summary } }
}

function isoOf(seconds: unknown): string | null {
  return typeof seconds === "number" ? new Date(seconds * 1_000).toISOString() : null
}
