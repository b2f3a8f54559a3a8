import { asObject, type Json } from "@skein/protocol/json"
import type { TrustedAs } from "./found.ts"

/** A server as it stands in a file, not yet understood. */
export interface RawServer {
  readonly name: string
  readonly value: unknown
  /** How the inventory of a folder names it. */
  readonly item: TrustedAs
}

/** Keys under which programs keep servers by name. */
const GROUPS = ["mcpServers", "mcp_servers", "servers"] as const

/**
 * The servers of a file, in whichever of the forms in use: `mcpServers`, `mcp_servers`, `servers`, `mcp.servers`, or names at
 * the root of a file that is about nothing else.
 */
export function rawServers(tree: Json, { isWhole }: { readonly isWhole: boolean }): readonly RawServer[] {
  const groups = GROUPS.flatMap((key) => {
    const group = asObject(tree[key])
    return group === undefined ? [] : entriesOf(group, (name, value) => bound(`${key}.${name}`, value))
  })
  const nested = asObject(asObject(tree.mcp)?.servers)
  // The inventory of a folder takes what lies below `mcp` as one.
  const inner = nested === undefined ? [] : entriesOf(nested, () => bound("mcp.servers", nested))
  const found = [...groups, ...inner]
  if (found.length > 0 || !isWhole || GROUPS.some((key) => key in tree) || "mcp" in tree) return found
  const servers = Object.fromEntries(Object.entries(tree).filter(([, value]) => isServer(value)))
  return entriesOf(servers, (name, value) => bound(name, value))
}

function entriesOf(group: Json, itemOf: (name: string, value: unknown) => TrustedAs): readonly RawServer[] {
  return Object.entries(group).map(([name, value]) => ({ name, value, item: itemOf(name, value) }))
}

function bound(place: string, value: unknown): TrustedAs {
  return { place, sha256: sha256(JSON.stringify(value) ?? "") }
}

function isServer(value: unknown): boolean {
  const server = asObject(value)
  return (
    server !== undefined && ["command", "url", "httpUrl", "serverUrl"].some((key) => typeof server[key] === "string")
  )
}

/** Hex. */
export function sha256(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text).digest("hex")
}
