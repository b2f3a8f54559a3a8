import { compose } from "@skein/host"
import { hostRequest } from "../../session/request.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"
import { bytesSaid, withProgress } from "./progress.ts"

/** `skein models runtime status | install`. */
export const runtime: Run = async ({ flags, words, io }) => {
  const [what = "status", more] = words
  if (more !== undefined || (what !== "status" && what !== "install")) {
    throw new UsageError("Say which: skein models runtime status, or skein models runtime install")
  }
  const host = compose(hostRequest(flags, io))
  try {
    const { runtime: here } = await host.localModels()
    if (what === "status" || here.folder !== undefined) {
      io.out(statusOf(here))
      return here.folder === undefined ? 1 : 0
    }
    const folder = await withProgress(io, here.wanted?.name ?? "llama.cpp", here.install)
    io.out(`llama.cpp is in ${folder}`)
    return 0
  } finally {
    await host.close()
  }
}

interface Here {
  readonly folder: string | undefined
  readonly wanted: { readonly name: string; readonly version: string; readonly bytes: number } | undefined
}

function statusOf({ folder, wanted }: Here): string {
  if (folder !== undefined) return `llama.cpp is in ${folder}`
  if (wanted === undefined)
    return "There is no llama.cpp for this platform that skein could run; an Ollama can be asked instead."
  const { name, version, bytes } = wanted
  return `llama.cpp is not here. "skein models runtime install" gets ${name} ${version} from npm's registry (${bytesSaid(bytes)}).`
}
