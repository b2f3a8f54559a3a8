import { join } from "node:path"
import { keepSetting } from "@skein/config"
import type { Host } from "@skein/host"
import { type Engine, nameMatches } from "@skein/protocol"
import { withHost } from "../../session/host.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"

/** `skein tools disable`: no model has these any more, wherever skein runs. */
export const disable: Run = (call) =>
  withHost(call, async ({ call: { io, words }, engine, host }) => {
    const patterns = await meant(words, engine)
    const kept = host.config.values.tools.disable
    const all = [...new Set([...kept, ...patterns])]
    keep(host, "disable", all)
    io.out(`off     ${patterns.join(", ")}   (tools.disable of ${fileOf(host)})`)
    return 0
  })

/** `skein tools enable`: takes back what `disable` did, and joins a list of the only ones there are. */
export const enable: Run = (call) =>
  withHost(call, async ({ call: { io, words }, engine, host }) => {
    const patterns = await meant(words, engine)
    const { disable: off, enable: only } = host.config.values.tools
    const left = off.filter((each) => !patterns.some((pattern) => pattern === each || nameMatches(pattern, each)))
    if (left.length < off.length) keep(host, "disable", left)
    if (only !== undefined) keep(host, "enable", [...new Set([...only, ...patterns])])
    const holding = left.filter((each) => patterns.some((pattern) => nameMatches(each, pattern)))
    for (const each of holding) io.err(`note    ${each} still turns some of them off: skein tools enable '${each}'.`)
    io.out(`on      ${patterns.join(", ")}   (${fileOf(host)})`)
    return 0
  })

/** The names and globs, each of which means a tool. */
async function meant(words: readonly string[], engine: Engine): Promise<readonly string[]> {
  if (words.length === 0) throw new UsageError("Name tools, or a glob as 'web*'. skein tools list names all.")
  const tools = await engine.ask({ type: "tools.list" })
  const vain = words.filter((word) => !tools.some(({ name }) => nameMatches(word, name)))
  // Tools of servers come and go: a glob may be meant for those that are not there now.
  const unknown = vain.filter((word) => !word.includes("*"))
  if (unknown.length > 0) throw new UsageError(`There is no tool ${unknown.join(", ")}. skein tools list names all.`)
  return words
}

function fileOf(host: Host): string {
  return join(host.directories.config, "config.toml")
}

function keep(host: Host, key: "enable" | "disable", names: readonly string[]): void {
  keepSetting(fileOf(host), "tools", key, names)
}
