/**
 * What a setting or a rule may name of the network, in its one form: `example.com`, `*.example.com` for all below it, an
 * address as `192.0.2.1` or `[2001:db8::1]`; each with `:port` for that one alone. In lower case, without a final dot.
 * Undefined for everything else: a URL, a name and password, a bare `*`, a name that is not ASCII (write it as `xn--…`).
 */
export function hostPattern(text: string): string | undefined {
  const found = /^(\*\.)?(\[[0-9a-f:]{2,39}\]|[a-z0-9_.-]+?)\.?(?::([1-9]\d{0,4}))?$/.exec(text.trim().toLowerCase())
  if (found === null) return undefined
  const [, below = "", host = "", port] = found
  if (port !== undefined && Number(port) > 65_535) return undefined
  const isAddress = host.startsWith("[") || /(^|\.)(\d+|0x[0-9a-f]*)$/.test(host)
  if (isAddress ? below !== "" || !isPlainAddress(host) : !isName(host)) return undefined
  return `${below}${host}${port === undefined ? "" : `:${port}`}`
}

function isName(host: string): boolean {
  return host.length <= 253 && host.split(".").every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label))
}

/** Spellings that only some programs read as an address are none. */
function isPlainAddress(host: string): boolean {
  if (host.startsWith("[")) return host.includes(":")
  const numbers = host.split(".").map((part) => (/^(0|[1-9]\d{0,2})$/.test(part) ? Number(part) : 256))
  return numbers.length === 4 && numbers.every((number) => number < 256)
}
