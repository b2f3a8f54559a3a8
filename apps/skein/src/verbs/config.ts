import { compose } from "@skein/host"
import { jsonPage } from "@skein/protocol"
import { hostRequest } from "../session/request.ts"
import { UsageError } from "../usage.ts"
import type { Run } from "../verb.ts"

/** `skein config show [--origin]`: what holds, and where each value came from. Secrets are starred. */
export const run: Run = async ({ flags, words, io }) => {
  const [what = "show"] = words
  if (what !== "show")
    throw new UsageError(
      "skein config show prints the settings, and --origin where each came from. They are changed in config.toml (skein doctor names its folder), or for one run with -c key=value.",
    )
  const host = compose(hostRequest(flags, io))
  try {
    const rows = host.config.show().map((row) => ({ ...row, value: host.redact(row.value) }))
    for (const warning of host.config.warnings) io.err(`note    ${warning}`)
    if (flags.has("json")) {
      io.out(jsonPage(rows))
      return 0
    }
    const width = Math.max(...rows.map((row) => `${row.key} = ${row.value}`.length))
    for (const { key, value, origin } of rows) {
      const place = origin.file === undefined ? origin.layer : `${origin.layer}: ${origin.file}`
      io.out(flags.has("origin") ? `${`${key} = ${value}`.padEnd(width)}  # ${place}` : `${key} = ${value}`)
    }
    return 0
  } finally {
    await host.close()
  }
}
