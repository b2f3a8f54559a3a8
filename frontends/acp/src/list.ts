import type { Engine, SessionSummary } from "@skein/protocol"
import { realFolder } from "./folder.ts"
import { type Json, RPC, RpcError } from "./rpc.ts"

const PAGE = 50

/** One page of sessions, newest first. A cursor is how many came before. */
export async function listSessions(
  engine: Engine,
  { cwd, cursor }: { readonly cwd?: string | null | undefined; readonly cursor?: string | null | undefined },
): Promise<Json> {
  const from = cursor == null ? 0 : offsetOf(cursor)
  const filter = cwd == null ? {} : { cwd: realFolder(cwd) }
  const rows = await engine.ask({
    type: "sessions.list",
    includesNonInteractive: true,
    ...filter,
    limit: from + PAGE + 1,
  })
  const page = rows.slice(from, from + PAGE)
  return { sessions: page.map(rowOf), ...(rows.length > from + PAGE ? { nextCursor: String(from + PAGE) } : {}) }
}

function offsetOf(cursor: string): number {
  if (/^\d{1,9}$/.test(cursor)) return Number(cursor)
  throw new RpcError(RPC.invalidParams, `${JSON.stringify(cursor)} is no cursor of session/list.`)
}

function rowOf({ sessionId, cwd, title, preview, updatedAt }: SessionSummary): Json {
  const name = title ?? preview
  return { sessionId, cwd, ...(name === "" ? {} : { title: name }), updatedAt: new Date(updatedAt).toISOString() }
}
