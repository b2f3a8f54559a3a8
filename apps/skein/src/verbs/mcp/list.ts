import { jsonPage, type McpServerInfo } from "@skein/protocol"
import { withHost } from "../../session/host.ts"
import { oneLine } from "../../tell/visible.ts"
import type { Run, VerbCall } from "../../verb.ts"
import { NONE, oneServer } from "./servers.ts"

/** `skein mcp list`: starts none. */
export const run: Run = (call) =>
  withHost(call, async ({ call: { io, flags }, host, cwd }) => {
    const servers = await host.mcp.servers({ cwd })
    if (flags.has("json")) io.out(jsonPage(servers))
    else if (servers.length === 0) io.err(`note    ${NONE}`)
    else for (const line of lines(servers)) io.out(line)
    return 0
  })

/** `skein mcp get x`. */
export const get: Run = (call) =>
  withHost(call, async ({ call: asking, host, cwd }) => {
    const server = await oneServer(host, cwd, asking.words)
    tell(server, asking)
    return 0
  })

/** `skein mcp reload`: what is read is what holds. A running session reads it again with its next turn. */
export const reload: Run = (call) =>
  withHost(call, async ({ call: { io, flags }, host, cwd }) => {
    const servers = await host.mcp.servers({ cwd })
    const usable = servers.filter(({ state }) => state !== "failed" && state !== "untrusted" && state !== "disabled")
    const told = { acknowledged: true, servers: servers.length, usable: usable.length }
    if (flags.has("json")) io.out(jsonPage(told))
    else
      io.out(`read    ${told.servers} MCP servers, ${told.usable} of them usable. Sessions read them with each turn.`)
    return 0
  })

export function lines(servers: readonly McpServerInfo[]): readonly string[] {
  const width = Math.max(...servers.map(({ name }) => oneLine(name).length))
  return servers.flatMap((server) => {
    const { name, state, target, message, tools, scope } = server
    const count = tools.length === 0 ? "" : tools.length === 1 ? "1 tool" : `${tools.length} tools`
    const head = `${oneLine(name).padEnd(width)}  ${state.padEnd(12)} ${scope.padEnd(7)} ${count.padEnd(9)} ${oneLine(target)}`
    return message === undefined ? [head.trimEnd()] : [head.trimEnd(), `${" ".repeat(width + 2)}${oneLine(message)}`]
  })
}

function tell(server: McpServerInfo, { io, flags }: VerbCall): void {
  if (flags.has("json")) {
    io.out(jsonPage(server))
    return
  }
  const { name, state, message, transport, target, scope, file, title, version, protocol } = server
  const rows: [string, string | undefined][] = [
    ["name", name],
    ["state", message === undefined ? state : `${state}: ${message}`],
    [transport === "stdio" ? "command" : "address", target === "" ? undefined : target],
    ["from", file === undefined ? scope : `${scope}, ${file}`],
    ["server", title === undefined ? undefined : `${title} ${version ?? ""}`],
    ["protocol", protocol],
    ["tools", server.tools.length === 0 ? undefined : server.tools.map((tool) => tool.name).join(", ")],
    ["prompts", server.promptsCount === 0 ? undefined : String(server.promptsCount)],
    ["resources", server.resourcesCount === 0 ? undefined : String(server.resourcesCount)],
    ["in a request", server.contextTokens === 0 ? undefined : `about ${server.contextTokens} tokens`],
  ]
  for (const [key, value] of rows) if (value !== undefined) io.out(`${key.padEnd(13)}${oneLine(value)}`)
}
