import { type ModelInfo, priceOfUsage, type Usage } from "@skein/protocol"
import type { ModelPort } from "../ports/index.ts"
import { factsOf } from "./size.ts"

/** The same by the model's name; undefined also when the model is not known any more. */
export function priceOf(usage: Usage, model: string, models: ModelPort): number | undefined {
  const facts = factsOf(model, models)
  return facts === undefined ? undefined : costOf(usage, facts)
}

/** Money of one reply in micro-USD; undefined when the model's price is not known. */
export function costOf(usage: Usage, model: ModelInfo): number | undefined {
  return model.price === undefined ? undefined : priceOfUsage(usage, model.price)
}
