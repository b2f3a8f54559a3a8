import type { Usage } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"

/** Token counts; what came from the cache is part of the input here. */
export function tokenUsage({ input, cacheRead, cacheWrite, output, reasoning }: Usage): Json {
  const inputTokens = input + cacheRead + cacheWrite
  return {
    totalTokens: inputTokens + output,
    inputTokens,
    cachedInputTokens: cacheRead,
    cacheWriteInputTokens: cacheWrite,
    outputTokens: output,
    reasoningOutputTokens: reasoning,
  }
}
