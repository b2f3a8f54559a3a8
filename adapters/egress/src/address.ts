/** An IP address in its one plain form: `93.184.215.14`, `2001:db8::1`. */
export interface Address {
  readonly text: string
  /** 4 or 16. */
  readonly bytes: readonly number[]
}

/**
 * `public`: anyone's. `private`: this machine or its networks. `special`: link-local, where clouds hand out credentials,
 * multicast, reserved, or a form that carries another address: no name may ever lead there.
 */
export type AddressKind = "public" | "private" | "special"

/**
 * The address that a text is. Only plain spellings: four decimal numbers, or an IPv6 address without a zone, whose mapped
 * IPv4 address is that address. Undefined for everything else; a name is no address.
 */
export function addressOf(text: string): Address | undefined {
  const four = ipv4(text)
  if (four !== undefined) return { text, bytes: four }
  if (!/^[0-9a-f:.]{2,45}$/i.test(text) || !text.includes(":") || !URL.canParse(`http://[${text}]/`)) return undefined
  const plain = new URL(`http://[${text}]/`).hostname.slice(1, -1)
  const bytes = groups(plain).flatMap((group) => [group >> 8, group & 0xff])
  if (bytes.length !== 16) return undefined
  return isBelow(bytes, MAPPED, 96) ? ipv4Address(bytes.slice(12)) : { text: plain, bytes }
}

export function kindOf(address: Address): AddressKind {
  const { bytes } = address
  if (bytes.length === 4) {
    if (CLOUD.has(address.text)) return "special"
    if (PRIVATE_4.some(([prefix, bits]) => isBelow(bytes, prefix, bits))) return "private"
    return SPECIAL_4.some(([prefix, bits]) => isBelow(bytes, prefix, bits)) ? "special" : "public"
  }
  if (CLOUD.has(address.text)) return "special"
  if (address.text === "::1" || isBelow(bytes, [0xfc], 7)) return "private"
  // Networks that reach IPv4 by a prefix: what counts is the address behind it.
  if (isBelow(bytes, NAT64, 96)) return kindOf(ipv4Address(bytes.slice(12)))
  const isGlobal = isBelow(bytes, [0x20], 3)
  return isGlobal && !SPECIAL_6.some(([prefix, bits]) => isBelow(bytes, prefix, bits)) ? "public" : "special"
}

type Range = readonly [prefix: readonly number[], bits: number]

/** Where clouds answer with a machine's credentials. The rest of them is link-local. */
const CLOUD: ReadonlySet<string> = new Set([
  ...["100.100.100.200", "168.63.129.16", "192.0.0.192"],
  ...["fd00:ec2::254", "fd20:ce::254"],
])

const PRIVATE_4: readonly Range[] = [
  [[10], 8],
  [[127], 8],
  [[172, 16], 12],
  [[192, 168], 16],
  // Shared by a carrier's customers.
  [[100, 64], 10],
  // For measurements; also what local tunnels hand out.
  [[198, 18], 15],
]

const SPECIAL_4: readonly Range[] = [
  [[0], 8],
  [[169, 254], 16],
  [[192, 0, 0], 24],
  [[192, 0, 2], 24],
  [[192, 88, 99], 24],
  [[198, 51, 100], 24],
  [[203, 0, 113], 24],
  [[224], 3],
]

/** Of 2000::/3: what carries other addresses, and what is for documents. */
const SPECIAL_6: readonly Range[] = [
  [[0x20, 0x01, 0x00], 23],
  [[0x20, 0x01, 0x0d, 0xb8], 32],
  [[0x20, 0x02], 16],
  [[0x3f, 0xff, 0x00], 20],
]

const MAPPED: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
const NAT64: readonly number[] = [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]

function isBelow(bytes: readonly number[], prefix: readonly number[], bits: number): boolean {
  for (let bit = 0; bit < bits; bit += 8) {
    const mask = 0xff & (0xff << Math.max(0, 8 - (bits - bit)))
    if (((bytes[bit / 8] ?? 0) & mask) !== ((prefix[bit / 8] ?? 0) & mask)) return false
  }
  return true
}

function ipv4(text: string): readonly number[] | undefined {
  const parts = text.split(".")
  const numbers = parts.map((part) => (/^(0|[1-9]\d{0,2})$/.test(part) ? Number(part) : 256))
  return parts.length === 4 && numbers.every((number) => number < 256) ? numbers : undefined
}

function ipv4Address(bytes: readonly number[]): Address {
  return { text: bytes.join("."), bytes }
}

/** The eight numbers of an address as URL prints it. */
function groups(plain: string): readonly number[] {
  const [head = "", tail] = plain.split("::")
  const before = head === "" ? [] : head.split(":")
  const after = tail === undefined || tail === "" ? [] : tail.split(":")
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  return [...before, ...Array.from({ length: zeros }, () => "0"), ...after].map((group) => Number.parseInt(group, 16))
}
