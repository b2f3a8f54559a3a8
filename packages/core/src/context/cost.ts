import type { ModelInfo, Usage } from "@skein/protocol"
import type { ModelPort } from "../ports/index.ts"
import { factsOf } from "./size.ts"

/** The same by the model's name; undefined also when the model is not known any more. */
export function priceOf(usage: Usage, model: string, models: ModelPort): number | undefined {
  const facts = factsOf(model, models)
  return facts === undefined ? undefined : costOf(usage, facts)
}

/** Money of one reply in micro-USD; undefined when the model's price is not known. */
export function costOf(usage: Usage, model: ModelInfo): number | undefined {
  const { price } = model
  if (price === undefined) return undefined
  // USD per million tokens is micro-USD per token.
  const cost =
    usage.input * price.input +
    usage.cacheRead * (price.cacheRead ?? price.input) +
    usage.cacheWrite * (price.cacheWrite ?? price.input) +
    usage.output * price.output +
    // USD for a thousand of them is a thousand micro-USD for one.
    (usage.searches ?? 0) * (price.searches ?? 0) * 1_000
  return Math.round(cost)
}
