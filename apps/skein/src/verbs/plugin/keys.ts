import { existsSync, readFileSync, statSync } from "node:fs"
import { jsonPage } from "@skein/protocol"
import { path } from "../../session/request.ts"
import { table } from "../../tell/table.ts"
import { oneLine } from "../../tell/visible.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"
import { oneWord, withPlugins } from "./told.ts"

const KEY_BYTES_MAX = 10_000

/** `skein plugin keys list`. */
export const run: Run = (call) =>
  withPlugins(call, async (plugins, { flags, io }) => {
    const keys = plugins.keys.list()
    if (flags.has("json")) io.out(jsonPage(keys))
    else if (keys.length === 0) io.out("No key is trusted. Add one: skein plugin keys add FILE.pub --name NAME")
    else
      for (const line of table(
        [{ head: "name" }, { head: "key" }],
        keys.map(({ name, id }) => [name, id]),
        await io.columns(),
      ))
        io.out(line)
    return 0
  })

export const add: Run = (call) =>
  withPlugins(call, async (plugins, own) => {
    const word = oneWord(own, "file or key")
    const file = path(word, own.io.cwd)
    const isFile = existsSync(file)
    if (isFile && statSync(file).size > KEY_BYTES_MAX) throw new UsageError(`${file} is too large for a key.`)
    const key = await plugins.keys.add(
      isFile ? readFileSync(file, "utf8") : word,
      nameOf(own.flags.text("name"), word, isFile),
    )
    own.io.out(
      own.flags.has("json")
        ? jsonPage(key)
        : oneLine(`Trusted: what ${key.id} signs is known as signed by ${key.name}.`),
    )
    return 0
  })

export const remove: Run = (call) =>
  withPlugins(call, async (plugins, own) => {
    const name = oneWord(own, "key")
    const isRemoved = await plugins.keys.remove(name)
    if (isRemoved)
      own.io.out(
        own.flags.has("json") ? jsonPage({ name, state: "removed" }) : oneLine(`Not trusted any more: ${name}.`),
      )
    else own.io.err(`skein: there is no key ${oneLine(name)}; see skein plugin keys list`)
    return isRemoved ? 0 : 1
  })

function nameOf(said: string | undefined, word: string, isFile: boolean): string {
  if (said !== undefined && said.trim() !== "") return said.trim()
  if (!isFile) throw new UsageError("Say whose key it is: --name NAME.")
  return (word.split("/").at(-1) ?? word).replace(/(\.pem)?(\.pub)?$/, "")
}
