import type { Host } from "@skein/host"
import { type McpServerInfo, SkeinError } from "@skein/protocol"
import { oneLine } from "../../tell/visible.ts"
import { UsageError } from "../../usage.ts"

/** The servers of a folder, or those that are named. Throws SkeinError that names those there are. */
export async function serversNamed(
  { mcp }: Pick<Host, "mcp">,
  cwd: string,
  words: readonly string[],
): Promise<readonly McpServerInfo[]> {
  const all = await mcp.servers({ cwd })
  const unknown = words.find((word) => !all.some(({ name }) => name === word))
  if (unknown !== undefined) {
    const there = all.length === 0 ? NONE : `There are ${all.map(({ name }) => oneLine(name)).join(", ")}.`
    throw new SkeinError("op.invalid", `There is no MCP server ${JSON.stringify(unknown)} here. ${there}`)
  }
  return words.length === 0 ? all : all.filter(({ name }) => words.includes(name))
}

/** Exactly one. Throws UsageError. */
export async function oneServer(
  host: Pick<Host, "mcp">,
  cwd: string,
  words: readonly string[],
): Promise<McpServerInfo> {
  const [name, ...more] = words
  if (name === undefined || more.length > 0) throw new UsageError("Name one server. skein mcp list names all.")
  const [server] = await serversNamed(host, cwd, [name])
  if (server === undefined) throw new Error("A name that is known has a server")
  return server
}

export const NONE = "No MCP server is configured here: skein mcp add <name> -- <command>, or --url <url>."

/** Connected, or why it is not. */
export async function connected(
  { mcp }: Pick<Host, "mcp">,
  cwd: string,
  server: McpServerInfo,
): Promise<McpServerInfo> {
  try {
    return await mcp.control(server.name, "connect", { cwd })
  } catch (error) {
    if (!(error instanceof SkeinError)) throw error
    const now = (await mcp.servers({ cwd })).find(({ name }) => name === server.name) ?? server
    return { ...now, message: now.message ?? error.message }
  }
}
