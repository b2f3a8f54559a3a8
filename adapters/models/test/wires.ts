import { anthropicMessages } from "../src/wire/anthropic-messages.ts"
import { googleGemini } from "../src/wire/google-gemini.ts"
import { ollamaChat } from "../src/wire/ollama-chat.ts"
import { openaiChat } from "../src/wire/openai-chat.ts"
import { openaiResponses } from "../src/wire/openai-responses.ts"
import type { Wire, WireName } from "../src/wire/wire.ts"

/** Every wire by its name. */
export const WIRES: Readonly<Record<WireName, Wire>> = {
  "anthropic-messages": anthropicMessages,
  "openai-responses": openaiResponses,
  "openai-chat": openaiChat,
  "google-gemini": googleGemini,
  "ollama-chat": ollamaChat,
}
