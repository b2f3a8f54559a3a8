import type { DurableDraft, ToolCall } from "@skein/protocol"
import type { Refused } from "../approval/refused.ts"
import type { BeforeCall } from "../hooks/at-call.ts"
import type { CallPlan } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"
import { refusal, type Settled } from "./outcome.ts"

/** A call that was not begun when a hook ended its turn. */
export const STOPPED_BY_HOOK = refusal("cancelled", "call.cancelled", "Stopped by a hook before it ran.")

// What hooks have to do with a call. Where there are none for it, nothing is loaded and nothing is waited for.
const hooksOfCalls = () => import("../hooks/at-call.ts")

/** As they are for one call: `signal` is its own. */
interface CallPorts extends TurnPorts {
  readonly replan: (input: unknown) => Promise<CallPlan>
}

/** After it was planned and before it is judged. */
export async function beforeCall(
  state: SessionState,
  call: ToolCall,
  plan: CallPlan,
  ports: CallPorts,
): Promise<BeforeCall> {
  if (ports.hooks?.has("PreToolUse") !== true) return { kind: "go", plan }
  return (await hooksOfCalls()).beforeCall({ state, call, ports }, plan)
}

/** What it gave as everybody reads it, and what the conversation gets besides. `call` has the arguments that it ran with. */
export async function afterCall(
  state: SessionState,
  call: ToolCall,
  ended: { readonly settled: Settled; readonly durationMs: number },
  ports: TurnPorts,
): Promise<{ readonly settled: Settled; readonly drafts: readonly DurableDraft[] }> {
  const { settled } = ended
  const point = settled.outcome === "success" ? "PostToolUse" : "PostToolUseFailure"
  if (ports.hooks?.has(point) !== true) return { settled, drafts: [] }
  return (await hooksOfCalls()).afterCall({ state, call, ports }, ended)
}

/** It may not run, and no hook said so. */
export async function afterRefusal(state: SessionState, call: ToolCall, why: Refused, ports: TurnPorts): Promise<void> {
  if (ports.hooks?.has("PermissionDenied") !== true) return
  await (await hooksOfCalls()).afterRefusal({ state, call, ports }, why)
}
