import { accepted } from "@skein/protocol"
import { asList, asObject, asText, type Json } from "@skein/protocol/json"
import { sessionIdOf } from "../../words.ts"
import { clearGoal, getGoal, setGoal } from "../goals.ts"
import { type Context, type Methods, needed, type Reply, refuseMissing } from "../method.ts"
import { RpcError } from "../peer.ts"

/** What is done to a thread beside its turns. */
export const THREAD_WORK_METHODS: Methods = {
  "thread/name/set": nameThread,
  "thread/archive": archiveThread,
  "thread/unarchive": unarchiveThread,
  "thread/compact/start": compactThread,
  "thread/shellCommand": runCommand,
  "thread/inject_items": injectItems,
  "thread/goal/set": setGoal,
  "thread/goal/get": getGoal,
  "thread/goal/clear": clearGoal,
}

async function nameThread(params: Json, { engine, audience, threads }: Context): Promise<Reply> {
  const threadId = needed(params, "threadId")
  const title = needed(params, "name").trim()
  if (title === "") throw new RpcError("thread name must not be empty")
  await threads.read(threadId)
  const { after } = await threads.holding(threadId, () =>
    accepted(engine, { type: "session.change", sessionId: sessionIdOf(threadId), title }),
  )
  return {
    result: {},
    after: () => {
      after()
      // An open thread tells it by itself.
      audience.tellOutside(threadId, "thread/name/updated", { threadId, threadName: title })
    },
  }
}

async function archiveThread(params: Json, { engine, peer, audience, threads }: Context): Promise<Reply> {
  const threadId = needed(params, "threadId")
  await threads.read(threadId)
  await accepted(engine, { type: "session.change", sessionId: sessionIdOf(threadId), isArchived: true })
  const wasOpen = await threads.leave(threadId)
  if (wasOpen) peer.notify("thread/status/changed", { threadId, status: { type: "notLoaded" } })
  return { result: {}, after: () => audience.tell("thread/archived", { threadId }) }
}

async function unarchiveThread(params: Json, { engine, audience, threads }: Context): Promise<Reply> {
  const threadId = needed(params, "threadId")
  await threads.read(threadId)
  await accepted(engine, { type: "session.change", sessionId: sessionIdOf(threadId), isArchived: false })
  const thread = await threads.describe(await threads.read(threadId), false)
  return { result: { thread }, after: () => audience.tell("thread/unarchived", { threadId }) }
}

function compactThread(params: Json, { threads }: Context): Reply {
  const live = threads.live(needed(params, "threadId"))
  if (live.turnId !== undefined) throw new RpcError("a turn is running: wait for its end, or use turn/interrupt")
  return { result: {}, after: () => live.compact() }
}

/** With the person's own authority, outside the sandbox: the model reads what came of it. */
async function runCommand(params: Json, { threads }: Context): Promise<Reply> {
  const threadId = needed(params, "threadId")
  const live = threads.live(threadId)
  const command = needed(params, "command")
  if (command.trim() === "") throw new RpcError("command must not be empty")
  refuseMissing("thread/shellCommand", params, ["timeoutMs"])
  const { sessionId } = live
  const { after } = await threads.holding(threadId, () => live.submit({ type: "shell.run", sessionId, command }))
  return { result: {}, after }
}

/** Messages of a person or a developer; what a model said or called is no other's to say. */
async function injectItems(params: Json, { threads }: Context): Promise<Reply> {
  const live = threads.live(needed(params, "threadId"))
  const items = asList(params.items)
  if (items.length === 0) throw new RpcError("items must not be empty")
  const texts = items.map((item, index) => textOf(asObject(item) ?? {}, index))
  await live.submit({ type: "context.add", sessionId: live.sessionId, texts })
  return { result: {} }
}

function textOf(item: Json, index: number): string {
  const isSaid = item.type === "message" && (item.role === "user" || item.role === "developer")
  if (!isSaid) {
    throw new RpcError(
      `items[${index}] of type ${String(item.type)}${item.role === undefined ? "" : ` and role ${String(item.role)}`} cannot be injected: only messages of a user or a developer can`,
    )
  }
  const parts = asList(item.content).map((part) => asObject(part) ?? {})
  const texts = parts.map((part) => (part.type === "input_text" ? asText(part.text) : undefined))
  const text = texts.join("\n").trim()
  if (texts.includes(undefined) || text === "") throw new RpcError(`items[${index}] is not a text`)
  return text
}
