import type { ToolCall } from "@skein/protocol"
import { propose } from "../approval/propose.ts"
import type { Standing } from "../approval/standing.ts"
import { ToolFailure, type ToolResult } from "../ports/index.ts"
import { recordSettings } from "../session/record.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"
import { keepGiven } from "./given.ts"

/** As they are for one call: `signal` is its own. */
interface EffectPorts extends TurnPorts {
  standing(): Standing
}

/** What a call's result does to its session, into the log; with what became of a plan that it proposed. */
export async function withSessionEffect(
  state: SessionState,
  call: ToolCall,
  result: ToolResult,
  ports: EffectPorts,
): Promise<ToolResult> {
  const { session } = await keepGiven(state, result, ports)
  if (session === undefined) return result
  if (session.type === "settings.changed") await narrowed(state, session.changes, ports)
  await ports.emit([session])
  // In mode plan nothing is changed before a person has seen the plan and approved it.
  const isProposed = session.type === "plan.changed" && ports.standing().mode === "plan"
  const text = isProposed ? await propose(state, call, session.plan, ports) : undefined
  return text === undefined ? result : { ...result, forModel: [...result.forModel, { type: "text", text }] }
}

/** Into mode plan leads back out only a person: where nobody is, the work would end there. */
async function narrowed(state: SessionState, changes: { readonly mode: "plan" }, ports: TurnPorts): Promise<void> {
  const { mode } = state.settings
  if (!ports.isAttended()) {
    throw new ToolFailure(`Nobody is here to approve a plan. The mode stays ${mode}: make the plan and go on by it.`)
  }
  await recordSettings(state.sessionId, changes, ports, "model")
}
