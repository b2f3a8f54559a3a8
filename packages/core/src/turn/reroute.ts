import { modelNow } from "../transcript/model.ts"
import type { OpenTurn, SessionState } from "../transcript/state.ts"
import type { Next } from "./decide.ts"
import type { TurnPorts } from "./ports.ts"

/** The rest of the turn asks the model that the person named for this; with the next turn the first is asked again. */
export async function reroute(
  state: SessionState,
  { turnId, overloads }: OpenTurn,
  { model, code }: Extract<Next, { kind: "reroute" }>,
  ports: TurnPorts,
): Promise<void> {
  const from = modelNow(state)
  const times = overloads > 1 ? `, ${overloads} times in a row` : ""
  const text = `${from} is overloaded${times}: this turn goes on with ${model}, as models.fallback says. The next one asks ${from} again.`
  await ports.emit([
    { type: "turn.rerouted", turnId, model, from, code },
    { type: "notice.posted", level: "warning", text, code },
  ])
}
