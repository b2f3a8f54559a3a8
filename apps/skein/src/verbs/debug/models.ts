import { jsonPage } from "@skein/protocol"
import { withHost } from "../../session/host.ts"
import type { Run } from "../../verb.ts"

/**
 * `skein debug models [--bundled]`: every model with all that is known of it, as JSON. The servers of the person's own
 * providers are asked too, and left out where they do not answer; `--bundled` asks nobody.
 */
export const run: Run = (call) =>
  withHost(call, async ({ call: { flags, io }, engine }) => {
    io.out(jsonPage(await engine.ask({ type: "models.list", asksServers: !flags.has("bundled") })))
    return 0
  })
