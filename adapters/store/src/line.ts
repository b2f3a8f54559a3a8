import { type DurableEvent, EVENT_VERSION } from "@skein/protocol"
import { crc32 } from "./checksum.ts"
import { type Upgrades, upgraded } from "./versions.ts"

/**
 * One event as one line: its JSON, whose last member is `"sum"`, the CRC-32 in hex of all bytes before that member.
 * The sum is the file's, not the event's: it is added on the way in and taken off on the way out.
 */
export class LineWriter {
  #bytes = Buffer.allocUnsafe(16 * 1024)
  /** Length with its newline and checksum of each line of the last call, in turn. */
  readonly lengths: number[] = []
  readonly sums: number[] = []

  /** The lines of these events, in one piece that is valid until the next call. */
  encode(events: readonly DurableEvent[]): Uint8Array {
    let used = 0
    this.lengths.length = 0
    this.sums.length = 0
    for (const event of events) {
      const start = used
      used = this.#add(JSON.stringify(event), start)
      this.lengths.push(used - start)
    }
    const lines = this.#bytes.subarray(0, used)
    if (this.#bytes.length > KEPT_BYTES_MAX) this.#bytes = Buffer.allocUnsafe(16 * 1024)
    return lines
  }

  #add(json: string, start: number): number {
    // A UTF-16 unit is at most three bytes of UTF-8.
    this.#reserve(start + json.length * 3 + TAIL_BYTES + 1)
    const end = start + this.#bytes.write(json, start, "utf8") - 1
    const sum = crc32(this.#bytes, start, end)
    this.sums.push(sum)
    return end + this.#bytes.write(`${TAIL_START}${hex(sum)}"}\n`, end, "latin1")
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(bytes, this.#bytes.length * 2))
    this.#bytes.copy(larger)
    this.#bytes = larger
  }
}

/**
 * No line is longer: what is, is no event but a file that something else made or a power cut filled with zeros, and to
 * look for its end would take as much memory.
 */
export const LINE_BYTES_MAX = 256 * 1024 * 1024
export const TOO_LONG = { kind: "damaged", reason: `it is longer than ${LINE_BYTES_MAX / 1024 / 1024} MB` } as const

/** What a line holds, or why it holds nothing. `damaged`: not the bytes that were written. */
export type Line =
  /** `sum` is its checksum; `version` the schema it was written in, where that is an older one. */
  | {
      readonly kind: "event"
      readonly event: DurableEvent
      readonly sum: number
      readonly version?: number | undefined
    }
  | { readonly kind: "damaged"; readonly reason: string }
  | { readonly kind: "misplaced"; readonly reason: string }
  | { readonly kind: "newer"; readonly reason: string }
  | { readonly kind: "older"; readonly reason: string }

/**
 * Decodes the line at [start, end), its newline left out, which must be event `seq` when that is given. The buffer is
 * the caller's to give: one byte of it changes, so a line decodes once.
 * No schema on this path: what this code wrote it takes back unchanged, and what it does not know it keeps.
 */
export function decodeLine(bytes: Buffer, start: number, end: number, seq?: number, upgrades?: Upgrades): Line {
  const bodyEnd = end - TAIL_BYTES
  if (bodyEnd <= start) return { kind: "damaged", reason: "it is too short" }
  const sum = sumAt(bytes, bodyEnd)
  if (sum === undefined) return { kind: "damaged", reason: "it has no checksum" }
  if (sum !== crc32(bytes, start, bodyEnd)) return { kind: "damaged", reason: "its checksum does not match" }
  bytes[bodyEnd] = 0x7d
  return parsed(bytes.toString("utf8", start, bodyEnd + 1), sum, seq, upgrades)
}

/** A JSON object as one line of the same make, for what is kept beside a log. */
export function sealed(value: object): string {
  const body = JSON.stringify(value).slice(0, -1)
  return `${body}${TAIL_START}${hex(crc32(new TextEncoder().encode(body)))}"}\n`
}

/** What `sealed` was given. Undefined when these are not the bytes it made. */
export function unsealed(bytes: Buffer): unknown {
  const bodyEnd = bytes.length - 1 - TAIL_BYTES
  if (bodyEnd <= 0 || bytes[bytes.length - 1] !== 0x0a) return undefined
  if (sumAt(bytes, bodyEnd) !== crc32(bytes, 0, bodyEnd)) return undefined
  bytes[bodyEnd] = 0x7d
  return JSON.parse(bytes.toString("utf8", 0, bodyEnd + 1))
}

function hex(sum: number): string {
  return sum.toString(16).padStart(8, "0")
}

const TAIL_START = ',"sum":"'
const TAIL_START_BYTES = new TextEncoder().encode(TAIL_START)
const TAIL_BYTES = TAIL_START.length + 8 + 2
/** A buffer that one large event made larger than this is let go again. */
const KEPT_BYTES_MAX = 1024 * 1024

/** The sum in the tail that starts here. Byte by byte: a string and a pattern for each line took half as long as parsing. */
function sumAt(bytes: Buffer, start: number): number | undefined {
  for (let at = 0; at < TAIL_START_BYTES.length; at++) {
    if (bytes[start + at] !== TAIL_START_BYTES[at]) return undefined
  }
  const digits = start + TAIL_START_BYTES.length
  if (bytes[digits + 8] !== 0x22 || bytes[digits + 9] !== 0x7d) return undefined
  let sum = 0
  for (let at = digits; at < digits + 8; at++) {
    const digit = hexDigit(bytes[at] ?? 0)
    if (digit < 0) return undefined
    sum = (sum << 4) | digit
  }
  return sum >>> 0
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  return code >= 0x61 && code <= 0x66 ? code - 0x57 : -1
}

function parsed(json: string, sum: number, seq: number | undefined, upgrades: Upgrades | undefined): Line {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (error) {
    return { kind: "damaged", reason: `it is no JSON (${error instanceof Error ? error.message : String(error)})` }
  }
  const version = versionOf(value)
  if (version === undefined || version >= EVENT_VERSION) return checked(value, sum, seq)
  const now = upgraded(value, version, upgrades)
  if (now === undefined)
    return { kind: "older", reason: `it has schema version ${version}, and this skein knows ${EVENT_VERSION}` }
  const line = checked(now, sum, seq)
  return line.kind === "event" ? { ...line, version } : line
}

function versionOf(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null || !("v" in value) || typeof value.v !== "number") return undefined
  return Math.trunc(value.v)
}

/** The envelope only, by hand: a schema here would cost more than all the rest of reading. */
function checked(value: unknown, sum: number, seq: number | undefined): Line {
  if (!isEvent(value)) return { kind: "misplaced", reason: "it is no event of a session" }
  if (Math.trunc(value.v) > EVENT_VERSION) {
    return { kind: "newer", reason: `it has schema version ${value.v}, and this skein knows ${EVENT_VERSION}` }
  }
  if (seq !== undefined && value.seq !== seq) {
    return { kind: "misplaced", reason: `it has seq ${value.seq} where ${seq} belongs` }
  }
  return { kind: "event", event: value, sum }
}

function isEvent(value: unknown): value is DurableEvent {
  if (typeof value !== "object" || value === null) return false
  const event: { [K in keyof DurableEvent]?: unknown } = value
  return (
    typeof event.v === "number" &&
    typeof event.seq === "number" &&
    typeof event.id === "string" &&
    typeof event.at === "number" &&
    typeof event.type === "string"
  )
}
