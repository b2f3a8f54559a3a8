import { serveAcp } from "@skein/acp"
import { compose } from "@skein/host"
import { startModel } from "../session/open.ts"
import { hostRequest } from "../session/request.ts"
import type { Run } from "../verb.ts"
import { VERSION } from "../version.ts"

/** Driven over stdin and stdout by an editor, or any other client of the Agent Client Protocol. */
export const run: Run = async ({ flags, io }) => {
  const host = compose(hostRequest(flags, io))
  const stop = io.onSignal((signal) => process.exit(signal === "SIGTERM" ? 143 : 130))
  try {
    for (const warning of host.warnings) io.err(`note    ${warning}`)
    return await serveAcp({
      engine: host.engine,
      input: io.inputLines(),
      write: (line) => io.out(line),
      options: {
        version: VERSION,
        startModel: (cwd) => startModel(host, cwd),
        extraRoots: host.settings.extraRoots,
        warn: (text) => io.err(`skein: ${text}`),
      },
    })
  } finally {
    stop()
    await host.close()
  }
}
