import { groupsOf } from "./name.ts"

/**
 * Why a host is this machine, its network or its provider's, as far as its name tells; undefined for a public one. In its
 * plain form. Addresses by the IANA special-purpose registries, RFC 6890.
 */
export function privacyOf(host: string): string | undefined {
  if (host.includes(":")) return privacyOf6(host)
  const parts = host.split(".")
  if (parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part))) return privacyOf4(parts.map(Number))
  if (host === "localhost" || host.endsWith(".localhost")) return "it is this machine"
  return PRIVATE_NAMES.some((name) => host === name.slice(1) || host.endsWith(name)) ? PRIVATE : undefined
}

const PRIVATE = "it is in a private network"
/** RFC 6761, RFC 6762, RFC 8375, and what clouds and clusters use for themselves. */
const PRIVATE_NAMES = [".local", ".internal", ".home.arpa", ".lan", ".corp", ".intranet", ".cluster.local", ".onion"]

/** Where clouds answer with a machine's credentials, outside of the link-local range. */
const CLOUD: ReadonlySet<string> = new Set(["100.100.100.200", "168.63.129.16", "192.0.0.192"])

function privacyOf4([a = 0, b = 0, c = 0, d = 0]: readonly number[]): string | undefined {
  if (CLOUD.has([a, b, c, d].join("."))) return "it tells a cloud machine's secrets"
  if (a === 127) return "it is this machine"
  if (a === 169 && b === 254) return d === 254 && c === 169 ? "it tells a cloud machine's secrets" : "it is link-local"
  if (a === 0 || a >= 224) return "it is no address of one machine"
  const isPrivate =
    a === 10 ||
    (a === 100 && b >= 64 && b < 128) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 192 && b === 0 && c === 0) ||
    (a === 198 && (b === 18 || b === 19))
  return isPrivate ? PRIVATE : undefined
}

function privacyOf6(host: string): string | undefined {
  const groups = groupsOf(host)
  if (groups === undefined) return "it is no address that can be understood"
  const [first = 0] = groups
  if (groups.slice(0, 7).every((group) => group === 0)) return "it is this machine"
  if ((first & 0xffc0) === 0xfe80) return "it is link-local"
  if ((first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfec0) return PRIVATE
  return (first & 0xff00) === 0xff00 ? "it is no address of one machine" : undefined
}
