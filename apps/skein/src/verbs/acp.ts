import { serveAcp } from "@skein/acp"
import { compose, type Host } from "@skein/host"
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
        logins: () => loginsOf(host),
        warn: (text) => io.err(`skein: ${text}`),
      },
    })
  } finally {
    stop()
    await host.close()
  }
}

/** Those that most people have a key of, beside all with accounts. */
const KEYS: ReadonlySet<string> = new Set(["anthropic", "openai", "google", "openrouter"])

/** As many as a person can choose from at a glance: `skein login` knows the others. */
function loginsOf(host: Host) {
  const { model } = host.config.values
  const own = model === undefined ? undefined : host.models.resolve(model).split("/")[0]
  return host.models.owners().flatMap(({ id, name, keyEnv, login }) => {
    const isAccount = login !== undefined
    const isChosen = isAccount || KEYS.has(id) || (id === own && keyEnv.length > 0)
    return isChosen ? [{ id, name, isAccount }] : []
  })
}
