import { geminiReply } from "./gemini-reply.ts"
import { geminiRequest } from "./gemini-request.ts"
import type { Wire } from "./wire.ts"

/** Google's generateContent, as the Gemini API serves it. */
export const googleGemini: Wire = {
  name: "google-gemini",
  request: geminiRequest,
  decoder: geminiReply,
}
