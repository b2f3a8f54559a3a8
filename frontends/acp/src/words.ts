import {
  type Answer,
  type CallState,
  MODES,
  type Mode,
  type Rule,
  ruleText,
  SkeinError,
  type TurnOutcome,
} from "@skein/protocol"
import { type Json, RPC, RpcError } from "./rpc.ts"
import { oneLine } from "./text.ts"

/** The one place where skein's words become those of ACP. Kinds of tools and the four answers are the same in both. */

/** The newest wire version this speaks. */
export const ACP_VERSION = 1

const MODE_WORDS: Readonly<Record<Mode, { readonly name: string; readonly description: string }>> = {
  plan: { name: "Plan", description: "Looks and thinks; changes nothing" },
  ask: { name: "Ask", description: "Asks before every change and every command" },
  "accept-edits": { name: "Accept edits", description: "Edits files in the workspace; asks before commands" },
  auto: { name: "Auto", description: "Edits, and runs commands in the sandbox; asks for anything else" },
  full: { name: "Full", description: "Never asks" },
}

export const ACP_MODES = MODES.map((id) => ({ id, ...MODE_WORDS[id] }))

export type AcpStatus = "pending" | "in_progress" | "completed" | "failed"

const STATUS: Readonly<Record<CallState, AcpStatus>> = {
  validating: "pending",
  scheduled: "pending",
  awaiting_approval: "pending",
  executing: "in_progress",
  success: "completed",
  error: "failed",
  cancelled: "failed",
}

export function acpStatus(state: CallState): AcpStatus {
  return STATUS[state]
}

export type StopReason = "end_turn" | "max_tokens" | "max_turn_requests" | "refusal" | "cancelled"

/** Why a prompt is answered. Throws RpcError for a turn that failed. `lastStop` is how its newest step ended. */
export function acpStop(outcome: TurnOutcome, lastStop: string | undefined): StopReason {
  switch (outcome.kind) {
    case "completed":
      return lastStop === "length" ? "max_tokens" : "end_turn"
    case "interrupted":
      return "cancelled"
    case "exhausted":
      return outcome.reason === "tokens" || outcome.reason === "money" ? "max_tokens" : "max_turn_requests"
    case "failed":
      if (outcome.code === "provider.refused") return "refusal"
      throw acpError(outcome.code, outcome.message)
  }
}

const ERROR_NUMBERS: Readonly<Record<string, number>> = {
  "model.no_key": RPC.needsLogin,
  "provider.auth": RPC.needsLogin,
  "provider.token_expired": RPC.needsLogin,
  "session.not_found": RPC.notFound,
  "session.closed": RPC.notFound,
  "model.unknown": RPC.invalidParams,
  "op.invalid": RPC.invalidParams,
  "config.invalid": RPC.invalidParams,
}

/** The client reads the sentence to its person, and may switch on `data.code`. */
export function acpError(code: string, message: string): RpcError {
  return new RpcError(ERROR_NUMBERS[code] ?? RPC.internal, message, { code })
}

/** What an error of any kind is on the wire. A defect of ours says what it was. */
export function errorOf(error: unknown): RpcError {
  if (error instanceof RpcError) return error
  if (error instanceof SkeinError) return acpError(error.code, error.message)
  return new RpcError(RPC.internal, `A defect in skein: ${error instanceof Error ? error.message : String(error)}`)
}

/** The choices of a question. `always`, allowed or refused, is named in full where it is short, because it is what stays. */
export function acpOptions(options: readonly Answer[], always: Rule | undefined): readonly Json[] {
  const rule = always === undefined ? "" : ` in this session: ${oneLine(ruleText(always), 120)}`
  const names: Readonly<Record<Answer, string>> = {
    allow_once: "Allow once",
    allow_always: `Always allow${rule}`,
    preview: "Run it in a throw-away copy first, and ask again",
    reject_once: "Reject",
    reject_always: `Always reject${rule}`,
  }
  return options.map((answer) => ({
    ...{ optionId: answer, name: names[answer] },
    kind: answer === "preview" ? "allow_once" : answer,
  }))
}
