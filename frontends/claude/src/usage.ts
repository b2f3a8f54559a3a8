import type { ModelInfo, Usage } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { claudeModel } from "./words.ts"

/** The counts of one message, in the names of the Anthropic API. */
export function messageUsage(usage: Usage): Json {
  return {
    input_tokens: usage.input,
    cache_creation_input_tokens: usage.cacheWrite,
    cache_read_input_tokens: usage.cacheRead,
    output_tokens: usage.output,
  }
}

/** The counts of a turn; the contract promises that none of these fields is null. */
export function resultUsage(usage: Usage): Json {
  return {
    ...messageUsage(usage),
    output_tokens_details: { thinking_tokens: usage.reasoning },
    server_tool_use: { web_search_requests: usage.searches ?? 0, web_fetch_requests: 0 },
    service_tier: "standard",
    cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
  }
}

/** What a model has used since the program started. Money in micro-USD. */
export interface ModelTotal {
  readonly usage: Usage
  readonly microUsd: number
}

export function modelUsage(totals: ReadonlyMap<string, ModelTotal>, models: readonly ModelInfo[]): Json {
  return Object.fromEntries(
    [...totals].map(([model, { usage, microUsd }]) => {
      const known = models.find((info) => `${info.provider}/${info.id}` === model)
      const counts = {
        inputTokens: usage.input,
        outputTokens: usage.output,
        thinkingTokens: usage.reasoning,
        cacheReadInputTokens: usage.cacheRead,
        cacheCreationInputTokens: usage.cacheWrite,
        webSearchRequests: usage.searches ?? 0,
        costUSD: microUsd / 1_000_000,
        contextWindow: known?.contextTokens ?? 0,
        maxOutputTokens: known?.outputTokensMax ?? 0,
      }
      return [claudeModel(model), counts]
    }),
  )
}
