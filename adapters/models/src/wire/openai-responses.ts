import { responsesReply } from "./responses-reply.ts"
import { responsesRequest } from "./responses-request.ts"
import type { Wire } from "./wire.ts"

/** OpenAI's Responses API, used without state on the server, unless the person lets it keep the conversation. */
export const openaiResponses: Wire = {
  name: "openai-responses",
  request: responsesRequest,
  decoder: responsesReply,
}
