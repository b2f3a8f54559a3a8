/** What the first bytes of a tunnel are. */
export type Opening =
  | { readonly kind: "more" }
  /** No TLS, or nothing in it that names a host. */
  | { readonly kind: "unnamed" }
  /** The host that TLS asks for (SNI), in lower case. */
  | { readonly kind: "named"; readonly host: string }
  | { readonly kind: "malformed" }

const HANDSHAKE = 22
const CLIENT_HELLO = 1
const SERVER_NAME = 0
const RECORD_HEAD = 5

/** Longer than any real one, also with post-quantum keys. */
export const OPENING_BYTES_MAX = 16 * 1024

/** Reads the name in a TLS ClientHello, across its records. Says `more` until it is whole. */
export function openingOf(bytes: Uint8Array): Opening {
  if (bytes.length === 0) return { kind: "more" }
  if (bytes[0] !== HANDSHAKE) return { kind: "unnamed" }
  const hello = handshakeOf(bytes)
  if (hello === undefined) return bytes.length > OPENING_BYTES_MAX ? { kind: "malformed" } : { kind: "more" }
  if (hello === "malformed" || hello[0] !== CLIENT_HELLO) return { kind: "malformed" }
  return nameIn(reader(hello.subarray(4))) ?? { kind: "malformed" }
}

/** The first handshake message, put together from its records; undefined while it is not whole. */
function handshakeOf(bytes: Uint8Array): Uint8Array | "malformed" | undefined {
  const parts: Uint8Array[] = []
  for (let at = 0; at + RECORD_HEAD <= bytes.length; ) {
    const length = number(bytes, at + 3, 2)
    if (bytes[at] !== HANDSHAKE || bytes[at + 1] !== 3 || length === 0) return "malformed"
    parts.push(bytes.subarray(at + RECORD_HEAD, at + RECORD_HEAD + length))
    at += RECORD_HEAD + length
  }
  const found = Buffer.concat(parts)
  const size = found.length < 4 ? Number.POSITIVE_INFINITY : 4 + number(found, 1, 3)
  return found.length < size ? undefined : found.subarray(0, size)
}

/** Undefined when it cannot be read. */
function nameIn(hello: Reader): Opening | undefined {
  hello.skip(2 + 32)
  hello.skip(hello.number(1))
  hello.skip(hello.number(2))
  hello.skip(hello.number(1))
  if (hello.left() === 0) return { kind: "unnamed" }
  const extensions = hello.part(hello.number(2))
  let found: Opening = { kind: "unnamed" }
  while (extensions.left() > 0) {
    const type = extensions.number(2)
    const extension = extensions.part(extensions.number(2))
    if (type !== SERVER_NAME) continue
    const names = extension.part(extension.number(2))
    const isHostName = names.number(1) === 0
    const host = Buffer.from(names.bytes(names.number(2))).toString("latin1")
    // Two names, or one after the name: whoever reads only one of them is misled.
    if (!isHostName || names.left() > 0 || extension.left() > 0 || found.kind === "named") return undefined
    found = { kind: "named", host: host.toLowerCase().replace(/\.$/, "") }
  }
  return hello.isBroken() ? undefined : found
}

interface Reader {
  number(size: number): number
  bytes(size: number): Uint8Array
  part(size: number): Reader
  skip(size: number): void
  left(): number
  /** It, or a part of it, was asked for more than there is. */
  isBroken(): boolean
}

function reader(bytes: Uint8Array, whole = { isBroken: false }): Reader {
  let at = 0
  const take = (size: number) => {
    if (at + size > bytes.length) whole.isBroken = true
    const taken = bytes.subarray(at, at + size)
    at = Math.min(bytes.length, at + size)
    return taken
  }
  return {
    number: (size) => number(take(size), 0, size),
    bytes: take,
    part: (size) => reader(take(size), whole),
    skip: (size) => void take(size),
    left: () => bytes.length - at,
    isBroken: () => whole.isBroken,
  }
}

function number(bytes: Uint8Array, at: number, size: number): number {
  let value = 0
  for (let index = 0; index < size; index++) value = value * 256 + (bytes[at + index] ?? 0)
  return value
}
