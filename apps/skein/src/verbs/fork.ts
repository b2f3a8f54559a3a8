import type { Op, SessionId } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import { chooseSession } from "../session/choose.ts"
import { type Asking, withHost } from "../session/host.ts"
import { findSession, prefixed } from "../session/open.ts"
import { path } from "../session/request.ts"
import { turnNamed } from "../session/turns.ts"
import type { Run } from "../verb.ts"
import { goOn, isListed, listSessions, named } from "./resume.ts"

/** `skein fork [id | --last] [prompt]`: a new session that begins with another's conversation, gone on with at once. */
export const run: Run = async (call) => {
  const { id, prompt } = await named(call)
  if (isListed(call, id)) return withHost(call, (at) => listSessions(at, prompt))
  const wanted = await withHost(call, async (at) => {
    const sessionId = await chooseSession(at, id)
    return sessionId === undefined ? undefined : forkOf(at, sessionId)
  })
  if (wanted === undefined) return 0
  const which = { kind: "fork", ...wanted } as const
  if (prompt !== undefined || call.io.isInputTerminal) return goOn(call, which, prompt)
  // Without a prompt and without a person the fork is all that was wanted.
  call.io.out(await withHost(call, ({ host, cwd }) => findSession(host, which, cwd)))
  return 0
}

/** What the flags say of the fork. Throws SkeinError or UsageError for a session or a turn that is not there. */
export async function forkOf(
  { call: { flags, io }, engine }: Asking,
  sessionId: SessionId,
): Promise<Omit<Op<"session.fork">, "type">> {
  const [at, target, folder] = [flags.text("at"), flags.text("target-session-id"), flags.text("cd")]
  const turn = at === undefined ? undefined : turnNamed(await engine.ask({ type: "session.tree", sessionId }), at)
  return {
    sessionId,
    ...given("throughTurnId", turn?.turnId),
    ...given("newSessionId", target === undefined ? undefined : prefixed(target)),
    ...given("cwd", folder === undefined ? undefined : path(folder, io.cwd)),
  }
}
