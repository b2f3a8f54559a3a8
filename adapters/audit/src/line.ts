/** Stands for the line before the first one. */
export const NO_SUM = "0".repeat(64)

/** The fields of a line, but those that the chain adds. */
export type Fields = Readonly<Record<string, unknown>>

/** One line of the record as it is read. */
export interface Line {
  readonly seq: number
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly actor: string
  readonly action: string
  readonly resources: readonly { readonly kind: string; readonly sha256: string }[]
  readonly decision?: string | undefined
  readonly outcome?: string | undefined
  readonly rule?: string | undefined
  readonly sessionId?: string | undefined
  readonly turnId?: string | undefined
  readonly callId?: string | undefined
  readonly durationMs?: number | undefined
  /** Of `audit.repair`: what was wrong with the end of the record when somebody went on with it. */
  readonly torn?: Torn | undefined
  readonly lost?: Lost | undefined
  readonly head?: "missing" | "differs" | undefined
  /** The sum of the line before. */
  readonly prev: string
  readonly sum: string
}

/** Bytes before this line that are no line: a process was ended while it wrote them. */
export interface Torn {
  readonly bytes: number
  readonly sha256: string
}

/** Lines that had been written, and were not there any more. */
export interface Lost {
  readonly lines: number
  readonly sum: string
}

/** A line in the chain: its JSON, whose last member `sum` is the SHA-256 of all bytes before that member. */
export function encodeLine(seq: number, prev: string, fields: Fields): { readonly text: string; readonly sum: string } {
  const body = JSON.stringify({ v: 1, seq, ...fields, prev }).slice(0, -1)
  const sum = sha256(body)
  return { text: `${body}${TAIL_START}${sum}"}\n`, sum }
}

/** The line of these bytes, its newline left out. Undefined when these are not bytes that `encodeLine` made. */
export function decodeLine(text: string): Line | undefined {
  const bodyEnd = text.length - TAIL_CHARS
  if (bodyEnd <= 0 || !text.endsWith('"}') || text.slice(bodyEnd, bodyEnd + TAIL_START.length) !== TAIL_START)
    return undefined
  const body = text.slice(0, bodyEnd)
  if (text.slice(bodyEnd + TAIL_START.length, -2) !== sha256(body)) return undefined
  return JSON.parse(text) as Line
}

export function sha256(bytes: string | Uint8Array): string {
  return Bun.CryptoHasher.hash("sha256", bytes, "hex")
}

const TAIL_START = ',"sum":"'
const TAIL_CHARS = TAIL_START.length + 64 + 2
