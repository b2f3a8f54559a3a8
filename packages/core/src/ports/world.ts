import type { Id, IdPrefix } from "@skein/protocol"

/** The core has no other time. */
export interface ClockPort {
  /** Milliseconds since the epoch. */
  now(): number
  /** Rejects with the signal's reason when it aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** The core has no other chance. */
export interface RandomPort {
  /** A prefixed UUIDv7: `ses_0199…`. Later ids sort after earlier ones. */
  id<const P extends IdPrefix>(prefix: P): Id<P>
  /** 0 ≤ x < 1. */
  fraction(): number
}

/** The core has no other count. */
export interface TokensPort {
  /** A cheap estimate, erring high. */
  estimate(text: string): number
}
