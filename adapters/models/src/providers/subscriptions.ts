import type { Row } from "./row.ts"

/**
 * What people have by a subscription instead of a key. None of these is an official API for others: each can change or be
 * taken away any day, and does so without breaking anything else.
 */
export const SUBSCRIPTIONS: readonly Row[] = [
  {
    id: "openai-codex",
    name: "ChatGPT (Codex)",
    aliases: ["codex", "chatgpt"],
    wire: "openai-responses",
    baseUrl: "https://chatgpt.com/backend-api/codex",
    baseUrlEnv: ["OPENAI_CODEX_BASE_URL"],
    keyEnv: ["CODEX_ACCESS_TOKEN"],
    login: "openai-codex",
    defaultModel: "gpt-5.5",
    models: ["gpt-5.5", "gpt-5.4", "gpt-5.4-mini", "gpt-5.3-codex-spark"],
    dialect: {
      headers: { "openai-beta": "responses=experimental", originator: "skein" },
      cache: "prompt_cache_key",
      cacheKeyCharsMax: 64,
      sessionHeader: "session_id",
      verbosity: "low",
      effortDefault: "medium",
      isStrictNull: true,
      needsInstructions: true,
      lacksOutputCap: true,
    },
  },
  {
    id: "github-copilot",
    name: "GitHub Copilot",
    aliases: ["copilot"],
    wire: "openai-chat",
    baseUrl: "https://api.githubcopilot.com",
    baseUrlEnv: ["GITHUB_COPILOT_BASE_URL"],
    keyEnv: ["GITHUB_COPILOT_TOKEN"],
    login: "github-copilot",
    defaultModel: "claude-sonnet-4.5",
    byModel: [
      { models: /^claude-/, wire: "anthropic-messages", dialect: { isGateway: true, keyHeader: "authorization" } },
      // Those from 5 on that are not small ones; `…-codex` speaks nothing else.
      { models: /^gpt-(?:5(?!-mini)|[6-9])/, wire: "openai-responses", dialect: { cache: "none" } },
    ],
    dialect: {
      outputCapField: "max_tokens",
      systemRole: "system",
      effort: "none",
      cache: "none",
      headers: {
        "copilot-integration-id": "vscode-chat",
        "editor-version": "skein/0.1.0",
        "openai-intent": "conversation-edits",
      },
      initiatorHeader: "x-initiator",
      picturesHeader: "copilot-vision-request",
    },
  },
]
