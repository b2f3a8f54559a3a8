import { visible } from "@skein/protocol"
import { withHost } from "../../session/host.ts"
import type { Run } from "../../verb.ts"
import { UNATTENDED } from "../print.ts"
import { exitCodeFor, lineOf, requested, textOf } from "./request.ts"

/** `skein tool shell`: one bounded run without a terminal. */
export const run: Run = (call) =>
  withHost(
    call,
    async ({ call: asking, host, cwd }) => {
      const { io, flags } = asking
      const made = await requested(asking, { host, cwd }, { name: "bash", input: { command: lineOf(asking) } })
      const { sessionId, outcome, settled } = made
      await made.done()
      const { exitCode, bytes, durationMs, confinement, callId } = settled
      if (flags.has("json")) {
        const output = visible(settled.forHuman?.body ?? textOf(settled))
        io.out(JSON.stringify({ outcome, sessionId, callId, exitCode, bytes, durationMs, confinement, output }))
      } else {
        io.out(visible(textOf(settled)))
        if (outcome === "pending_approval") io.err("note    --approved runs what a person would be asked about.")
      }
      return exitCodeFor(outcome, exitCode)
    },
    UNATTENDED,
  )
