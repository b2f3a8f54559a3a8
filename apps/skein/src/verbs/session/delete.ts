import { accepted, type SessionId, SkeinError } from "@skein/protocol"
import { confirmed } from "../../session/confirm.ts"
import { sessionNamed } from "../../session/find.ts"
import { type Asking, withHost } from "../../session/host.ts"
import { sessionTable } from "../../session/row.ts"
import { counted } from "../../tell/amounts.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"

/** `skein session delete <id> …`: removed for good, so it is asked first. */
export const run: Run = (call) => withHost(call, deleteSessions)

export async function deleteSessions({ call, engine }: Asking): Promise<number> {
  const { words, flags, io } = call
  if (words.length === 0) throw new UsageError("Which session? Give its id or title; several may be given.")
  const ids = new Set(await Promise.all(words.map((name) => sessionNamed(engine, name))))
  if (!flags.has("yes")) {
    await show([...ids], { call, engine })
    const isMeant = await confirmed(io, `Remove ${counted(ids.size, "session")} for good?`)
    if (!isMeant) return said(io, "Nothing was removed.")
  }
  for (const sessionId of ids) {
    await accepted(engine, { type: "session.delete", sessionId })
    io.out(`Deleted session ${sessionId}.`)
  }
  return 0
}

/** What would go. Throws SkeinError for one that is not there. */
async function show(
  ids: readonly SessionId[],
  { call: { io }, engine }: Pick<Asking, "call" | "engine">,
): Promise<void> {
  const filter = { includesArchived: true, includesNonInteractive: true, includesSubagents: true }
  const all = await engine.ask({ type: "sessions.list", ...filter })
  const rows = all.filter(({ sessionId }) => ids.includes(sessionId))
  const missing = ids.find((id) => !rows.some(({ sessionId }) => sessionId === id))
  if (missing !== undefined) throw new SkeinError("session.not_found", `Cannot find session ${missing}.`)
  for (const line of await sessionTable(rows, io)) io.out(line)
}

function said(io: Asking["call"]["io"], text: string): number {
  io.err(text)
  return 1
}
