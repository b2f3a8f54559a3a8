import { mkdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { jsonPage } from "@skein/protocol"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"
import { VERSION } from "../../version.ts"

/**
 * `skein debug schema [--openapi] [--out dir]`: skein's own protocol as JSON Schema, or its paths over HTTP as OpenAPI; with a
 * folder both, as files there.
 */
export const run: Run = async ({ flags, words, io }) => {
  if (words.length > 0) throw new UsageError(`debug schema takes no words, not ${JSON.stringify(words[0])}.`)
  const { openApi, protocolSchema } = await import("@skein/protocol/described")
  const dir = flags.text("out")
  if (dir === undefined) {
    io.out(jsonPage(flags.has("openapi") ? openApi(VERSION) : protocolSchema()))
    return 0
  }
  if (flags.has("openapi")) throw new UsageError("--out writes both descriptions: leave --openapi out.")
  await mkdir(dir, { recursive: true })
  for (const [name, document] of [
    ["skein.schema.json", protocolSchema()],
    ["openapi.json", openApi(VERSION)],
  ] as const) {
    await writeFile(join(dir, name), `${jsonPage(document)}\n`)
    io.err(`wrote ${join(dir, name)}`)
  }
  return 0
}
