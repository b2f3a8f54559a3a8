import type { DurableEvent } from "@skein/protocol"

/**
 * Keeps payload-free records of what happened, apart from the log: ids, sizes, hashes, states, durations and counts, never
 * a word of a prompt, an argument or an output. Safe to share. Never throws and never makes anybody wait.
 */
export interface MeterPort {
  record(events: readonly DurableEvent[]): void
}
