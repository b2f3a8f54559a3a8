import { asText, given, type Json } from "@skein/protocol/json"
import { isUuid, plainId, sessionIdOf, threadIdOf } from "../words.ts"
import { deleteThread, forkThread, revertThread } from "./branches.ts"
import { searchFiles } from "./file-search.ts"
import { listHooks } from "./hooks.ts"
import { readInput } from "./input.ts"
import { account, config, listModels } from "./inventory.ts"
import { listThreads, page } from "./list.ts"
import { type Context, type Method, needed, type Reply, refuseMissing, THREAD_NOT_YET, warn } from "./method.ts"
import { RpcError } from "./peer.ts"
import { reviewTarget } from "./review.ts"
import { readSettings, withConfig } from "./settings.ts"
import { listSkills } from "./skills.ts"
import { opened, turnsOf } from "./thread-view.ts"
import { runningTurn } from "./turns.ts"

/** The methods there are. Each other one that Codex has is refused by name. */
export const METHODS: Readonly<Record<string, Method>> = {
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
  "turn/start": startTurn,
  "review/start": startReview,
  "turn/steer": steer,
  "turn/interrupt": interrupt,
  "model/list": async (_params, { threads, settings }) => ({ result: listModels(await threads.models(), settings) }),
  "account/read": async (_params, { threads }) => ({ result: account(await threads.models()) }),
  "config/read": (_params, { settings }) => ({ result: config(settings) }),
  fuzzyFileSearch: searchFiles,
  "fuzzyFileSearch/sessionStart": (params, { fileSearches }) => fileSearches.start(params),
  "fuzzyFileSearch/sessionUpdate": (params, context) => context.fileSearches.update(params, context),
  "fuzzyFileSearch/sessionStop": (params, { fileSearches }) => fileSearches.stop(params),
  "hooks/list": listHooks,
  "skills/list": listSkills,
  // There are none of these in this version, which is an answer and no blocker.
  "mcpServerStatus/list": () => ({ result: { data: [], nextCursor: null } }),
  "collaborationMode/list": () => ({ result: { data: [] } }),
  "configRequirements/read": () => ({ result: { requirements: null } }),
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

function requireSameFolder(method: string, params: Json, cwd: string): void {
  const asked = asText(params.cwd)
  if (asked === undefined || asked.replace(/(.)\/+$/, "$1") === cwd) return
  throw new RpcError(`${method} cannot move a thread to another folder in this version of skein: it works in ${cwd}`)
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

async function startTurn(params: Json, { peer, threads, readImage }: Context): Promise<Reply> {
  const threadId = needed(params, "threadId")
  const live = threads.live(threadId)
  requireSameFolder("turn/start", params, live.cwd)
  refuseMissing("turn/start", params, ["toolOutput", "additionalContext"])
  const input = readInput(params.input, readImage)
  if (live.turnId !== undefined) throw new RpcError("a turn is already running: use turn/steer or turn/interrupt")
  const view = await live.read()
  const asked = readSettings(params, view.settings, await threads.models())
  await live.configure(asked.changes, asked.policy, view)
  const release = live.hold()
  try {
    const { turnId } = await live.send({ input, delivery: "start", clientId: clientIdOf(params) })
    warn(peer, threadId, asked.warnings)
    return { result: { turn: runningTurn(plainId(turnId ?? "")) }, after: release }
  } catch (error) {
    release()
    throw error
  }
}

/** In the thread itself, which changes nothing meanwhile. */
async function startReview(params: Json, { threads }: Context): Promise<Reply> {
  const threadId = needed(params, "threadId")
  const live = threads.live(threadId)
  const { prompt, name } = reviewTarget(params)
  if (asText(params.delivery) === "detached") refuseMissing("review/start", params, ["delivery"])
  if (live.turnId !== undefined) throw new RpcError("a turn is already running: use turn/interrupt")
  const { settings } = await live.read()
  const release = live.hold()
  try {
    await live.review(name, settings.mode)
    const { turnId } = await live.send({ input: [{ type: "text", text: prompt }], delivery: "start" })
    return { result: { turn: runningTurn(plainId(turnId ?? "")), reviewThreadId: threadId }, after: release }
  } catch (error) {
    live.reviewed()
    release()
    throw error
  }
}

/** Ids name nothing on disk here, but only one that is a plain UUID can be an input's too. */
function clientIdOf(params: Json): string | undefined {
  const id = asText(params.clientUserMessageId)
  return id !== undefined && isUuid(id) ? id : undefined
}

async function steer(params: Json, { threads, readImage }: Context): Promise<Reply> {
  const live = threads.live(needed(params, "threadId"))
  const expected = needed(params, "expectedTurnId")
  const input = readInput(params.input, readImage)
  requireRunning(live.turnId, expected, "steer")
  const release = live.hold()
  try {
    await live.send({ input, delivery: "steer", expectedTurnId: `trn_${expected}`, clientId: clientIdOf(params) })
    return { result: { turnId: expected }, after: release }
  } catch (error) {
    release()
    throw error
  }
}

function interrupt(params: Json, { threads }: Context): Reply {
  const live = threads.live(needed(params, "threadId"))
  requireRunning(live.turnId, needed(params, "turnId"), "interrupt")
  return { result: {}, after: () => live.interrupt() }
}

function requireRunning(running: string | undefined, named: string, what: string): void {
  if (running === undefined) throw new RpcError(`no active turn to ${what}`)
  if (running !== named) throw new RpcError(`expected active turn id \`${named}\` but found \`${running}\``)
}
