import {
  accepted,
  type Engine,
  isId,
  type SessionId,
  type SessionView,
  type SettingsChange,
  SkeinError,
} from "@skein/protocol"
import type { ClaudeFlags } from "./flags.ts"
import { resumedAt } from "./resume-at.ts"
import type { Brought, SessionOptions } from "./session-options.ts"
import { skeinSessionId } from "./words.ts"

/** The session that the flags name, new or gone on with, as it stands with what they change. Throws SkeinError. */
export async function openOrCreate(
  engine: Engine,
  { flags, cwd, settings, startModel, said, title }: SessionOptions & Brought,
  given: SettingsChange,
): Promise<SessionView> {
  const found = await resumedId(engine, flags, cwd)
  const proposed = flags.sessionId === undefined ? undefined : checkedId(flags.sessionId)
  const resumed = found === undefined ? undefined : await resumedAt(engine, found, flags, proposed)
  if (resumed === undefined) {
    const model = given.model ?? (await startModel?.())
    const { sessionId } = await accepted(engine, {
      type: "session.create",
      ...(proposed === undefined ? {} : { sessionId: proposed }),
      cwd,
      settings: { ...settings, ...given, ...(model === undefined ? {} : { model }) },
      isInteractive: false,
    })
    if (title !== undefined) await accepted(engine, { type: "session.change", sessionId, title })
    return engine.ask({ type: "session.read", sessionId })
  }
  await engine.ask({ type: "session.read", sessionId: resumed })
  const changes = { ...(await said?.(resumed)), ...given }
  if (Object.keys(changes).length > 0) await accepted(engine, { type: "settings.change", sessionId: resumed, changes })
  return engine.ask({ type: "session.read", sessionId: resumed })
}

/** The session to go on with, or undefined for a new one. */
async function resumedId(engine: Engine, flags: ClaudeFlags, cwd: string): Promise<SessionId | undefined> {
  if (flags.resume) return checkedId(flags.resume)
  if (!flags.continue && flags.resume === undefined) return undefined
  const [newest] = await engine.ask({ type: "sessions.list", cwd, limit: 1, includesNonInteractive: true })
  return newest?.sessionId
}

/** Ids name files, so nothing but an id is let through. */
function checkedId(text: string): SessionId {
  const id = skeinSessionId(text)
  if (isId("ses", id)) return id
  throw new SkeinError("op.invalid", `${JSON.stringify(text)} is not the id of a session: give its UUID.`)
}
