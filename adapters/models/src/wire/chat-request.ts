import type { AssistantBlock, Message, ModelRequest } from "@skein/core/ports"
import type { ContentBlock, Effort } from "@skein/protocol"
import {
  type AssistantMessage,
  dataUrl,
  imagesOf,
  isStrict,
  partsOf,
  systemTexts,
  textOf,
  type UserMessage,
} from "./content.ts"
import { headersFor, pathOf } from "./endpoint.ts"
import { argumentsObject, asArray, type JsonObject } from "./json.ts"
import { ownData } from "./provider-data.ts"
import { openaiEffort } from "./thinking.ts"
import type { Dialect, Target, WireRequest } from "./wire.ts"

type ChatMessage = Record<string, unknown>

export function chatRequest(request: ModelRequest, target: Target): WireRequest {
  const dialect = target.provider.dialect ?? {}
  const system = systemTexts(request, dialect.lacksOutputSchema === true).join("\n\n")
  const messages = request.messages.flatMap((message) => messagesOf(message, target))
  if (system !== "") messages.unshift({ role: dialect.systemRole ?? "system", content: system })
  if (dialect.cache === "cache_control") markCache(messages)
  return {
    path: pathOf(target, "/chat/completions"),
    headers: headersFor(target, "authorization"),
    body: {
      ...(dialect.lacksModelField === true ? {} : { model: target.modelId }),
      stream: true,
      ...(dialect.lacksUsageOption ? {} : { stream_options: { include_usage: true } }),
      messages,
      ...toolFields(request),
      ...effortFields(request.effort, target),
      ...(request.outputTokensMax === undefined
        ? {}
        : { [dialect.outputCapField ?? "max_completion_tokens"]: request.outputTokensMax }),
      ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
      ...schemaFields(request, dialect),
      ...(dialect.cache === "prompt_cache_key" ? { prompt_cache_key: request.cacheKey } : {}),
      ...contextFields(target),
    },
  }
}

function toolFields(request: ModelRequest): JsonObject {
  if (request.tools.length === 0) return {}
  return {
    tools: request.tools.map((tool) => ({
      type: "function",
      function: { name: tool.name, description: tool.description, parameters: tool.inputSchema },
    })),
  }
}

function effortFields(effort: Effort | undefined, target: Target): JsonObject {
  if (effort === undefined || !target.info.reasoning) return {}
  switch (target.provider.dialect?.effort ?? "reasoning_effort") {
    case "reasoning_effort":
      return { reasoning_effort: openaiEffort(target.modelId, effort) }
    case "reasoning":
      return { reasoning: { effort } }
    case "thinking":
      return { thinking: { type: effort === "none" ? "disabled" : "enabled" } }
    case "enable_thinking":
      return { enable_thinking: effort !== "none" }
    case "none":
      return {}
  }
}

function schemaFields(request: ModelRequest, dialect: Dialect): JsonObject {
  if (request.outputSchema === undefined || dialect.lacksOutputSchema) return {}
  const { schema } = request.outputSchema
  const name = request.outputSchema.name.replace(/[^\w-]/g, "_").slice(0, 64)
  return {
    response_format: { type: "json_schema", json_schema: { name, strict: isStrict(schema), schema } },
  }
}

function contextFields(target: Target): JsonObject {
  const tokens = target.info.contextTokens
  if (target.provider.dialect?.contextField !== "num_ctx" || tokens === undefined) return {}
  return { options: { num_ctx: tokens } }
}

function messagesOf(message: Message, target: Target): ChatMessage[] {
  return message.role === "user" ? userMessages(message, target) : assistantMessage(message, target)
}

/** A tool's message takes text only, so its pictures follow in a message of the user, after all results. */
function userMessages(message: UserMessage, target: Target): ChatMessage[] {
  const { results, said } = partsOf(message)
  const answers = results.map((result): ChatMessage => {
    const pictures = imagesOf(result.content).length > 0 ? "(its pictures follow)" : "(no output)"
    return { role: "tool", tool_call_id: callId(result.callId, target), content: textOf(result.content) || pictures }
  })
  const pictures = results.flatMap((result): ContentBlock[] => {
    const images = imagesOf(result.content)
    return images.length === 0 ? [] : [{ type: "text", text: `Pictures from ${result.name}:` }, ...images]
  })
  const parts = [...pictures, ...said]
  if (parts.length === 0) return answers
  const isBridged = answers.length > 0 && target.provider.dialect?.needsAnswerAfterResults === true
  const bridge: ChatMessage[] = isBridged ? [{ role: "assistant", content: "I have the results." }] : []
  return [...answers, ...bridge, { role: "user", content: userContent(parts) }]
}

function userContent(parts: readonly ContentBlock[]): unknown {
  const [only] = parts
  if (parts.length === 1 && only?.type === "text") return only.text
  return parts.map((part) =>
    part.type === "text" ? { type: "text", text: part.text } : { type: "image_url", image_url: { url: dataUrl(part) } },
  )
}

function assistantMessage(message: AssistantMessage, target: Target): ChatMessage[] {
  const text = message.content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("")
  const calls = message.content.flatMap((block) => (block.type === "call" ? [toolCall(block, target)] : []))
  const isBlank = text.trim() === ""
  if (isBlank && calls.length === 0) return []
  return [
    {
      role: "assistant",
      content: isBlank ? null : text,
      ...reasoningBack(message, target, calls.length > 0),
      ...(calls.length > 0 ? { tool_calls: calls } : {}),
    },
  ]
}

function toolCall(block: Extract<AssistantBlock, { type: "call" }>, target: Target): JsonObject {
  return {
    id: callId(block.callId, target),
    type: "function",
    function: { name: block.name, arguments: JSON.stringify(argumentsObject(block.input)) },
    ...ownData(block.providerData, target),
  }
}

/**
 * Where a dialect wants reasoning back it goes with every message that holds calls, empty when there is none of this
 * model: most of those dialects refuse a message that lacks the field.
 */
function reasoningBack(message: AssistantMessage, target: Target, hasCalls: boolean): JsonObject {
  const field = target.provider.dialect?.reasoningField
  const own = message.content.flatMap((block) => {
    const data = block.type === "reasoning" ? ownData(block.providerData, target) : undefined
    return block.type === "reasoning" && data !== undefined
      ? [{ text: block.text, details: asArray(data.reasoning_details) }]
      : []
  })
  const details = own.flatMap((reasoning) => reasoning.details)
  // Details hold the text too, with what proves that it is the model's own.
  if (details.length > 0) return { reasoning_details: details }
  if (field === undefined || !hasCalls) return {}
  if (own.length === 0 && target.provider.dialect?.isReasoningOptional === true) return {}
  return { [field]: own.map(({ text }) => text).join("\n") }
}

function callId(id: string, target: Target): string {
  const length = target.provider.dialect?.callIdLength
  if (length === undefined) return id
  return Bun.hash(id).toString(36).padStart(length, "0").slice(-length)
}

/** Anthropic's marks inside Chat: the end of the system text and of the last two messages that can carry one. */
function markCache(messages: readonly ChatMessage[]): void {
  const system = messages.find(({ role }) => role === "system" || role === "developer")
  const said = messages.filter(({ role }) => role === "user" || role === "tool").slice(-2)
  for (const message of system === undefined ? said : [system, ...said]) mark(message)
}

function mark(message: ChatMessage): void {
  const parts =
    typeof message.content === "string" ? [{ type: "text", text: message.content }] : asArray(message.content)
  message.content = parts.map((part, i) =>
    i === parts.length - 1 && typeof part === "object" ? { ...part, cache_control: { type: "ephemeral" } } : part,
  )
}
