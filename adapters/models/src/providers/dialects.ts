import type { Dialect } from "../wire/wire.ts"

/** What every server that calls itself OpenAI-compatible understands. */
export const COMPATIBLE: Dialect = { outputCapField: "max_tokens", systemRole: "system", cache: "none" }

/** Chat as OpenAI's own host has it. */
export const OPENAI_CHAT: Dialect = {
  outputCapField: "max_completion_tokens",
  systemRole: "developer",
  effort: "reasoning_effort",
  cache: "prompt_cache_key",
}

/** Reasoning goes back with every message that holds calls, or the next request is refused. */
export const REASONING_CONTENT: Dialect = {
  outputCapField: "max_tokens",
  systemRole: "system",
  reasoningField: "reasoning_content",
  effort: "thinking",
  cache: "none",
}
