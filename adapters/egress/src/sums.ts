import { createReadStream, existsSync } from "node:fs"
import type { LedgerEntry } from "@skein/core/ports"
import { OLDER_FILES } from "./ledger.ts"

/** Everything between this machine and one destination, for one purpose. */
export interface EgressSum {
  readonly host: string
  readonly port: number
  readonly purpose: string
  readonly decision: LedgerEntry["decision"]
  readonly bytesOut: number
  readonly bytesIn: number
  /** Milliseconds since the epoch. */
  readonly firstAt: number
  readonly lastAt: number
}

export interface EgressWhich {
  readonly sessionId?: string | undefined
  /** Milliseconds since the epoch. */
  readonly sinceMs?: number | undefined
}

export interface EgressReport {
  /** What sent most first; what was refused after what was allowed. */
  readonly sums: readonly EgressSum[]
  /** Lines that could not be read: the ends of what a full disk cut off. */
  readonly damaged: number
}

/** Sums a ledger and its older files. */
export async function egressReport(path: string, which: EgressWhich): Promise<EgressReport> {
  const sums = new Map<string, EgressSum>()
  let damaged = 0
  const older = Array.from({ length: OLDER_FILES }, (_, index) => `${path}.${OLDER_FILES - index}`)
  for (const file of [...older, path].filter((name) => existsSync(name))) {
    for await (const line of linesOf(file)) {
      const entry = entryOf(line)
      if (entry === undefined) damaged++
      else if (isMeant(entry, which)) add(sums, entry)
    }
  }
  const order = (sum: EgressSum) => (sum.decision === "allowed" ? 0 : 1)
  return { sums: [...sums.values()].toSorted((a, b) => order(a) - order(b) || b.bytesOut - a.bytesOut), damaged }
}

function isMeant({ at, sessionId }: LedgerEntry, which: EgressWhich): boolean {
  return (which.sessionId ?? sessionId) === sessionId && at >= (which.sinceMs ?? 0)
}

function add(sums: Map<string, EgressSum>, entry: LedgerEntry): void {
  const { at, host, port, purpose, decision, bytesOut, bytesIn } = entry
  const key = [decision, purpose, host, port].join(" ")
  const { firstAt = at, bytesOut: out = 0, bytesIn: inside = 0 } = sums.get(key) ?? {}
  const bytes = { bytesOut: out + bytesOut, bytesIn: inside + bytesIn }
  sums.set(key, { host, port, purpose, decision, ...bytes, firstAt, lastAt: at })
}

async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = ""
  for await (const piece of createReadStream(file, "utf8")) {
    const lines = (rest + String(piece)).split("\n")
    rest = lines.pop() ?? ""
    yield* lines
  }
  if (rest !== "") yield rest
}

function entryOf(line: string): LedgerEntry | undefined {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (_torn) {
    return undefined
  }
  const { at, host, port, purpose, bytesOut, bytesIn, decision } = (value ?? {}) as Partial<LedgerEntry>
  const areNumbers = [at, port, bytesOut, bytesIn].every((number) => typeof number === "number")
  const areTexts = [host, purpose, decision].every((text) => typeof text === "string")
  return areNumbers && areTexts ? (value as LedgerEntry) : undefined
}
