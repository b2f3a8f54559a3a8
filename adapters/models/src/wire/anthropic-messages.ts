import { anthropicReply } from "./anthropic-reply.ts"
import { anthropicRequest } from "./anthropic-request.ts"
import type { Wire } from "./wire.ts"

/** Anthropic's Messages API, and the gateways that speak it. */
export const anthropicMessages: Wire = {
  name: "anthropic-messages",
  request: anthropicRequest,
  decoder: anthropicReply,
}
