import { responsesReply } from "./responses-reply.ts"
import { responsesRequest } from "./responses-request.ts"
import type { Wire } from "./wire.ts"

/** OpenAI's Responses API, used without state on the server: the whole conversation goes along each time. */
export const openaiResponses: Wire = {
  name: "openai-responses",
  request: responsesRequest,
  decoder: responsesReply,
}
