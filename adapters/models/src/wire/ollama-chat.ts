import { ollamaReply } from "./ollama-reply.ts"
import { ollamaRequest } from "./ollama-request.ts"
import type { Wire } from "./wire.ts"

/** Ollama's own chat (`docs/api.md` of Ollama), which alone lets a request set the window of its model. */
export const ollamaChat: Wire = {
  name: "ollama-chat",
  request: ollamaRequest,
  decoder: ollamaReply,
}
