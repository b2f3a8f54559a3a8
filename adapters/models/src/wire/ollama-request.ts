import type { AssistantBlock, Message, ModelRequest } from "@skein/core/ports"
import type { ContentBlock } from "@skein/protocol"
import { imagesOf, partsOf, systemTexts, textOf, type UserMessage } from "./content.ts"
import { headersFor } from "./endpoint.ts"
import { argumentsObject, type JsonObject } from "./json.ts"
import { openaiEffort } from "./thinking.ts"
import type { Target, WireRequest } from "./wire.ts"

type OllamaMessage = JsonObject

export function ollamaRequest(request: ModelRequest, target: Target): WireRequest {
  const dialect = target.provider.dialect ?? {}
  const system = systemTexts(request, false).join("\n\n")
  const messages = request.messages.flatMap(messagesOf)
  return {
    path: "/api/chat",
    headers: headersFor(target, "authorization", { accept: "application/x-ndjson" }),
    body: {
      model: target.modelId,
      stream: true,
      messages: system === "" ? messages : [{ role: "system", content: system }, ...messages],
      ...toolFields(request),
      ...(request.outputSchema === undefined ? {} : { format: request.outputSchema.schema }),
      ...thinkFields(request, target),
      ...(dialect.keepAlive === undefined ? {} : { keep_alive: dialect.keepAlive }),
      options: {
        ...(target.info.contextTokens === undefined ? {} : { num_ctx: target.info.contextTokens }),
        ...(request.outputTokensMax === undefined ? {} : { num_predict: request.outputTokensMax }),
        ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
      },
    },
  }
}

function toolFields({ tools }: ModelRequest): JsonObject {
  if (tools.length === 0) return {}
  return {
    tools: tools.map(({ name, description, inputSchema }) => ({
      type: "function",
      function: { name, description, parameters: inputSchema },
    })),
  }
}

/** Most models know yes and no; those of the gpt-oss family know how hard, and no no. */
function thinkFields({ effort }: ModelRequest, target: Target): JsonObject {
  if (effort === undefined || !target.info.reasoning) return {}
  if (/^(?:.*\/)?gpt-oss/.test(target.modelId)) return { think: openaiEffort(target.modelId, effort) }
  return { think: effort !== "none" }
}

function messagesOf(message: Message): OllamaMessage[] {
  return message.role === "user" ? userMessages(message) : [assistantMessage(message.content)]
}

/** A tool's message takes text only, so its pictures follow in a message of the user, after all results. */
function userMessages(message: UserMessage): OllamaMessage[] {
  const { results, said } = partsOf(message)
  const answers = results.map((result): OllamaMessage => {
    const pictures = imagesOf(result.content).length > 0 ? "(its pictures follow)" : "(no output)"
    return { role: "tool", tool_name: result.name, content: textOf(result.content) || pictures }
  })
  const parts: readonly ContentBlock[] = [...results.flatMap(({ content }) => imagesOf(content)), ...said]
  if (parts.length === 0) return answers
  const images = imagesOf(parts).map(({ data }) => data)
  return [...answers, { role: "user", content: textOf(parts), ...(images.length === 0 ? {} : { images }) }]
}

function assistantMessage(content: readonly AssistantBlock[]): OllamaMessage {
  const text = content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("")
  const thinking = content.flatMap((block) => (block.type === "reasoning" ? [block.text] : [])).join("\n")
  const calls = content.flatMap((block) =>
    block.type === "call" ? [{ function: { name: block.name, arguments: argumentsObject(block.input) } }] : [],
  )
  return {
    role: "assistant",
    content: text,
    // Thoughts belong to the calls they led to; those of turns that are over only take room.
    ...(thinking === "" || calls.length === 0 ? {} : { thinking }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  }
}
