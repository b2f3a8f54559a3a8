import type { EventOf } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { claudeError } from "./words.ts"

/** Of `api_retry`. */
export function retryFields({ attempt, atMs, at, code }: EventOf<"retry.scheduled">): Json {
  const retry_delay_ms = Math.max(0, atMs - at)
  // The contract counts tries after the first; how many there may be is the engine's own affair.
  const retry = Math.max(1, attempt - 1)
  return { attempt: retry, max_retries: retry, retry_delay_ms, error_status: null, error: claudeError(code) }
}

/** Of `compact_boundary`. */
export function compactionFields({ kind, tokensBefore, tokensAfter }: EventOf<"context.compacted">): Json {
  const trigger = kind === "forced" ? "manual" : "auto"
  return { compact_metadata: { trigger, pre_tokens: tokensBefore, post_tokens: tokensAfter } }
}
