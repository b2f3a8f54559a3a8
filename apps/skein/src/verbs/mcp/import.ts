import { keepServer } from "@skein/config"
import { jsonPage } from "@skein/protocol"
import { withHost } from "../../session/host.ts"
import { oneLine } from "../../tell/visible.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"
import { ownFile } from "./add.ts"

const PROGRAMS = ["claude", "codex", "cursor", "vscode"]

/** `skein mcp import claude`: copies of what those programs have, in the person's own files alone; none that has a name already. */
export const run: Run = (call) =>
  withHost(call, async ({ call: { io, flags, words }, host }) => {
    const unknown = words.find((word) => !PROGRAMS.includes(word))
    if (unknown !== undefined)
      throw new UsageError(`Servers are taken over from ${PROGRAMS.join(", ")}, not from ${JSON.stringify(unknown)}.`)
    const found = await host.mcp.imported(words.length === 0 ? PROGRAMS : words)
    const file = ownFile(host)
    const known = host.config.values.mcp.servers
    const added = found.filter(({ name }) => !(name in known))
    for (const { name, entry } of added) keepServer(file, name, entry)
    const left = found.filter(({ name }) => name in known).map(({ name }) => name)
    if (flags.has("json")) io.out(jsonPage({ file, added: added.map(({ name }) => name), left }))
    else {
      for (const { name, from } of added) io.out(`added   ${oneLine(name)}   from ${oneLine(from)}`)
      if (left.length > 0) io.err(`note    Left as they are, ${oneLine(file)} has them: ${left.join(", ")}.`)
      if (found.length === 0) io.err("note    There are none to take over.")
    }
    return 0
  })
