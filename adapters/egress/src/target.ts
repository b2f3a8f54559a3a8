import type { NetworkTarget } from "@skein/core/ports"
import { addressOf } from "./address.ts"
import { malformed } from "./refusal.ts"

/**
 * The one reading of `host:port`, whose result is what is decided about, resolved and connected to. Throws Refusal for
 * everything that another program might read otherwise: names and passwords, escapes, control characters, numbers that
 * only some take for an address, zones, a port out of range.
 */
export function targetOf(authority: string, defaultPort: number | undefined): NetworkTarget {
  const bracketed = /^\[([^\]]*)\](?::(.*))?$/s.exec(authority)
  if (bracketed !== null) {
    const address = (bracketed[1] ?? "").includes(":") ? addressOf(bracketed[1] ?? "") : undefined
    if (address === undefined) throw malformed("The address in brackets is no plain IPv6 address.")
    return { host: address.text, port: portOf(bracketed[2], defaultPort) }
  }
  const at = authority.lastIndexOf(":")
  const name = at < 0 ? authority : authority.slice(0, at)
  return { host: nameOf(name), port: portOf(at < 0 ? undefined : authority.slice(at + 1), defaultPort) }
}

const NAME_CHARS_MAX = 253

/** Lower case, without its final dot, as `xn--` where it is not ASCII. */
function nameOf(raw: string): string {
  // Each of these separates something in some reader of addresses, or hides.
  if (/[\u0000-\u0020\u007f@%/\\?#:[\]<>^`{|}"]/.test(raw))
    throw malformed("The host holds a character that no host may hold.")
  const name = withoutDot(isAscii(raw) ? raw.toLowerCase() : ascii(raw))
  const labels = name.split(".")
  if (name.length > NAME_CHARS_MAX || !labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label)))
    throw malformed("The host is no name and no address.")
  // What ends in a number is an address to some readers, whatever stands before it.
  if (/^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? "")) {
    const address = addressOf(name)
    if (address === undefined) throw malformed("The host is a number that is no plain address: write it as 192.0.2.1.")
    return address.text
  }
  if (labels.some((label) => label.startsWith("xn--")) && unsound(name))
    throw malformed("The host is no valid international name.")
  return name
}

function withoutDot(name: string): string {
  return name.endsWith(".") ? name.slice(0, -1) : name
}

function isAscii(text: string): boolean {
  return !/[^\u0000-\u007f]/.test(text)
}

/** Bytes of a request's head came as one character each: they have to be UTF-8, and an international name. */
function ascii(raw: string): string {
  let name: string
  try {
    name = new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(raw, byteOf))
  } catch (_notText) {
    throw malformed("The host is no text.")
  }
  const host = URL.canParse(`http://${name}/`) ? new URL(`http://${name}/`).hostname : ""
  // Digits of other scripts make addresses that look like none.
  if (host === "" || addressOf(host) !== undefined) throw malformed("The host is no valid international name.")
  return host
}

function byteOf(character: string): number {
  const code = character.charCodeAt(0)
  return code > 0xff ? 0x20 : code
}

function unsound(name: string): boolean {
  return !URL.canParse(`http://${name}/`) || new URL(`http://${name}/`).hostname !== name
}

function portOf(text: string | undefined, defaultPort: number | undefined): number {
  if (text === undefined && defaultPort !== undefined) return defaultPort
  if (text === undefined || !/^[1-9]\d{0,4}$/.test(text) || Number(text) > 65_535)
    throw malformed("The port is no number from 1 to 65535.")
  return Number(text)
}

/** As it stands in a URL or a Host header. */
export function authorityOf({ host, port }: NetworkTarget, defaultPort: number): string {
  const name = host.includes(":") ? `[${host}]` : host
  return port === defaultPort ? name : `${name}:${port}`
}
