import type { EventOf } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { CONTRACT_VERSION, claudeError, claudeModel, claudeTool, type PermissionMode } from "./words.ts"

/** What of a session does not change while it is told. */
export interface SessionFacts {
  readonly cwd: string
  /** Names of all tools, ours. */
  readonly tools: readonly string[]
  /** Names of all slash commands, without the slash. */
  readonly commands: readonly string[]
  readonly mode: () => PermissionMode
  readonly mcpServers: readonly Json[]
}

/** Of `api_retry`. */
export function retryFields({ attempt, atMs, at, code }: EventOf<"retry.scheduled">): Json {
  const retry_delay_ms = Math.max(0, atMs - at)
  // The contract counts tries after the first; how many there may be is the engine's own affair.
  const retry = Math.max(1, attempt - 1)
  return { attempt: retry, max_retries: retry, retry_delay_ms, error_status: null, error: claudeError(code) }
}

/** Of `compact_boundary`. */
export function compactionFields({ kind, tokensBefore, tokensAfter }: EventOf<"context.compacted">): Json {
  const trigger = kind === "forced" ? "manual" : "auto"
  return { compact_metadata: { trigger, pre_tokens: tokensBefore, post_tokens: tokensAfter } }
}

/** What a host is told of a session at the beginning of each turn. */
export function initFields({ cwd, tools, commands, mcpServers, mode }: SessionFacts, model: string): Json {
  return {
    cwd,
    tools: tools.map(claudeTool),
    mcp_servers: mcpServers,
    model: claudeModel(model),
    permissionMode: mode(),
    slash_commands: [...commands],
    agents: [],
    skills: [],
    plugins: [],
    output_style: "default",
    apiKeySource: "none",
    claude_code_version: CONTRACT_VERSION,
    capabilities: ["interrupt_receipt_v1"],
  }
}
