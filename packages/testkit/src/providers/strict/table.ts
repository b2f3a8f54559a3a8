import { chat } from "./chat.ts"
import { converse } from "./converse.ts"
import { gemini } from "./gemini.ts"
import { messages } from "./messages.ts"
import { ollama } from "./ollama.ts"
import { responses } from "./responses.ts"
import type { Manners, ServedWire } from "./spoken.ts"

/** One provider as it really is: where it is asked, with which headers, and what it refuses. */
export interface StrictProvider {
  /** The row's id. */
  readonly id: string
  readonly model: string
  readonly wire: ServedWire
  readonly manners: Manners
  /** Scheme and host. */
  readonly origin: string
  /** What a base URL of this provider ends in, without a query. */
  readonly basePath: string
  /** What is asked below it, with the query. */
  readonly path: string
  /** A query that belongs to the base URL. */
  readonly query?: string | undefined
  readonly keyEnv?: string | undefined
  /** The header that the key comes in, and what stands before it. */
  readonly keyHeader?: readonly [name: string, before: string] | undefined
  /** Headers it insists on. */
  readonly headers?: Readonly<Record<string, RegExp>> | undefined
  /** The header that must tell a person's words from what goes on by itself, and the one that tells of pictures. */
  readonly tells?: { readonly initiator: string; readonly pictures: string } | undefined
  /** What else the environment holds. */
  readonly env?: Readonly<Record<string, string>> | undefined
  /** What it says of itself when it is asked beside the conversation, by path. */
  readonly facts?: Readonly<Record<string, unknown>> | undefined
  /** The variable that moves it elsewhere. */
  readonly baseUrlEnv: string
}

const CHAT_FIELDS = ["model", "messages", "stream", "tools", "max_tokens"]
const USAGE = "stream_options"
const RESPONSES_FIELDS = [
  "model",
  "stream",
  "store",
  "instructions",
  "tools",
  "tool_choice",
  "parallel_tool_calls",
].concat(["input", "reasoning", "include", "prompt_cache_key", "max_output_tokens", "text"])
const MESSAGES_FIELDS = ["model", "max_tokens", "stream", "system", "tools", "messages", "thinking", "output_config"]
const GEMINI_FIELDS = ["systemInstruction", "tools", "contents", "generationConfig"]
const CONVERSE_FIELDS = ["system", "messages", "toolConfig", "inferenceConfig", "additionalModelRequestFields"].concat([
  "additionalModelResponseFieldPaths",
])
const OLLAMA_FIELDS = ["model", "stream", "messages", "tools", "think", "keep_alive", "options"]
const BEARER = ["authorization", "Bearer "] as const
const PROJECT = { GOOGLE_CLOUD_PROJECT: "my-project" }
/** These think, and must see what they thought again. */
const ECHOING: Manners = { fields: [...CHAT_FIELDS, USAGE, "thinking"], reasoning: "reasoning_content", echo: "needed" }
const OSS: Manners = { fields: [...CHAT_FIELDS, USAGE, "reasoning_effort"], echo: "allowed" }
const PLAIN: Manners = { fields: [...CHAT_FIELDS, USAGE], echo: "refused" }

/** Someone who speaks Chat with a bearer key: `id`, model, base URL, key variable, manners. */
function chatty(
  id: string,
  model: string,
  baseUrl: string,
  keyEnv: string | undefined,
  manners: Manners,
  more: Partial<StrictProvider> = {},
): StrictProvider {
  const { origin, pathname } = new URL(baseUrl)
  const key = keyEnv === undefined ? {} : { keyEnv, keyHeader: BEARER }
  const baseUrlEnv = `${id.replaceAll("-", "_").toUpperCase()}_BASE_URL`
  const basePath = pathname.replace(/\/$/, "")
  return { id, model, wire: chat, manners, origin, basePath, path: "/chat/completions", ...key, baseUrlEnv, ...more }
}

export const STRICT_PROVIDERS: readonly StrictProvider[] = [
  {
    ...{ id: "anthropic", model: "claude-sonnet-5-5", wire: messages, baseUrlEnv: "ANTHROPIC_BASE_URL" },
    manners: { fields: MESSAGES_FIELDS, reasoning: "thinking", echo: "needed", needs: { model: "claude-sonnet-5-5" } },
    ...{ origin: "https://api.anthropic.com", basePath: "", path: "/v1/messages" },
    ...{ keyEnv: "ANTHROPIC_API_KEY", keyHeader: ["x-api-key", ""], headers: { "anthropic-version": /^2023-06-01$/ } },
  },
  {
    ...{ id: "openai", model: "gpt-6.1-terra", wire: responses, baseUrlEnv: "OPENAI_BASE_URL" },
    manners: { fields: RESPONSES_FIELDS, reasoning: "encrypted", echo: "needed", strict: false },
    ...{ origin: "https://api.openai.com", basePath: "/v1", path: "/responses" },
    ...{ keyEnv: "OPENAI_API_KEY", keyHeader: BEARER },
  },
  {
    ...{ id: "google", model: "gemini-3-flash-preview", wire: gemini, baseUrlEnv: "GOOGLE_GEMINI_BASE_URL" },
    manners: { fields: GEMINI_FIELDS, reasoning: "signature", echo: "needed" },
    ...{ origin: "https://generativelanguage.googleapis.com", basePath: "" },
    path: "/v1beta/models/gemini-3-flash-preview:streamGenerateContent?alt=sse",
    ...{ keyEnv: "GEMINI_API_KEY", keyHeader: ["x-goog-api-key", ""] },
  },
  chatty("openrouter", "anthropic/claude-sonnet-4.5", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY", {
    fields: [...CHAT_FIELDS, USAGE, "reasoning"],
    ...{ reasoning: "reasoning_details", echo: "needed" },
  }),
  chatty("xai", "grok-4.5", "https://api.x.ai/v1", "XAI_API_KEY", {
    fields: ["model", "messages", "stream", USAGE, "tools", "max_completion_tokens", "reasoning_effort"],
    ...{ reasoning: "reasoning_content", echo: "allowed" },
  }),
  chatty("deepseek", "deepseek-flash", "https://api.deepseek.com", "DEEPSEEK_API_KEY", ECHOING),
  chatty("moonshot", "kimi-k2.6", "https://api.moonshot.ai/v1", "MOONSHOT_API_KEY", ECHOING),
  chatty("zai", "glm-5.3", "https://api.z.ai/api/paas/v4", "ZAI_API_KEY", ECHOING),
  chatty("mistral", "mistral-medium-latest", "https://api.mistral.ai/v1", "MISTRAL_API_KEY", {
    ...{ fields: CHAT_FIELDS, echo: "refused", callId: /^[a-zA-Z0-9]{9}$/, isAnswerNeededAfterResults: true },
  }),
  chatty("groq", "openai/gpt-oss-120b", "https://api.groq.com/openai/v1", "GROQ_API_KEY", {
    fields: ["model", "messages", "stream", USAGE, "tools", "max_completion_tokens", "reasoning_effort"],
    ...{ reasoning: "reasoning", echo: "allowed" },
  }),
  chatty("stepfun", "step-3.5-flash", "https://api.stepfun.ai/v1", "STEPFUN_API_KEY", {
    ...{ fields: [...CHAT_FIELDS, USAGE], reasoning: "reasoning", echo: "allowed" },
  }),
  {
    ...{ id: "bedrock", model: "us.anthropic.claude-haiku-4-5-20251001-v1:0", wire: converse },
    manners: { fields: CONVERSE_FIELDS, reasoning: "signature", echo: "needed" },
    ...{ origin: "https://bedrock-runtime.us-east-1.amazonaws.com", basePath: "" },
    path: "/model/us.anthropic.claude-haiku-4-5-20251001-v1%3A0/converse-stream",
    ...{ keyEnv: "AWS_BEARER_TOKEN_BEDROCK", keyHeader: BEARER, env: { AWS_REGION: "us-east-1" } },
    baseUrlEnv: "AWS_ENDPOINT_URL_BEDROCK_RUNTIME",
  },
  chatty(
    "openai-chat",
    "gpt-4.1",
    "https://api.openai.com/v1",
    "OPENAI_API_KEY",
    {
      fields: [
        "model",
        "messages",
        "stream",
        USAGE,
        "tools",
        "max_completion_tokens",
        "max_tokens",
        "prompt_cache_key",
      ],
      ...{ echo: "refused", systemRoles: ["developer", "system"] },
    },
    { baseUrlEnv: "OPENAI_BASE_URL" },
  ),
  chatty(
    "qwen",
    "qwen3-max",
    "https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
    "DASHSCOPE_API_KEY",
    {
      ...{ fields: [...CHAT_FIELDS, USAGE, "enable_thinking"], reasoning: "reasoning_content", echo: "allowed" },
    },
    { baseUrlEnv: "DASHSCOPE_BASE_URL" },
  ),
  {
    ...{ id: "minimax", model: "MiniMax-M2", wire: messages, baseUrlEnv: "MINIMAX_BASE_URL" },
    manners: { fields: MESSAGES_FIELDS, reasoning: "thinking", echo: "needed" },
    ...{ origin: "https://api.minimax.io", basePath: "/anthropic", path: "/v1/messages" },
    ...{ keyEnv: "MINIMAX_API_KEY", keyHeader: ["x-api-key", ""] },
  },
  chatty("cohere", "command-a-03-2025", "https://api.cohere.ai/compatibility/v1", "COHERE_API_KEY", PLAIN),
  chatty("together", "openai/gpt-oss-120b", "https://api.together.xyz/v1", "TOGETHER_API_KEY", {
    ...{ ...OSS, reasoning: "reasoning" },
  }),
  chatty(
    ...(["fireworks", "accounts/fireworks/models/gpt-oss-120b"] as const),
    ...(["https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY"] as const),
    { ...OSS, reasoning: "reasoning_content" },
  ),
  chatty("cerebras", "gpt-oss-120b", "https://api.cerebras.ai/v1", "CEREBRAS_API_KEY", {
    fields: ["model", "messages", "stream", USAGE, "tools", "max_completion_tokens", "reasoning_effort"],
    ...{ reasoning: "reasoning", echo: "allowed" },
  }),
  chatty("deepinfra", "openai/gpt-oss-120b", "https://api.deepinfra.com/v1/openai", "DEEPINFRA_API_KEY", {
    ...{ ...OSS, reasoning: "reasoning_content" },
  }),
  chatty("nvidia", "openai/gpt-oss-120b", "https://integrate.api.nvidia.com/v1", "NVIDIA_API_KEY", PLAIN),
  chatty("huggingface", "openai/gpt-oss-120b", "https://router.huggingface.co/v1", "HF_TOKEN", PLAIN),
  chatty("github-models", "openai/gpt-4.1", "https://models.github.ai/inference", "GITHUB_MODELS_TOKEN", PLAIN, {
    headers: { "x-github-api-version": /^\d{4}-\d\d-\d\d$/ },
  }),
  chatty("perplexity", "sonar-pro", "https://api.perplexity.ai", "PERPLEXITY_API_KEY", {
    ...{ fields: CHAT_FIELDS, echo: "refused", lacksTools: true },
  }),
  {
    ...{ id: "vertex", model: "gemini-3-flash-preview", wire: gemini, baseUrlEnv: "VERTEX_BASE_URL" },
    manners: { fields: GEMINI_FIELDS, reasoning: "signature", echo: "needed" },
    origin: "https://aiplatform.googleapis.com",
    basePath: "/v1/projects/my-project/locations/global/publishers/google",
    path: "/models/gemini-3-flash-preview:streamGenerateContent?alt=sse",
    ...{ keyEnv: "GOOGLE_CLOUD_ACCESS_TOKEN", keyHeader: BEARER, env: PROJECT },
  },
  {
    ...{ id: "vertex-anthropic", model: "claude-sonnet-4-5@20250929", wire: messages },
    manners: {
      fields: [...MESSAGES_FIELDS.filter((name) => name !== "model"), "anthropic_version"],
      needs: { anthropic_version: "vertex-2023-10-16" },
      ...{ reasoning: "thinking", echo: "needed" },
    },
    origin: "https://us-east5-aiplatform.googleapis.com",
    basePath: "/v1/projects/my-project/locations/us-east5/publishers/anthropic/models",
    path: "/claude-sonnet-4-5%4020250929:streamRawPredict",
    ...{ keyEnv: "GOOGLE_CLOUD_ACCESS_TOKEN", keyHeader: BEARER, env: PROJECT },
    baseUrlEnv: "ANTHROPIC_VERTEX_BASE_URL",
  },
  chatty(
    ...(["vertex-glm", "zai-org/glm-5-maas"] as const),
    "https://aiplatform.googleapis.com/v1/projects/my-project/locations/global/endpoints/openapi",
    "GOOGLE_CLOUD_ACCESS_TOKEN",
    { fields: [...CHAT_FIELDS, USAGE], reasoning: "reasoning_content", echo: "needed" },
    { env: PROJECT, baseUrlEnv: "VERTEX_OPENAPI_BASE_URL" },
  ),
  {
    ...{ id: "azure", model: "gpt-5.4", wire: responses, baseUrlEnv: "AZURE_OPENAI_ENDPOINT" },
    manners: { fields: RESPONSES_FIELDS, reasoning: "encrypted", echo: "needed", strict: false },
    ...{ origin: "https://my-resource.openai.azure.com", basePath: "/openai/v1", path: "/responses" },
    ...{ keyEnv: "AZURE_OPENAI_API_KEY", keyHeader: ["api-key", ""], env: { AZURE_RESOURCE_NAME: "my-resource" } },
  },
  {
    ...{ id: "azure-chat", model: "my-deployment", wire: chat, baseUrlEnv: "AZURE_OPENAI_ENDPOINT" },
    manners: {
      fields: ["model", "messages", "stream", USAGE, "tools", "max_completion_tokens", "reasoning_effort"],
      echo: "refused",
    },
    ...{ origin: "https://my-resource.openai.azure.com", basePath: "/openai", query: "api-version=2024-10-21" },
    path: "/deployments/my-deployment/chat/completions?api-version=2024-10-21",
    ...{ keyEnv: "AZURE_OPENAI_API_KEY", keyHeader: ["api-key", ""], env: { AZURE_RESOURCE_NAME: "my-resource" } },
  },
  {
    ...{ id: "openai-codex", model: "gpt-5.5", wire: responses, baseUrlEnv: "OPENAI_CODEX_BASE_URL" },
    manners: {
      fields: RESPONSES_FIELDS.filter((name) => name !== "max_output_tokens"),
      needs: { text: { verbosity: "low" }, include: ["reasoning.encrypted_content"], parallel_tool_calls: true },
      ...{ reasoning: "encrypted", echo: "needed", strict: null },
    },
    ...{ origin: "https://chatgpt.com", basePath: "/backend-api/codex", path: "/responses" },
    ...{ keyEnv: "CODEX_ACCESS_TOKEN", keyHeader: BEARER },
    headers: { "openai-beta": /^responses=experimental$/, originator: /./, session_id: /./ },
  },
  copilot("claude-sonnet-4.5", messages, "/v1/messages", {
    ...{ fields: MESSAGES_FIELDS, reasoning: "thinking", echo: "needed" },
  }),
  copilot("gpt-5.3-codex", responses, "/responses", {
    ...{ fields: RESPONSES_FIELDS, reasoning: "encrypted", echo: "needed" },
  }),
  copilot("gpt-4.1", chat, "/chat/completions", PLAIN),
  chatty("lmstudio", "qwen3-8b", "http://127.0.0.1:1234/v1", undefined, {
    ...{ ...PLAIN, reasoning: "reasoning_content", echo: "allowed" },
  }),
  {
    ...{ id: "ollama", model: "qwen3", wire: ollama, baseUrlEnv: "OLLAMA_HOST" },
    manners: { fields: OLLAMA_FIELDS, reasoning: "thinking", echo: "allowed", needs: { model: "qwen3", stream: true } },
    ...{ origin: "http://127.0.0.1:11434", basePath: "", path: "/api/chat" },
    facts: { "/api/show": { parameters: "num_ctx 200000", capabilities: ["completion", "tools"] } },
  },
  chatty("local-openai", "my-model", "http://127.0.0.1:8080/v1", undefined, {
    ...{ ...PLAIN, reasoning: "reasoning_content", echo: "allowed" },
  }),
]

function copilot(model: string, wire: ServedWire, path: string, manners: Manners): StrictProvider {
  return {
    ...{ id: "github-copilot", model, wire, manners, path },
    ...{ origin: "https://api.githubcopilot.com", basePath: "", baseUrlEnv: "GITHUB_COPILOT_BASE_URL" },
    ...{ keyEnv: "GITHUB_COPILOT_TOKEN", keyHeader: BEARER },
    headers: { "copilot-integration-id": /./, "editor-version": /^[\w-]+\/[\d.]+$/ },
    tells: { initiator: "x-initiator", pictures: "copilot-vision-request" },
  }
}
