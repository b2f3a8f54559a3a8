import { serveAppServer } from "@skein/codex"
import { compose } from "@skein/host"
import { appServerRequest } from "../exec/request.ts"
import { startModel } from "../session/open.ts"
import { readImage } from "../session/prompt.ts"
import { Blocked } from "../usage.ts"
import type { Run } from "../verb.ts"
import { VERSION } from "../version.ts"

/** `skein app-server`: driven over stdin and stdout by a client of Codex's app-server protocol, until it closes its end. */
export const run: Run = async ({ flags, io }) => {
  const listen = flags.text("listen") ?? "stdio://"
  if (listen !== "stdio://") {
    throw new Blocked(
      `Listening on ${listen} is not available in this version: leave out --listen, which means stdio://.`,
    )
  }
  const { request, notes } = appServerRequest(flags, io)
  const host = compose(request)
  for (const note of [...notes, ...host.warnings]) io.err(`warning: ${note}`)
  const stop = io.onSignal((signal) => process.exit(signal === "SIGTERM" ? 143 : 130))
  try {
    await serveAppServer({
      engine: host.engine,
      input: io.inputLines(),
      write: (line) => io.out(line),
      options: {
        version: VERSION,
        cwd: request.cwd,
        home: host.directories.data,
        settings: host.settings,
        platform: process.platform === "darwin" ? "macos" : process.platform,
        clientId: `cli_${crypto.randomUUID()}`,
        now: Date.now,
        readImage,
        startModel: (cwd) => startModel(host, cwd),
        warn: (text) => io.err(`skein: ${text}`),
      },
    })
    return 0
  } finally {
    stop()
    await host.close()
  }
}
