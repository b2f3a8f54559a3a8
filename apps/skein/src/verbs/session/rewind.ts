import type { RewindTarget, SessionTree } from "@skein/protocol"
import { chooseSession } from "../../session/choose.ts"
import { type Asking, withHost } from "../../session/host.ts"
import { rewind as rewindTo, scopeOf } from "../../session/rewinding.ts"
import { turnNamed } from "../../session/turns.ts"
import { UsageError } from "../../usage.ts"
import type { Run, VerbCall } from "../../verb.ts"

/** `skein session rewind <id> --to <turn>`: conversation and files as they were before that turn. */
export const run: Run = (call) => withHost(call, rewind)

export async function rewind(at: Asking): Promise<number> {
  const { call, engine } = at
  const sessionId = await chooseSession(at, call.words[0] ?? call.flags.text("session"))
  if (sessionId === undefined) return 0
  const to = targetOf(call, await engine.ask({ type: "session.tree", sessionId }))
  if (to === undefined)
    throw new UsageError("Where to? Give --to <turn> or --after <turn>; skein session tree shows them.")
  return rewindTo({ call, engine, sessionId, to, scope: scopeOf(call.flags, "both") })
}

/** Before the turn of `--to`, or as it was at the end of the turn of `--after`, on whichever branch that is. */
export function targetOf({ flags }: Pick<VerbCall, "flags">, tree: SessionTree): RewindTarget | undefined {
  const [before, after] = [flags.text("to"), flags.text("after")]
  if (before !== undefined && after !== undefined) throw new UsageError("--to and --after exclude each other.")
  if (before !== undefined) return { kind: "before", turnId: turnNamed(tree, before).turnId }
  return after === undefined ? undefined : { kind: "seq", seq: turnNamed(tree, after).endSeq }
}
