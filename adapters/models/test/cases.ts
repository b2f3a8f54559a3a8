import type { ModelRequest } from "@skein/core/ports"
import type { Environment } from "../src/index.ts"

/** One model for each way of asking, and the environment that points its provider at a server. */
export const CASES: readonly { wire: string; model: string; env: (url: string) => Environment }[] = [
  { wire: "anthropic-messages", model: "anthropic/claude-sonnet-4-5", env: (url) => ({ ANTHROPIC_BASE_URL: url }) },
  { wire: "openai-responses", model: "openai/gpt-5.4", env: (url) => ({ OPENAI_BASE_URL: `${url}/v1` }) },
  { wire: "openai-chat", model: "openai-chat/gpt-5.4", env: (url) => ({ OPENAI_BASE_URL: `${url}/v1` }) },
  { wire: "google-gemini", model: "google/gemini-2.5-flash", env: (url) => ({ GOOGLE_GEMINI_BASE_URL: url }) },
  {
    wire: "package-amazon-bedrock",
    model: "bedrock/us.anthropic.claude-haiku-4-5-20251001-v1:0",
    env: (url) => ({ AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url, AWS_REGION: "us-east-1" }),
  },
]

export const PROMPT = "What is a skein?"
export const TOOL_PROMPT = "Read src/main.ts."

export function requestFor(model: string, prompt: string): ModelRequest {
  return {
    model,
    system: ["You are terse."],
    messages: [{ role: "user", content: [{ type: "text", text: prompt }] }],
    tools: [
      {
        name: "read",
        description: "Read a file.",
        inputSchema: {
          type: "object",
          properties: { path: { type: "string" }, lines: { type: "array", items: { type: "integer" } } },
          required: ["path"],
        },
      },
    ],
    cacheKey: "ses_test",
  }
}
