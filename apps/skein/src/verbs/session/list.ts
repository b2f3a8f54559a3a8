import { filterOf, listed } from "../../session/choose.ts"
import { type Asking, withHost } from "../../session/host.ts"
import type { Run } from "../../verb.ts"

/** `skein session list`: newest change first. */
export const run: Run = (call) => withHost(call, list)

export async function list(at: Asking): Promise<number> {
  const { call, engine, cwd } = at
  const sessions = await engine.ask({ type: "sessions.list", ...filterOf(call.flags, cwd) })
  for (const line of await listed(at, sessions)) call.io.out(line)
  if (sessions.length === 0) {
    call.io.err(
      call.flags.has("all")
        ? "There is no such session."
        : `There is no session for ${cwd}; --all looks in every folder.`,
    )
  }
  return 0
}
