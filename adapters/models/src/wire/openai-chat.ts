import { chatReply } from "./chat-reply.ts"
import { chatRequest } from "./chat-request.ts"
import type { Wire } from "./wire.ts"

/** OpenAI's Chat Completions, in the dialects of all who speak it. */
export const openaiChat: Wire = {
  name: "openai-chat",
  request: chatRequest,
  decoder: chatReply,
}
