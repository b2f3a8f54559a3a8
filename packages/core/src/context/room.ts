import type { ContextSize } from "./size.ts"

/** What each thing that follows a compaction may take, so that together they take well below what calls for the next. */
export interface Room {
  /** Summaries old and new together. */
  readonly summaryBytes: number
  /** The person's words. */
  readonly ledgerChars: number
  /** Goal, plan and list together. */
  readonly standingChars: number
  /** Instructions of folders in use. */
  readonly touchedChars: number
  /** The newest calls and their results. */
  readonly newestChars: number
  readonly filesMax: number
}

/** When the window is not known, this is small enough for any model in use. */
export const WINDOW_TOKENS_UNKNOWN = 26_000

/** What a compaction by wish may count with: a window of unknown size has held what is in it. */
export function roomNow({ contextTokens, contextTokensMax, density }: ContextSize): Room {
  return roomIn((contextTokensMax ?? Math.max(WINDOW_TOKENS_UNKNOWN, contextTokens)) / density)
}

const CHARS_PER_TOKEN = 3
const SUMMARY_BYTES_MAX = 32_000
const NEWEST_CHARS_MAX = 24_000
const FILES_MAX = 50
/** A path in its line. */
const FILE_CHARS = 80

/** `windowTokens` as they are estimated. */
export function roomIn(windowTokens: number): Room {
  const chars = Math.floor(windowTokens * CHARS_PER_TOKEN)
  const share = (part: number) => Math.floor(chars * part)
  return {
    summaryBytes: Math.min(SUMMARY_BYTES_MAX, share(0.2)),
    ledgerChars: share(0.2),
    standingChars: share(0.1),
    touchedChars: share(0.1),
    newestChars: Math.min(NEWEST_CHARS_MAX, share(0.1)),
    filesMax: Math.min(FILES_MAX, Math.floor(share(0.02) / FILE_CHARS)),
  }
}
