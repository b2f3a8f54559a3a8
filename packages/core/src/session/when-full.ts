import type { DurableDraft, Receipt, SessionId } from "@skein/protocol"
import type { Family } from "../agents/kin.ts"
import { contextSize } from "../context/size.ts"
import type { SessionState } from "../transcript/state.ts"
import type { EnginePorts } from "./ports.ts"

/** What one session's actor is made of: the engine's ports, and the engine itself where a session makes another. */
export interface ActorPorts extends EnginePorts {
  handOver(sessionId: SessionId): Promise<Receipt>
  readonly family: Family
}

/** Whether the turn that just ended left so little room that the work goes on in a session of its own. */
export function shouldHandOver(state: SessionState, ports: EnginePorts): boolean {
  if (ports.whenFull !== "handoff" || state.created.agent !== undefined || state.lastOutcome?.kind !== "completed")
    return false
  const { contextTokens, contextTokensMax } = contextSize(state, ports)
  return contextTokensMax !== undefined && contextTokens >= contextTokensMax * ports.limits.compactAt
}

/** What the person is told of it. */
export function handedOver(receipt: Receipt): DurableDraft {
  if (receipt.status === "rejected") {
    const text = `This conversation is nearly full, and could not be handed over: ${receipt.message}`
    return { type: "notice.posted", level: "warning", text, code: receipt.code }
  }
  const text = `This conversation is nearly full. What it knows was handed over: skein resume ${receipt.sessionId}`
  return { type: "notice.posted", level: "info", text, code: "session.handed_over" }
}
