import type { ModelInfo, Usage } from "@skein/protocol"

/** Money of one reply in micro-USD; undefined when the model's price is not known. */
export function costOf(usage: Usage, model: ModelInfo): number | undefined {
  const { price } = model
  if (price === undefined) return undefined
  // USD per million tokens is micro-USD per token.
  const cost =
    usage.input * price.input +
    usage.cacheRead * (price.cacheRead ?? price.input) +
    usage.cacheWrite * (price.cacheWrite ?? price.input) +
    usage.output * price.output
  return Math.round(cost)
}
