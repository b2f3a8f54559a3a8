import type { DurableDraft, HumanView, ToolCall } from "@skein/protocol"
import type { Refused } from "../approval/refused.ts"
import type { ToolResult } from "../ports/index.ts"
import { bounded } from "./bound.ts"
import { stopperOf } from "./interruption.ts"

export type Settled = Omit<Extract<DurableDraft, { type: "call.settled" }>, "type" | "callId" | "durationMs">

/** A call that was stopped before it began. */
export function cancelled(signal: AbortSignal): Settled {
  return refusal("cancelled", "call.cancelled", `${stopperOf(signal)} before it ran.`)
}

/** A call that was stopped while it ran. */
export function stopped(signal: AbortSignal): Settled {
  return refusal("cancelled", "call.cancelled", `${stopperOf(signal)} while it ran. What it did so far is done.`)
}

export const REPEATED = refusal(
  "error",
  "call.repeated",
  "Not run: you have made exactly this call several times in a row and its result did not change. " +
    "Use the result you have, try something else, or say what you are missing.",
)

/** What a tool gave, as the log keeps it. */
export function settledOf(result: ToolResult): Settled {
  const {
    forModel,
    forHuman,
    isError,
    changes,
    observed,
    artifacts,
    provenance,
    bytes,
    exitCode,
    network,
    confinement,
  } = result
  return {
    outcome: isError === true ? "error" : "success",
    forModel: bounded(forModel),
    forHuman,
    changes: changes === undefined ? undefined : [...changes],
    observed: observed === undefined ? undefined : [...observed],
    artifacts: artifacts === undefined ? undefined : [...artifacts],
    provenance,
    network: network === undefined || network.length === 0 ? undefined : [...network],
    confinement,
    bytes,
    exitCode,
  }
}

/** A tool that was stopped and still answered: what it gave and changed is kept. */
export function stoppedWith(settled: Settled, signal: AbortSignal): Settled {
  const { outcome, code, forModel } = stopped(signal)
  return { ...settled, outcome, code, forModel: [...settled.forModel, ...forModel] }
}

/** The one end of a call. */
export function draftOf(call: ToolCall, settled: Settled, durationMs: number): DurableDraft {
  return { type: "call.settled", callId: call.callId, ...settled, durationMs }
}

/** A call that was refused: each is told in words of their own. */
export function refused({ code, text: forModel, forPerson }: Pick<Refused, "code" | "text" | "forPerson">): Settled {
  const forHuman: HumanView = { kind: "text", body: forPerson, summary: "refused" }
  return { outcome: "error", code, forModel: bounded([text(forModel)]), forHuman }
}

/** A call that ended without its tool, in words for the model. */
export function refusal(outcome: "error" | "cancelled", code: string, message: string): Settled {
  const forHuman: HumanView = { kind: "text", body: message, summary: code === "call.cancelled" ? "stopped" : "failed" }
  return { outcome, code, forModel: bounded([text(message)]), forHuman }
}

function text(value: string) {
  return { type: "text", text: value } as const
}
