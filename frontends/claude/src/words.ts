import type { Effort, EventOf, InputId, Item, SessionId } from "@skein/protocol"

export {
  claudeAgent,
  claudeError,
  claudeInput,
  claudeMode,
  claudeModel,
  claudeSessionId,
  isPermissionMode,
  PERMISSION_MODES,
  type PermissionMode,
  skeinInput,
  skeinMode,
} from "@skein/protocol/claude-words"
export { claudeTool, skeinTool } from "@skein/protocol/rule-strings"

/** The release of the contract that these lines follow; hosts read it to know what to expect. */
export const CONTRACT_VERSION = "2.1.329"

export function skeinEffort(effort: string): Effort | undefined {
  if (effort === "max") return "xhigh"
  return (["low", "medium", "high", "xhigh"] as const).find((word) => word === effort)
}

/** A budget of thinking tokens as an effort: the bounds are those the contract's own keywords used to stand for. */
export function effortOfTokens(tokens: number): Effort {
  if (tokens <= 0) return "none"
  if (tokens < 4_000) return "low"
  return tokens < 16_000 ? "medium" : "high"
}

export function claudeStop(stop: EventOf<"step.ended">["stop"]): string | null {
  return {
    end: "end_turn",
    calls: "tool_use",
    length: "max_tokens",
    refusal: "refusal",
    paused: "pause_turn",
    interrupted: null,
  }[stop]
}

export function skeinSessionId(uuid: string): SessionId {
  return uuid.startsWith("ses_") ? (uuid as SessionId) : `ses_${uuid}`
}

/** The input that a host's message became; undefined for a text that is no UUID. */
export function skeinInputId(uuid: string): InputId | undefined {
  return UUID.test(uuid) ? `inp_${uuid}` : undefined
}

/** The uuid of an assistant line that an item or a call made: the same whenever it is told. Undefined for any other id. */
export function lineUuid(id: string): string | undefined {
  const uuid = id.slice("itm_".length)
  return UUID.test(uuid) ? uuid : undefined
}

/** The uuid of the assistant line that told an item. */
export function claudeLineId(item: Item): string | undefined {
  if (item.kind === "tool_call") return lineUuid(item.callId)
  const isTold = (item.kind === "agent_message" || item.kind === "reasoning") && item.text !== ""
  return isTold ? lineUuid(item.itemId) : undefined
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
