import type { DurableDraft, TurnOutcome } from "@skein/protocol"
import type { HookDetail, HookOutcome } from "../ports/index.ts"
import type { OpenTurn, SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"
import { addedContext } from "./context.ts"
import type { Effect } from "./effect.ts"
import type { TurnHooks } from "./turn-hooks.ts"

/** So often in a row hooks may let a turn go on that would have ended. */
export const HOOK_STOPS_MAX = 8

/** Whether a turn that has come to its end goes on, because a hook says what is left to do. */
export async function goesOn(
  state: SessionState,
  turn: OpenTurn,
  outcome: TurnOutcome,
  { hooks, tokens }: TurnPorts,
): Promise<boolean> {
  // A call that a person makes is no work that a model could go on with.
  if (hooks === undefined || outcome.kind !== "completed" || turn.isOwnCall) return false
  const { hookStops } = turn
  const meant = ({ block, stop }: HookOutcome): Effect | undefined =>
    block === undefined || stop !== undefined || hookStops >= HOOK_STOPS_MAX
      ? undefined
      : { effect: "continued", reason: block.reason }
  const drafts = (said: HookOutcome): DurableDraft[] => {
    const reason = said.block?.reason
    const about = "that you are not done yet"
    if (meant(said) !== undefined && reason !== undefined) {
      const toDo = [reason, said.context].filter((text) => text !== undefined && text !== "").join("\n\n")
      const text = `A hook lets the turn go on: ${reason}`
      return [
        ...addedContext(toDo, { state, tokens, about }),
        { type: "notice.posted", level: "info", text, code: "hook" },
      ]
    }
    if (reason === undefined || said.stop !== undefined) return []
    const text = `Hooks let this turn go on ${HOOK_STOPS_MAX} times in a row. It ends here, though one of them says: ${reason}`
    return [{ type: "notice.posted", level: "warning", text, code: "hook" }]
  }
  await hooks.run(stopOf(state, turn), { effectOf: meant, drafts })
  return turn.hookStops > hookStops
}

function stopOf(state: SessionState, { hookStops, turnId }: OpenTurn): HookDetail {
  const { agent } = state.created
  const last = state.items.findLast((item) => item.kind === "agent_message" && item.turnId === turnId)
  const lastMessage = last?.kind === "agent_message" ? last.text : undefined
  const about = { isHookActive: hookStops > 0, lastMessage }
  if (agent === undefined) return { event: "Stop", ...about }
  return { event: "SubagentStop", agentId: state.sessionId, agentName: agent.name, ...about }
}

/** Tells hooks of a turn that did not get to its end. Nobody waits for them. */
export function tellEnd(outcome: TurnOutcome, hooks: TurnHooks): void {
  if (outcome.kind === "completed") return
  if (outcome.kind !== "interrupted") {
    const code = outcome.kind === "failed" ? outcome.code : outcome.reason
    if (code !== "hook.blocked") hooks.observe({ event: "StopFailure", code, message: outcome.message })
    return
  }
  // With a message it was not the person.
  if (outcome.message === undefined) hooks.observe({ event: "Interrupt" })
}
