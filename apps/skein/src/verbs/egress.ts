import type { EgressSum } from "@skein/host"
import { jsonPage } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import { newestSession, sessionNamed } from "../session/find.ts"
import { withHost } from "../session/host.ts"
import { counted, minute, size } from "../tell/amounts.ts"
import { sinceOf } from "../tell/since.ts"
import { table } from "../tell/table.ts"
import type { Run } from "../verb.ts"

/** `skein egress`: what left this machine through skein and its commands, and what was kept from leaving. */
export const run: Run = (call) =>
  withHost(call, async ({ host, engine, cwd }) => {
    const { flags, io } = call
    const named = flags.text("session")
    const last = flags.has("last") ? await newestSession(engine, { cwd, includesNonInteractive: true }) : undefined
    const sessionId = named === undefined ? last : await sessionNamed(engine, named)
    const sinceMs = sinceOf(flags.text("since"), "since", io.now())
    const which = { ...given("sessionId", sessionId), ...given("sinceMs", sinceMs) }
    const report = await host.egressReport(which)
    if (flags.has("json")) {
      io.out(jsonPage(report))
      return 0
    }
    for (const line of told(report.sums, await io.columns())) io.out(line)
    if (report.damaged > 0) io.err(`skein: ${counted(report.damaged, "line")} of the record could not be read.`)
    return 0
  })

const COLUMNS = [
  { head: "purpose" },
  { head: "destination", isFlexible: true },
  { head: "out", isRight: true },
  { head: "in", isRight: true },
  { head: "last" },
] as const

function told(sums: readonly EgressSum[], width: number): string[] {
  if (sums.length === 0) return ["Nothing left this machine."]
  const rows = (decision: EgressSum["decision"]) =>
    sums
      .filter((sum) => sum.decision === decision)
      .map(({ purpose, host, port, bytesOut, bytesIn, lastAt }) => [
        ...[purpose, `${host.includes(":") ? `[${host}]` : host}:${port}`],
        ...[size(bytesOut), size(bytesIn), minute(lastAt)],
      ])
  const [allowed, refused] = [rows("allowed"), rows("refused")]
  return [
    ...(allowed.length === 0 ? ["Nothing left this machine."] : table(COLUMNS, allowed, width)),
    ...(refused.length === 0 ? [] : ["", "Refused, so nothing of it left:", ...table(COLUMNS, refused, width)]),
  ]
}
