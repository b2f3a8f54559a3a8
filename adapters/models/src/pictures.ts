import type { Message, ModelRequest } from "@skein/core/ports"
import type { ContentBlock } from "@skein/protocol"

const NOTE: ContentBlock = { type: "text", text: "(a picture is here, which this model cannot see)" }

/**
 * The request with a note in the place of each picture. A model without eyes refuses a conversation that holds one, also
 * when another model was shown it long ago.
 */
export function withoutPictures(request: ModelRequest): ModelRequest {
  return { ...request, messages: request.messages.map(noted) }
}

function noted(message: Message): Message {
  if (message.role === "assistant") return message
  return {
    role: "user",
    content: message.content.map((block) =>
      block.type === "result" ? { ...block, content: block.content.map(notedBlock) } : notedBlock(block),
    ),
  }
}

function notedBlock(block: ContentBlock): ContentBlock {
  return block.type === "image" ? NOTE : block
}
