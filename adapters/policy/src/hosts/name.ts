import type { NetworkTarget } from "@skein/core/ports"

/**
 * A host in its one plain form: lower case, without a final dot, letters of other scripts as `xn--`, every spelling of an
 * address as the address. Undefined for what is no host: control characters, user names, paths, nothing.
 */
export function plainHost(text: string): string | undefined {
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text
  if (bare === "" || bare.length > HOST_CHARS_MAX || /[\s/\\@?#%<>^|\p{Cc}\p{Cf}]/u.test(bare)) return undefined
  const isAddress6 = bare.includes(":")
  const url = URL.parse(`http://${isAddress6 ? `[${bare}]` : bare}/`)
  if (url === null || url.port !== "" || url.username !== "") return undefined
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "")
  return host === "" ? undefined : (address4In(host) ?? host)
}

/** RFC 1035, 2.3.4, with room for brackets. */
const HOST_CHARS_MAX = 255

/** `host`, `host:port`, `[v6]:port`, a bare v6. Undefined when it is none of these. */
export function targetOf(text: string, portOtherwise = 443): NetworkTarget | undefined {
  const { name, port = portOtherwise } = parted(text)
  const host = plainHost(name)
  return host === undefined || port > 65_535 ? undefined : { host, port }
}

export function parted(text: string): { readonly name: string; readonly port?: number } {
  const colons = text.match(/:/g)?.length ?? 0
  const [, name, port] = (colons > 1 ? /^\[([^\]]*)\](?::(\d{1,5}))?$/ : /^([^:]*)(?::(\d{1,5}))?$/).exec(text) ?? []
  if (name === undefined) return { name: text }
  return port === undefined ? { name } : { name, port: Number(port) }
}

/** The IPv4 address that an IPv6 address stands for: mapped, compatible, NAT64 (RFC 6052) and 6to4 (RFC 3056). */
function address4In(host: string): string | undefined {
  if (!host.includes(":")) return undefined
  const groups = groupsOf(host)
  if (groups === undefined) return undefined
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = groups
  const isZeroTo5 = [a, b, c, d, e].every((group) => group === 0)
  if (isZeroTo5 && (f === 0xffff || (f === 0 && g !== 0))) return dotted(g, h)
  if (a === 0x64 && b === 0xff9b) return dotted(g, h)
  if (a === 0x2002) return dotted(b, c)
  return undefined
}

/** The eight groups of an IPv6 address in the form that a URL gives. */
export function groupsOf(host: string): readonly number[] | undefined {
  const [left = "", right] = host.split("::")
  const numbers = (part: string) => (part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16)))
  const [head, tail] = [numbers(left), right === undefined ? [] : numbers(right)]
  const gap = right === undefined ? [] : new Array<number>(Math.max(0, 8 - head.length - tail.length)).fill(0)
  const all = [...head, ...gap, ...tail]
  return all.length === 8 && all.every((group) => Number.isInteger(group)) ? all : undefined
}

function dotted(high: number, low: number): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join(".")
}
