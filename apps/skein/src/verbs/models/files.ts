import { resolve } from "node:path"
import { compose, type LocalModel } from "@skein/host"
import { SkeinError } from "@skein/protocol"
import { hostRequest } from "../../session/request.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"
import { bytesSaid } from "./progress.ts"

/** `skein models add <file.gguf>`. */
export const add: Run = async ({ flags, words, io }) => {
  const [file, more] = words
  if (file === undefined || more !== undefined) throw new UsageError("Name one file: skein models add model.gguf")
  const host = compose(hostRequest(flags, io))
  try {
    const local = await host.localModels()
    const model = await local.add(resolve(io.cwd, file), flags.text("sha256"))
    for (const line of added(model, local.runtime.folder !== undefined)) io.out(line)
    return 0
  } finally {
    await host.close()
  }
}

/** `skein models rm <name>`. */
export const remove: Run = async ({ flags, words, io }) => {
  const [given, more] = words
  if (given === undefined || more !== undefined) throw new UsageError("Name one model: skein models rm local/name")
  const host = compose(hostRequest(flags, io))
  try {
    const name = given.replace(/^local\//, "")
    if (!(await (await host.localModels()).remove(name))) {
      throw new SkeinError(
        "model.unknown",
        `There is no local model ${name}. "skein models local" lists those there are.`,
      )
    }
    io.out(`local/${name} is gone`)
    return 0
  } finally {
    await host.close()
  }
}

/** What a person should know of a model they just got. */
export function added({ name, bytes, sha256, head }: LocalModel, hasRuntime: boolean): readonly string[] {
  const window = head?.contextTokens === undefined ? "" : `, window up to ${head.contextTokens} tokens`
  return [
    `local/${name}: ${head?.architecture ?? "?"}, ${bytesSaid(bytes)}${window}`,
    `sha256 ${sha256}`,
    hasRuntime
      ? `Ask it: skein --model local/${name}`
      : `llama.cpp is not here yet: skein models runtime install. Then: skein --model local/${name}`,
  ]
}
