import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { dirname, resolve } from "node:path"
import { jsonPage, SkeinError } from "@skein/protocol"
import { withHost } from "../../session/host.ts"
import type { Run } from "../../verb.ts"
import { skeleton } from "./skeleton/skeleton.ts"
import { oneWord } from "./told.ts"

const NAME = /^[a-z0-9][a-z0-9-]{0,63}$/

/** `skein plugin make <name>`: a folder with a plugin that works as it is. Nothing is overwritten. */
export const run: Run = (call) =>
  withHost(call, async ({ call: own, cwd }) => {
    const name = oneWord(own, "new plugin")
    if (!NAME.test(name))
      throw new SkeinError("op.invalid", `${JSON.stringify(name)} is no name of small letters, digits and -.`)
    const folder = resolve(cwd, name)
    if (existsSync(folder)) throw new SkeinError("op.invalid", `${folder} is there already.`)
    const files = Object.entries(skeleton(name, own.flags.has("extension")))
    for (const [path, content] of files) {
      const file = resolve(folder, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content, { flag: "wx" })
    }
    if (own.flags.has("json")) own.io.out(jsonPage({ folder, files: files.map(([path]) => path) }))
    else for (const [path] of files) own.io.out(`${name}/${path}`)
    own.io.err(`note    Try it: skein --plugin-dir ${name}`)
    if (own.flags.has("extension"))
      own.io.err(`note    See what it declares, again with every change: skein plugin dev --watch ${name}`)
    return 0
  })
