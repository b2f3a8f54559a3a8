import type { EventOf } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { CONTRACT_VERSION, claudeAgent, claudeError, claudeModel, claudeTool, type PermissionMode } from "./words.ts"

/** What of a session does not change while it is told. */
export interface SessionFacts {
  readonly cwd: string
  /** Names of all tools, ours. */
  readonly tools: () => readonly string[]
  /** Names of all slash commands, without the slash. */
  readonly commands: () => readonly string[]
  /** Names of those that work can be handed to, ours. */
  readonly agents: readonly string[]
  readonly outputStyle: string
  /** Where the key was found, in the contract's words; absent: nobody knows. */
  readonly keySource?: (() => string | undefined) | undefined
  /** Names of those that may be used. */
  readonly skills: readonly string[]
  readonly mode: () => PermissionMode
  readonly mcpServers: () => readonly Json[]
  /** Those that are enabled, with their folders. */
  readonly plugins: readonly { readonly name: string; readonly path: string }[]
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

interface SystemLine {
  readonly subtype: "hook_started" | "hook_response"
  readonly fields: Json
}

/** Of each hook that ran, its beginning and its end: both are known when it is over. */
export function hookFields({ id, event, runs }: EventOf<"hook.ran">): readonly SystemLine[] {
  return runs.flatMap(({ hook, outcome, message = "" }, at): readonly SystemLine[] => {
    if (outcome === "skipped") return []
    const which = { hook_id: `${id}-${at + 1}`, hook_name: hook, hook_event: event }
    const said = { output: message, stdout: "", stderr: "", outcome: HOOK_OUTCOMES[outcome] }
    return [
      { subtype: "hook_started", fields: which },
      { subtype: "hook_response", fields: { ...which, ...said } },
    ]
  })
}

const HOOK_OUTCOMES = {
  passed: "success",
  changed: "success",
  blocked: "success",
  failed: "error",
  timed_out: "cancelled",
} as const

/** What a host is told of a session at the beginning of each turn. */
export function initFields(
  { cwd, tools, commands, skills, mcpServers, plugins, agents, outputStyle, keySource, mode }: SessionFacts,
  model: string,
): Json {
  return {
    cwd,
    tools: tools().map(claudeTool),
    mcp_servers: mcpServers(),
    model: claudeModel(model),
    permissionMode: mode(),
    slash_commands: [...commands()],
    agents: agents.map(claudeAgent),
    skills: [...skills],
    plugins: [...plugins],
    output_style: outputStyle,
    apiKeySource: keySource?.() ?? "none",
    claude_code_version: CONTRACT_VERSION,
    capabilities: ["interrupt_receipt_v1", "reload_plugins_refuse_if_busy_v1"],
  }
}
