import type { Run, VerbCall } from "../verb.ts"
import type { Which } from "../session/open.ts"

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
  const [{ environmentFacts, modesOf, openTerminal }, { runTui }] = await Promise.all([import("@skein/term"), import("@skein/tui")])
  const terminal = openTerminal()
  if (terminal === undefined) return (await import("./lines.ts")).resume(call, which)
  const left = await runTui({
    terminal,
    facts: environmentFacts(io.env),
    modes: modesOf(),
    env: io.env,
  })
  return 0
}
