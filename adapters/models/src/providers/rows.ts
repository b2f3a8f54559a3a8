import type { Dialect, Provider } from "../wire/wire.ts"

/** A provider skein knows: what the wires need of it, and what finding it needs. */
export type Row = WireRow | PackageRow

export interface WireRow extends Provider, RowFacts {}

/** Served through a provider package (`src/package`) instead of a wire of ours. */
export interface PackageRow extends Omit<Provider, "wire" | "dialect">, RowFacts {
  readonly package: "amazon-bedrock"
}

interface RowFacts {
  /** A process of our own answers: it has no address, and nothing leaves the machine. */
  readonly isOwnProcess?: boolean | undefined
  /** Other names people write before the slash. */
  readonly aliases?: readonly string[] | undefined
  /** Key variables whose value goes out as `Authorization: Bearer`, where the wire's own header is another. */
  readonly bearerEnv?: readonly string[] | undefined
  /** The provider whose catalogue rows hold here too: the same models behind another wire. */
  readonly catalogOf?: string | undefined
  /** The host that takes the wire's beta headers and newest fields; any other is a gateway. */
  readonly originHost?: string | undefined
  /** For this provider's requests: `http://user:pass@host:port`. Absent: the environment's HTTPS_PROXY and NO_PROXY. */
  readonly proxy?: string | undefined
}

/** What every server that calls itself OpenAI-compatible understands. */
export const COMPATIBLE: Dialect = { outputCapField: "max_tokens", systemRole: "system", cache: "none" }

/** Chat as OpenAI's own host has it. */
export const OPENAI_CHAT: Dialect = {
  outputCapField: "max_completion_tokens",
  systemRole: "developer",
  effort: "reasoning_effort",
  cache: "prompt_cache_key",
}

/** It loads the model before the first word, from a disk that may be slow, and may think for long without a word. */
const LOADING: Dialect = { headersTimeoutMs: 600_000, idleTimeoutMs: 600_000 }

const REASONING_CONTENT: Dialect = {
  outputCapField: "max_tokens",
  systemRole: "system",
  reasoningField: "reasoning_content",
  effort: "thinking",
  cache: "none",
}

/**
 * The providers skein knows, in the order the first run looks for a key. A provider on a known wire is one row.
 * `ANTHROPIC_BASE_URL` and `GOOGLE_GEMINI_BASE_URL` name the host without a version, `OPENAI_BASE_URL` ends in `/v1`:
 * each as its own ecosystem has it. `openai` speaks Responses wherever its base URL points; for a server that speaks only
 * Chat there are `openai-chat/<model>`, `SKEIN_OPENAI_WIRE=chat`, and `wire` in the configuration.
 */
export const ROWS: readonly Row[] = [
  {
    id: "anthropic",
    name: "Anthropic",
    aliases: ["claude"],
    wire: "anthropic-messages",
    baseUrl: "https://api.anthropic.com",
    baseUrlEnv: ["ANTHROPIC_BASE_URL"],
    keyEnv: ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"],
    bearerEnv: ["ANTHROPIC_AUTH_TOKEN"],
    originHost: "api.anthropic.com",
    defaultModel: "claude-sonnet-5-5",
  },
  {
    id: "openai",
    name: "OpenAI",
    wire: "openai-responses",
    baseUrl: "https://api.openai.com/v1",
    baseUrlEnv: ["OPENAI_BASE_URL", "OPENAI_API_BASE"],
    keyEnv: ["OPENAI_API_KEY"],
    originHost: "api.openai.com",
    defaultModel: "gpt-6.1-terra",
    dialect: { cache: "prompt_cache_key" },
  },
  {
    id: "google",
    name: "Google Gemini",
    aliases: ["gemini"],
    wire: "google-gemini",
    baseUrl: "https://generativelanguage.googleapis.com",
    baseUrlEnv: ["GOOGLE_GEMINI_BASE_URL", "GEMINI_BASE_URL"],
    keyEnv: ["GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY"],
    defaultModel: "gemini-4-argon",
  },
  {
    id: "openrouter",
    name: "OpenRouter",
    wire: "openai-chat",
    baseUrl: "https://openrouter.ai/api/v1",
    baseUrlEnv: ["OPENROUTER_BASE_URL"],
    keyEnv: ["OPENROUTER_API_KEY"],
    defaultModel: "openai/gpt-6.1-terra",
    dialect: {
      outputCapField: "max_tokens",
      systemRole: "system",
      reasoningField: "reasoning",
      isReasoningOptional: true,
      effort: "reasoning",
      cache: "cache_control",
    },
  },
  {
    id: "xai",
    name: "xAI",
    aliases: ["x-ai", "grok"],
    wire: "openai-chat",
    baseUrl: "https://api.x.ai/v1",
    baseUrlEnv: ["XAI_BASE_URL"],
    keyEnv: ["XAI_API_KEY"],
    defaultModel: "grok-4.5",
    dialect: {
      outputCapField: "max_completion_tokens",
      systemRole: "system",
      reasoningField: "reasoning_content",
      effort: "reasoning_effort",
      cache: "none",
    },
  },
  {
    id: "deepseek",
    name: "DeepSeek",
    wire: "openai-chat",
    baseUrl: "https://api.deepseek.com",
    baseUrlEnv: ["DEEPSEEK_BASE_URL"],
    keyEnv: ["DEEPSEEK_API_KEY"],
    defaultModel: "deepseek-flash",
    dialect: { ...REASONING_CONTENT, lacksOutputSchema: true },
  },
  {
    id: "moonshot",
    name: "Moonshot Kimi",
    aliases: ["moonshotai", "kimi"],
    wire: "openai-chat",
    baseUrl: "https://api.moonshot.ai/v1",
    baseUrlEnv: ["MOONSHOT_BASE_URL", "KIMI_BASE_URL"],
    keyEnv: ["MOONSHOT_API_KEY", "KIMI_API_KEY"],
    defaultModel: "kimi-k2.6",
    dialect: REASONING_CONTENT,
  },
  {
    id: "zai",
    name: "Z.AI",
    aliases: ["z-ai", "zhipu", "glm"],
    wire: "openai-chat",
    baseUrl: "https://api.z.ai/api/paas/v4",
    baseUrlEnv: ["ZAI_BASE_URL"],
    keyEnv: ["ZAI_API_KEY", "Z_AI_API_KEY", "ZHIPU_API_KEY"],
    defaultModel: "glm-5.3",
    dialect: { ...REASONING_CONTENT, lacksOutputSchema: true },
  },
  {
    id: "mistral",
    name: "Mistral",
    aliases: ["mistralai"],
    wire: "openai-chat",
    baseUrl: "https://api.mistral.ai/v1",
    baseUrlEnv: ["MISTRAL_BASE_URL"],
    keyEnv: ["MISTRAL_API_KEY"],
    defaultModel: "mistral-medium-latest",
    dialect: {
      outputCapField: "max_tokens",
      systemRole: "system",
      effort: "none",
      lacksUsageOption: true,
      cache: "none",
      callIdLength: 9,
    },
  },
  {
    id: "groq",
    name: "Groq",
    wire: "openai-chat",
    baseUrl: "https://api.groq.com/openai/v1",
    baseUrlEnv: ["GROQ_BASE_URL"],
    keyEnv: ["GROQ_API_KEY"],
    defaultModel: "openai/gpt-oss-120b",
    dialect: {
      outputCapField: "max_completion_tokens",
      systemRole: "system",
      reasoningField: "reasoning",
      isReasoningOptional: true,
      effort: "reasoning_effort",
      cache: "none",
    },
  },
  {
    id: "stepfun",
    name: "StepFun",
    wire: "openai-chat",
    baseUrl: "https://api.stepfun.ai/v1",
    baseUrlEnv: ["STEPFUN_BASE_URL"],
    keyEnv: ["STEPFUN_API_KEY"],
    defaultModel: "step-3.5-flash",
    dialect: {
      outputCapField: "max_tokens",
      systemRole: "system",
      reasoningField: "reasoning",
      isReasoningOptional: true,
      effort: "none",
      cache: "none",
    },
  },
  {
    id: "bedrock",
    name: "Amazon Bedrock",
    aliases: ["amazon-bedrock", "aws"],
    package: "amazon-bedrock",
    baseUrl: "",
    baseUrlEnv: ["AWS_ENDPOINT_URL_BEDROCK_RUNTIME", "AWS_ENDPOINT_URL"],
    keyEnv: ["AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCESS_KEY_ID"],
    defaultModel: "us.anthropic.claude-sonnet-5-5",
  },
  {
    id: "openai-chat",
    name: "OpenAI (Chat)",
    catalogOf: "openai",
    wire: "openai-chat",
    baseUrl: "https://api.openai.com/v1",
    baseUrlEnv: ["OPENAI_BASE_URL", "OPENAI_API_BASE"],
    keyEnv: ["OPENAI_API_KEY"],
    originHost: "api.openai.com",
    defaultModel: "gpt-6.1-terra",
    dialect: OPENAI_CHAT,
  },
  {
    id: "ollama",
    name: "Ollama",
    wire: "ollama-chat",
    baseUrl: "http://127.0.0.1:11434",
    baseUrlEnv: ["OLLAMA_HOST"],
    keyEnv: [],
    dialect: {
      ...LOADING,
      // A person reads, thinks and answers questions between two turns.
      keepAlive: "15m",
      missingModelCure: "Get it with: skein models pull ollama/{model} (or: ollama pull {model}).",
    },
  },
  {
    id: "local",
    name: "llama.cpp on this machine",
    wire: "ollama-chat",
    baseUrl: "",
    baseUrlEnv: [],
    keyEnv: [],
    isOwnProcess: true,
    dialect: {
      ...LOADING,
      missingModelCure:
        "Add its file with: skein models add <file.gguf>, or get one with: skein models pull <address>.",
    },
  },
]
