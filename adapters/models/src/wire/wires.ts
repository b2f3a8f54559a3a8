import { anthropicMessages } from "./anthropic-messages.ts"
import { googleGemini } from "./google-gemini.ts"
import { openaiChat } from "./openai-chat.ts"
import { openaiResponses } from "./openai-responses.ts"
import type { Wire, WireName } from "./wire.ts"

/** Every wire by its name. */
export const WIRES: Readonly<Record<WireName, Wire>> = {
  "anthropic-messages": anthropicMessages,
  "openai-responses": openaiResponses,
  "openai-chat": openaiChat,
  "google-gemini": googleGemini,
}
