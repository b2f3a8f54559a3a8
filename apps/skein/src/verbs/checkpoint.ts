import type { CheckpointSummary, RewindTarget, SessionId } from "@skein/protocol"
import { jsonPage } from "@skein/protocol"
import { newestSession, sessionNamed } from "../session/find.ts"
import { type Asking, withHost } from "../session/host.ts"
import { rewind, scopeOf } from "../session/rewinding.ts"
import { numbered } from "../session/turns.ts"
import { age, counted } from "../tell/amounts.ts"
import { table } from "../tell/table.ts"
import { oneLine, visible } from "../tell/visible.ts"
import { UsageError } from "../usage.ts"
import type { Run } from "../verb.ts"
import { targetOf } from "./session/rewind.ts"

/** `skein checkpoint list`: the turns that changed files. Each can be gone back before. */
export const list: Run = (call) => withHost(call, listCheckpoints)
export const diff: Run = (call) => withHost(call, diffCheckpoint)
export const restore: Run = (call) => withHost(call, restoreCheckpoint)
export const undo: Run = (call) => withHost(call, undoTurns)
export const redo: Run = (call) => withHost(call, redoTurns)

/**
 * The session whose files are meant: `--session`, else this folder's newest, whoever made it. Throws SkeinError when there
 * is none.
 */
async function sessionOf({ call: { flags }, engine, cwd }: Asking): Promise<SessionId> {
  const named = flags.text("session")
  if (named !== undefined) return sessionNamed(engine, named)
  return newestSession(engine, { ...(flags.has("all") ? {} : { cwd }), includesNonInteractive: true })
}

export async function listCheckpoints(at: Asking): Promise<number> {
  const { call, engine } = at
  const { io, flags } = call
  const sessionId = await sessionOf(at)
  const checkpoints = await engine.ask({ type: "checkpoints.list", sessionId })
  const turns = numbered(await engine.ask({ type: "session.tree", sessionId }))
  const numberOf = ({ turnId }: CheckpointSummary) => turns.find((turn) => turn.turnId === turnId)?.number
  if (flags.has("json")) {
    const rows = checkpoints.map((checkpoint) => ({ ...checkpoint, turn: numberOf(checkpoint) }))
    io.out(jsonPage({ sessionId, checkpoints: rows }))
    return 0
  }
  const rows = checkpoints.map((checkpoint) => [
    String(numberOf(checkpoint) ?? "?"),
    age(checkpoint.at, io.now()),
    checkpoint.paths.length === 0 ? "not seen" : counted(checkpoint.paths.length, "file"),
    checkpoint.preview,
  ])
  const columns = [
    { head: "turn", isRight: true },
    { head: "when" },
    { head: "changed" },
    { head: "prompt", isFlexible: true },
  ]
  if (rows.length === 0) io.err(`No turn of session ${sessionId} changed a file.`)
  else {
    io.err(`note    of session ${sessionId}; skein checkpoint restore --to <turn> goes back before one`)
    for (const line of table(columns, rows, await io.columns())) io.out(line)
  }
  for (const sentence of new Set(checkpoints.flatMap(({ notCovered }) => notCovered))) {
    io.err(`note    not covered: ${oneLine(sentence)}`)
  }
  return 0
}

export async function diffCheckpoint(at: Asking): Promise<number> {
  const { call, engine } = at
  const sessionId = await sessionOf(at)
  const to = await place(at, sessionId)
  const diffs = await engine.ask({ type: "checkpoint.diff", sessionId, to })
  if (call.flags.has("json")) call.io.out(jsonPage({ sessionId, diffs }))
  else for (const { diff } of diffs) call.io.out(visible(diff.replace(/\n$/, "")))
  if (diffs.length === 0) call.io.err("Everything that skein changed is as it was then.")
  return 0
}

export async function restoreCheckpoint(at: Asking): Promise<number> {
  const { call, engine } = at
  const sessionId = await sessionOf(at)
  return rewind({ call, engine, sessionId, to: await place(at, sessionId), scope: scopeOf(call.flags, "code") })
}

/** Without `--to`, before the newest turn that changed something. Throws SkeinError or UsageError. */
async function place({ call, engine }: Asking, sessionId: SessionId): Promise<RewindTarget> {
  const said = targetOf(call, await engine.ask({ type: "session.tree", sessionId }))
  if (said !== undefined) return said
  const [newest] = await engine.ask({ type: "checkpoints.list", sessionId })
  if (newest === undefined)
    throw new UsageError(`Session ${sessionId} has changed no file; name another with --session.`)
  return { kind: "before", turnId: newest.turnId }
}

/** `skein undo [n]`: so many turns back, conversation and files. */
export async function undoTurns(at: Asking): Promise<number> {
  const { call, engine } = at
  const [word = "1", ...more] = call.words
  if (!/^[1-9]\d{0,4}$/.test(word) || more.length > 0) {
    throw new UsageError(`undo takes a number of turns, not ${JSON.stringify(call.words.join(" "))}.`)
  }
  const to = { kind: "undo", turns: Number(word) } as const
  return rewind({ call, engine, sessionId: await sessionOf(at), to, scope: scopeOf(call.flags, "both") })
}

/** `skein redo`: as it was before the newest undo or rewind. */
export async function redoTurns(at: Asking): Promise<number> {
  const { call, engine } = at
  if (call.words.length > 0)
    throw new UsageError("redo takes no words: it goes forward by what the last undo went back.")
  return rewind({
    call,
    engine,
    sessionId: await sessionOf(at),
    to: { kind: "redo" },
    scope: scopeOf(call.flags, "both"),
  })
}
