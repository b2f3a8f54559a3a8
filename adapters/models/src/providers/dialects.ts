import type { Dialect } from "../wire/wire.ts"

/** A server that loads its model first, and may think for long without a word. */
export const PATIENT = { headersTimeoutMs: 600_000, idleTimeoutMs: 600_000 } as const

/** An Ollama, on whichever machine. */
export const OLLAMA: Dialect = {
  ...PATIENT,
  writesCalls: true,
  // A person reads, thinks and answers questions between two turns.
  keepAlive: "15m",
  missingModelCure: "Get it with: skein models pull {provider}/{model} (or: ollama pull {model}).",
}

/** What every server that calls itself OpenAI-compatible understands. */
export const COMPATIBLE: Dialect = { outputCapField: "max_tokens", systemRole: "system", cache: "none" }

/** Chat as OpenAI's own host has it. */
export const OPENAI_CHAT: Dialect = {
  outputCapField: "max_completion_tokens",
  systemRole: "developer",
  effort: "reasoning_effort",
  hasVerbosity: true,
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
