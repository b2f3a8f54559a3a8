import { compose, type Host } from "@skein/host"
import type { Flags } from "../../flags.ts"
import type { Io } from "../../io.ts"
import { hostRequest } from "../../session/request.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"
import { added } from "./files.ts"
import { withProgress } from "./progress.ts"

/** `skein models pull <address | ollama/name>`. */
export const pull: Run = async ({ flags, words, io }) => {
  const [from, more] = words
  // A word alone may be a file's name at a hub, an Ollama's model or an alias: nobody can tell which was meant.
  if (from === undefined || more !== undefined || !from.includes("/")) {
    throw new UsageError(
      "Name what to get: skein models pull https://…/model.gguf, hf:owner/repo/file.gguf or ollama/name",
    )
  }
  const host = compose(hostRequest(flags, io))
  try {
    return await (/^(?:https?|hf):/.test(from) ? pullFile(host, { from, flags, io }) : pullServed(host, { from, io }))
  } finally {
    await host.close()
  }
}

async function pullFile(host: Host, { from, flags, io }: { from: string; flags: Flags; io: Io }): Promise<number> {
  const local = await host.localModels()
  const sha256 = flags.text("sha256")
  const model = await withProgress(io, from, (how) => local.pull(from, { ...how, sha256 }))
  for (const line of added(model, local.runtime.folder !== undefined)) io.out(line)
  return 0
}

/** The server gets it, and says how far it is. */
async function pullServed(host: Host, { from, io }: { from: string; io: Io }): Promise<number> {
  const name = host.models.resolve(from)
  await withProgress(io, name, (how) => host.models.pull(name, how))
  io.out(`${name} is there. Ask it: skein --model ${name}`)
  return 0
}
