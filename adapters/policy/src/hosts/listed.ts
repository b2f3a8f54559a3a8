import type { NetworkTarget } from "@skein/core/ports"
import { parted, plainHost } from "./name.ts"

/**
 * Whether an entry, `host` or `*.host`, either with `:port`, names this target. `*.host` is everything below it and not
 * the host itself. `literal`: named by itself, which is what a private address needs.
 */
export function listing(entry: string, { host, port }: NetworkTarget): "literal" | "below" | undefined {
  const { name, port: wanted } = parted(entry.trim())
  if (wanted !== undefined && wanted !== port) return undefined
  if (name === "*") return "below"
  if (!name.startsWith("*.")) return plainHost(name) === host ? "literal" : undefined
  const base = plainHost(name.slice(2))
  return base !== undefined && host.endsWith(`.${base}`) ? "below" : undefined
}
