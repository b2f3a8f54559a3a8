import { join } from "node:path"
import { dropServer, keepFile } from "@skein/config"
import { jsonPage, SkeinError } from "@skein/protocol"
import { asObject } from "@skein/protocol/json"
import { withHost } from "../../session/host.ts"
import { oneLine } from "../../tell/visible.ts"
import { UsageError } from "../../usage.ts"
import type { Run } from "../../verb.ts"
import { ownFile, projectServers } from "./add.ts"

/** `skein mcp remove x`: from skein's own settings, or else from `.mcp.json` of the folder. */
export const run: Run = (call) =>
  withHost(call, async ({ call: { io, flags, words }, host, cwd }) => {
    const [name, ...more] = words
    if (name === undefined || more.length > 0) throw new UsageError("Name one server: skein mcp remove git")
    const scope = flags.text("scope")
    const own = ownFile(host)
    const project = join(cwd, ".mcp.json")
    const from =
      scope !== "project" && dropServer(own, name)
        ? own
        : (scope === undefined || scope === "project") && dropFromProject(project, name)
          ? project
          : undefined
    if (from === undefined) throw await elsewhere(name, host.mcp.servers({ cwd }))
    if (flags.has("json")) io.out(jsonPage({ name, file: from }))
    else io.out(`removed ${oneLine(name)} from ${oneLine(from)}`)
    return 0
  })

function dropFromProject(file: string, name: string): boolean {
  const tree = projectServers(file)
  const { [name]: gone, ...others } = asObject(tree.mcpServers) ?? {}
  if (gone === undefined) return false
  keepFile(file, `${JSON.stringify({ ...tree, mcpServers: others }, undefined, 2)}\n`)
  return true
}

/** Files of other programs are theirs: they are read, and never written. */
async function elsewhere(
  name: string,
  servers: Promise<readonly { readonly name: string; readonly file?: string | undefined }[]>,
): Promise<SkeinError> {
  const there = (await servers).find((server) => server.name === name)
  const where =
    there?.file === undefined
      ? "skein mcp list shows those there are."
      : `It stands in ${there.file}: take it out there, or turn it off with [mcp_servers.${name}] enabled = false.`
  return new SkeinError("op.invalid", `No settings of skein here have a server ${JSON.stringify(name)}. ${where}`)
}
