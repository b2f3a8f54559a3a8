import type { EventOf } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import { evidenceOf } from "@skein/protocol/turns"
import type { OpenTurn } from "./state.ts"

type Ending = Pick<EventOf<"turn.ended">, "usage" | "microUsd" | "model" | "evidence">

/** What a turn took and can show for itself, as its end says it. */
export function endingOf(turn: OpenTurn): Ending {
  return { ...spentIn(turn), ...given("evidence", evidenceOf(turn.record)) }
}

/** With its summaries and given-up attempts. Empty when no model was asked. */
function spentIn({ usage, microUsd, record, model }: OpenTurn): Omit<Ending, "evidence"> {
  if (model === undefined) return {}
  const isPriced = microUsd > 0 || record.microUsd !== undefined
  return { model, usage, ...(isPriced ? { microUsd } : {}) }
}
