export { type Bounds, type ClosableEgress, type EgressOptions, egress } from "./egress.ts"
export { type Ledger, type LedgerOptions, ledger } from "./ledger.ts"
export { type FetchAbout, type RecordedFetch, recordedFetch } from "./recorded-fetch.ts"
export type { Resolve } from "./resolve.ts"
