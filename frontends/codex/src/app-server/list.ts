import type { SessionSummary } from "@skein/protocol"
import { asNumber, asText, asTexts, type Json } from "@skein/protocol/json"
import { codexModel, threadIdOf } from "../words.ts"
import { isEphemeral } from "./ephemeral.ts"
import { RpcError } from "./peer.ts"
import type { Threads } from "./threads.ts"

const PAGE = 25
const PAGE_MAX = 100

/** `thread/list`: a page of the threads that fit, newest first. Those that programs made are left out unless asked for. */
export async function listThreads(params: Json, threads: Threads): Promise<Json> {
  // There are no sections, so none holds a thread.
  if (typeof params.sectionId === "string") return { data: [], nextCursor: null, backwardsCursor: null }
  const folders = [params.cwd].flat().filter((cwd) => typeof cwd === "string")
  const asked = asTexts(params.sourceKinds)
  const hasChildren = asked.some((kind) => CHILDREN.includes(kind))
  const sessions = await threads.list(folders.length === 1 ? folders[0] : undefined, hasChildren)
  const fitting = sorted(
    sessions.filter((session) => !isEphemeral(session) && fits(session, params, folders)),
    params,
  )
  const { data, nextCursor } = page(fitting, params)
  const described = data.map(async (summary) =>
    threads.describe(await threads.read(threadIdOf(summary.sessionId)), false, summary),
  )
  return { data: await Promise.all(described), nextCursor, backwardsCursor: null }
}

/** The part of a list that `cursor` and `limit` ask for, and the cursor of the next. */
export function page<T>(all: readonly T[], params: Json) {
  const from = offsetOf(params.cursor)
  const limit = Math.min(Math.max(asNumber(params.limit) ?? PAGE, 1), PAGE_MAX)
  const data = all.slice(from, from + limit)
  const next = from + data.length
  return { data, nextCursor: next < all.length ? String(next) : null }
}

function fits(session: SessionSummary, params: Json, folders: readonly string[]): boolean {
  const kinds = asTexts(params.sourceKinds)
  const isOfKind = kinds.length === 0 ? session.isInteractive : kindsOf(session).some((word) => kinds.includes(word))
  const providers = asTexts(params.modelProviders)
  const isOfProvider = providers.length === 0 || providers.includes(codexModel(session.model ?? "").provider)
  const isLeftOut = asTexts(params.excludedThreadIds).includes(threadIdOf(session.sessionId))
  const term = asText(params.searchTerm)?.toLowerCase() ?? ""
  const text = `${session.title ?? ""} ${session.preview}`.toLowerCase()
  const isInFolder = folders.length === 0 || folders.includes(session.cwd)
  return (
    isOfKind &&
    isOfProvider &&
    !isLeftOut &&
    isInFolder &&
    session.isArchived === (params.archived === true) &&
    text.includes(term)
  )
}

const CHILDREN = ["subAgent", "subAgentThreadSpawn", "subAgentOther"]

function kindsOf({ parent, isInteractive }: SessionSummary): readonly string[] {
  if (parent?.kind === "subagent") return CHILDREN
  return isInteractive ? ["cli", "vscode", "appServer"] : ["exec"]
}

function sorted(sessions: readonly SessionSummary[], params: Json): readonly SessionSummary[] {
  const isByChange = params.sortKey === "updated_at" || params.sortKey === "recency_at"
  const key = (session: SessionSummary) => (isByChange ? session.updatedAt : session.createdAt)
  const newestFirst = sessions.toSorted((a, b) => key(b) - key(a))
  return params.sortDirection === "asc" ? newestFirst.toReversed() : newestFirst
}

function offsetOf(cursor: unknown): number {
  if (cursor === undefined || cursor === null) return 0
  if (typeof cursor === "string" && /^\d{1,9}$/.test(cursor)) return Number(cursor)
  throw new RpcError(`invalid cursor: ${String(cursor)}`)
}
