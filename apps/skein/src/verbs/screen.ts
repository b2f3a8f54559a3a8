import type { Which } from "../session/open.ts"
import type { Run, VerbCall } from "../verb.ts"
import { VERSION } from "../version.ts"

/** A person at a terminal: a new session, or the one that the flags name. */
export const run: Run = async (call) => {
  const id = call.flags.text("resume")
  if (id !== undefined) return attended(call, { kind: "named", id })
  return attended(call, call.flags.has("continue") ? { kind: "last", isAnywhere: false } : { kind: "new" })
}

/** The screen where the terminal can be drawn on, else a line at a time. */
export async function attended(call: VerbCall, which: Which): Promise<number> {
  const { io, flags } = call
  const isPlain = flags.has("screen-reader") || io.env.TERM === "dumb" || !io.isInputTerminal || !io.isOutputTerminal
  if (isPlain) return (await import("./lines.ts")).resume(call, which)
  const { openTerminal } = await import("@skein/term")
  const terminal = openTerminal()
  if (terminal === undefined) return (await import("./lines.ts")).resume(call, which)
  const { noSystem, runTui } = await import("@skein/tui")
  let close = async () => {}
  const left = await runTui({
    terminal,
    system: noSystem,
    env: io.env,
    version: VERSION,
    cwd: io.cwd,
    home: io.env.HOME ?? "",
    now: io.now,
    screen: "inline",
    async connect(asking) {
      const { connect } = await import("../session/connect.ts")
      const { host, connected } = await connect(call, which, asking)
      close = () => host.close()
      return connected
    },
  })
  await close()
  if (left.failure !== undefined) throw left.failure
  if (left.sessionId !== undefined && left.isKept) io.out(`Kept. Go on with: skein resume ${left.sessionId}`)
  return 0
}
