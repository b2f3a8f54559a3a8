import type { EventOf } from "@skein/protocol"
import type { OpenTurn } from "./state.ts"

/** What a turn took, as its end says it: with its summaries and given-up attempts. Empty when no model was asked. */
export function spentIn({
  usage,
  microUsd,
  record,
  model,
}: OpenTurn): Pick<EventOf<"turn.ended">, "usage" | "microUsd" | "model"> {
  if (model === undefined) return {}
  const isPriced = microUsd > 0 || record.microUsd !== undefined
  return { model, usage, ...(isPriced ? { microUsd } : {}) }
}
