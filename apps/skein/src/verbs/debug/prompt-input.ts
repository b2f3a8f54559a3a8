import { locate } from "@skein/host"
import { jsonPage } from "@skein/protocol"
import { withHost } from "../../session/host.ts"
import { promptOf } from "../../session/prompt.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"

/** `skein debug prompt-input`: the part of a first request that is this person's and this folder's, word for word. */
export const run: Run = async (call) => {
  const { words, rest, flags, io } = call
  const input = await promptOf([...words, ...rest], flags, io)
  if (input === undefined) throw new UsageError("No prompt: give one as words, or pipe it in.")
  return withHost(call, async ({ host, cwd, call: told }) => {
    const { path } = await locate(cwd)
    const { settings } = host
    const { sections } = await host.sources.report({ cwd: path, roots: [path, ...settings.extraRoots] })
    const { model, effort, verbosity, webSearch } = settings
    const system = sections.map(({ source, path: file, text }) => ({ source, path: file, text }))
    told.io.out(jsonPage({ model, effort, verbosity, webSearch, system, input }))
    return 0
  })
}
