import { type ClosableEgress, type EgressOptions, egress } from "./egress.ts"
import { ledger } from "./ledger.ts"
import { type RecordedFetch, recordedFetch } from "./recorded-fetch.ts"
import type { EgressReport, EgressWhich } from "./sums.ts"

export interface OutboundOptions extends Omit<EgressOptions, "ledger" | "through"> {
  /** Where the ledger is. Absolute. */
  readonly file: string
  /** The platform's. Nobody else is given it. */
  readonly fetch: (url: string, init?: BunFetchRequestInit) => Promise<Response>
  /** Told once, in a sentence, when the ledger cannot be written. */
  readonly onUnwritable?: ((sentence: string) => void) | undefined
}

/** Every way out of this machine, and the record of all of them. */
export interface Outbound {
  /** skein's own requests for one purpose: `model`, `login`, `vault` … */
  fetchFor(purpose: string): RecordedFetch
  /** The ways for commands and for tools' own requests. */
  readonly egress: ClosableEgress
  /** What left, summed. */
  report(which: EgressWhich): Promise<EgressReport>
  close(): void
}

/** Makes nothing until something leaves. */
export function outbound({ file, fetch: through, onUnwritable, ...options }: OutboundOptions): Outbound {
  const book = ledger({ path: file, onUnwritable })
  const way = egress({ ...options, through, ledger: book })
  return {
    fetchFor: (purpose) => recordedFetch(through, book, { purpose, now: options.now }),
    egress: way,
    report: async (which) => await (await import("./sums.ts")).egressReport(file, which),
    close() {
      way.close()
      book.close()
    },
  }
}
