import type { LedgerEntry, NetworkTarget } from "@skein/core/ports"
import type { NetworkAttempt } from "@skein/protocol"

/** All connections of one command to one host, decided alike. */
export interface Attempt {
  sent(bytes: number): void
  received(bytes: number): void
}

export interface Attempts {
  begin(target: NetworkTarget, decision: NetworkAttempt["decision"], reason: string): Attempt
  /** Everything so far, in the order it was first tried; the ledger gets its sums. */
  end(): readonly NetworkAttempt[]
}

/** What a command tried beyond this many hosts is told as one. */
const HOSTS_MAX = 256
const REASON_CHARS_MAX = 300

/** Where a target could not be read: its text may be anything, and belongs in no record. */
export const UNREADABLE: NetworkTarget = { host: "(unreadable)", port: 0 }
const OTHERS: NetworkTarget = { host: "(others)", port: 0 }

interface Sums {
  readonly target: NetworkTarget
  readonly decision: NetworkAttempt["decision"]
  reason: string
  bytesOut: number
  bytesIn: number
}

/**
 * Keeps what one command tries. The ledger gets a line when a host is first tried, so that no end of the process hides
 * it, and one with the bytes at the end; however often a command tries, it cannot fill the ledger.
 */
export function attempts(
  record: (entry: Pick<LedgerEntry, "host" | "port" | "decision" | "bytesOut" | "bytesIn">) => void,
): Attempts {
  const known = new Map<string, Sums>()
  function sumsOf(wanted: NetworkTarget, decision: NetworkAttempt["decision"]): Sums {
    const target = known.size < HOSTS_MAX ? wanted : OTHERS
    const key = `${decision} ${target.host} ${target.port}`
    const found = known.get(`${decision} ${wanted.host} ${wanted.port}`) ?? known.get(key)
    if (found !== undefined) return found
    const made = { target, decision, reason: "", bytesOut: 0, bytesIn: 0 }
    known.set(key, made)
    record({ ...target, decision, bytesOut: 0, bytesIn: 0 })
    return made
  }
  return {
    begin(target, decision, reason) {
      const sums = sumsOf(target, decision)
      sums.reason = oneLine(reason)
      return {
        sent(bytes) {
          sums.bytesOut += bytes
        },
        received(bytes) {
          sums.bytesIn += bytes
        },
      }
    },
    end() {
      const all = [...known.values()]
      for (const { target, decision, bytesOut, bytesIn } of all) {
        if (bytesOut + bytesIn > 0) record({ ...target, decision, bytesOut, bytesIn })
      }
      return all.map(({ target, ...rest }) => ({ ...target, ...rest }))
    },
  }
}

/** Reasons may come from a person. */
function oneLine(reason: string): string {
  return reason.replace(/[\p{Cc}\p{Cf}]+/gu, " ").slice(0, REASON_CHARS_MAX)
}
