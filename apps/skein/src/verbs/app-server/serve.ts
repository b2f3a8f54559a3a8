import { serveAppServer } from "@skein/codex"
import { compose } from "@skein/host"
import { addressOf } from "../../app-server/address.ts"
import { serveSockets } from "../../app-server/serve-sockets.ts"
import { serverOptions } from "../../app-server/server-options.ts"
import { socketAuth } from "../../app-server/socket-auth.ts"
import { appServerRequest } from "../../exec/request.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"

/** `skein app-server`: driven by clients of Codex's app-server protocol, over our own streams until these close, or a socket. */
export const run: Run = async ({ flags, io }) => {
  const { request, notes } = appServerRequest(flags, io)
  const auth = await socketAuth(flags)
  const host = compose(request)
  try {
    const place = { cwd: request.cwd, data: host.directories.data }
    const address = flags.has("stdio")
      ? ({ kind: "stdio" } as const)
      : addressOf(flags.text("listen") ?? "stdio://", place)
    if (address.kind === "off") {
      throw new UsageError(
        "There is no transport: --listen off leaves nobody to serve. Use stdio://, unix:// or ws://IP:PORT.",
      )
    }
    for (const note of [...notes, ...host.warnings]) io.err(`warning: ${note}`)
    const optionsOf = serverOptions(host, request, io)
    if (address.kind !== "stdio") return await serveSockets({ engine: host.engine, address, auth, optionsOf, io })
    const stop = io.onSignal((signal) => process.exit(signal === "SIGTERM" ? 143 : 130))
    try {
      const write = (line: string) => io.out(line)
      await serveAppServer({ engine: host.engine, input: io.inputLines(), write, options: optionsOf() })
      return 0
    } finally {
      stop()
    }
  } finally {
    await host.close()
  }
}
