import { accepted, type Engine, type Item, type SessionId, SkeinError, type TurnId } from "@skein/protocol"
import type { ClaudeFlags } from "./flags.ts"
import { claudeLineId, skeinInputId } from "./words.ts"

/**
 * The session to go on with, of one that was kept: itself or a fork of it, as it stands or as it was after the message
 * that `--resume-session-at` names. What is left out stays in the log. Throws SkeinError when it cannot be as asked.
 */
export async function resumedAt(
  engine: Engine,
  sessionId: SessionId,
  flags: Pick<ClaudeFlags, "forkSession" | "resumeSessionAt" | "resumeDropsTurn">,
  newSessionId: SessionId | undefined,
): Promise<SessionId> {
  const cut = flags.resumeSessionAt === undefined ? undefined : await cutAt(engine, sessionId, flags.resumeSessionAt)
  if (cut !== undefined && flags.resumeDropsTurn !== undefined) requireOnly(flags.resumeDropsTurn, cut)
  if (flags.forkSession) {
    const fork = newSessionId === undefined ? {} : { newSessionId }
    const through = cut === undefined ? {} : { throughTurnId: cut.keptTurnId }
    return (await accepted(engine, { type: "session.fork", sessionId, ...through, ...fork })).sessionId
  }
  const next = cut?.dropped[0]
  if (next === undefined) return sessionId
  const to = { kind: "before", turnId: next.turnId } as const
  await accepted(engine, { type: "session.rewind", sessionId, to, scope: "chat" })
  return sessionId
}

interface Turn {
  readonly turnId: TurnId
  readonly items: readonly Item[]
}

interface Cut {
  readonly keptTurnId: TurnId
  readonly dropped: readonly Turn[]
}

async function cutAt(engine: Engine, sessionId: SessionId, uuid: string): Promise<Cut> {
  const turns = turnsOf((await engine.ask({ type: "session.read", sessionId })).items)
  const at = turns.findIndex(({ items }) => items.some((item) => claudeLineId(item) === uuid))
  const kept = turns[at]
  if (kept === undefined) throw new SkeinError("op.invalid", `No message found with message.uuid of: ${uuid}`)
  const lastLine = kept.items.findLast((item) => claudeLineId(item) !== undefined)
  if (lastLine === undefined || claudeLineId(lastLine) !== uuid) {
    throw new SkeinError(
      "op.invalid",
      `${uuid} is inside of a turn, and a session resumes only at the end of one: give the uuid of its last message.`,
    )
  }
  return { keptTurnId: kept.turnId, dropped: turns.slice(at + 1) }
}

function turnsOf(items: readonly Item[]): readonly Turn[] {
  const turns = new Map<TurnId, Item[]>()
  for (const item of items) {
    if (!("turnId" in item)) continue
    turns.set(item.turnId, [...(turns.get(item.turnId) ?? []), item])
  }
  return [...turns].map(([turnId, own]) => ({ turnId, items: own }))
}

/** Hosts know this refusal by its first words. */
function requireOnly(promptUuid: string, { dropped }: Cut): void {
  const inputId = skeinInputId(promptUuid)
  const isMeant = ({ items }: Turn) => items.every((item) => item.kind !== "user_message" || item.inputId === inputId)
  if (dropped.length <= 1 && dropped.every(isMeant)) return
  throw new SkeinError(
    "op.invalid",
    `Resume rejected by --resume-drops-turn: more than the turn of the message ${promptUuid} would be left out.`,
  )
}
