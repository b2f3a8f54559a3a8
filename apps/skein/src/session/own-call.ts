import { exitCodeOf, runHeadless } from "@skein/headless"
import type { Host } from "@skein/host"
import { accepted, type SessionId } from "@skein/protocol"
import type { Io } from "../io.ts"
import { findSession, prefixed } from "./open.ts"
import { interruptible } from "./signals.ts"

/** No model is asked, so none has to be there. */
export const NO_MODEL = "none/none"

/** The session that a person names for a call of theirs, or a new one for calls alone. */
export async function sessionForCall(host: Host, cwd: string, named?: string): Promise<SessionId> {
  if (named !== undefined) return findSession(host, { kind: "named", id: prefixed(named) }, cwd)
  const settings = { model: (await host.startModel()) ?? NO_MODEL }
  return (await accepted(host.engine, { type: "session.create", cwd, settings, isInteractive: false })).sessionId
}

/** A call that a person makes. */
export interface OwnCall {
  readonly sessionId: SessionId
  readonly name: string
  readonly input: unknown
  readonly isApprovingAll: boolean
}

/** Makes the call, prints what it gives, and answers with the exit code. */
export async function makeCall({ isApprovingAll, ...call }: OwnCall, io: Io, { engine }: Host): Promise<number> {
  const { sessionId } = call
  const interrupt = interruptible(io)
  try {
    const { outcome, refusals } = await runHeadless({
      ...{ engine, sessionId, clientId: "cli_call", input: [], turn: { type: "call.make", ...call } },
      ...{ format: "text", isApprovingAll, signal: interrupt.signal },
      answer: (line) => io.out(line),
      progress: (line) => io.err(line),
    })
    if (outcome.kind === "interrupted") return interrupt.exitCode
    if (outcome.kind !== "completed") io.err(`skein: ${outcome.message}`)
    return exitCodeOf(outcome, refusals > 0)
  } finally {
    interrupt.done()
  }
}
