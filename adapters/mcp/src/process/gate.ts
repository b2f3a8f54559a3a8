import type { NetworkGate, NetworkTarget } from "@skein/core/ports"
import type { Users } from "../connection/users.ts"

/** What a server's process may reach: what the settings name, and what whoever uses it last may say yes to. */
export function serverGate(name: string, hosts: readonly string[], users: Users): NetworkGate {
  return async (target, signal) => {
    const named = hosts.find((host) => isNamed(host, target))
    if (named !== undefined)
      return {
        isAllowed: true,
        reason: `The settings of the MCP server ${name} name ${named}.`,
        isPrivateAllowed: !named.includes("*"),
      }
    const network = users.newest((user) => user.network !== undefined)?.network
    if (network !== undefined) return users.whileAsking(network(target, signal))
    return {
      isAllowed: false,
      reason:
        `The MCP server ${name} may not reach ${target.host}:${target.port}: no call that could be asked about it uses ` +
        `the server now. Name the host in mcp_servers.${name}.network to allow it.`,
    }
  }
}

/** `host`, `*.host`, either with `:port`; `*` is any. */
function isNamed(pattern: string, { host, port }: NetworkTarget): boolean {
  const [, wanted = "", wantedPort] = /^(.*?)(?::(\d+))?$/.exec(pattern.toLowerCase()) ?? []
  if (wantedPort !== undefined && Number(wantedPort) !== port) return false
  if (wanted === "*") return true
  const plain = wanted.replace(/^\[(.*)\]$/, "$1")
  return plain.startsWith("*.") ? host.endsWith(plain.slice(1)) : host === plain
}
