import type { AssistantBlock, Message, ModelRequest, ResultBlock } from "@skein/core/ports"
import type { ContentBlock } from "@skein/protocol"
import {
  type AssistantMessage,
  dataUrl,
  imagesOf,
  isEmptyText,
  isStrict,
  partsOf,
  systemTexts,
  textOf,
} from "./content.ts"
import { headersFor, pathOf } from "./endpoint.ts"
import { argumentsObject, asText, type JsonObject, present } from "./json.ts"
import { ownData } from "./provider-data.ts"
import { searchTools } from "./search.ts"
import { openaiEffort, takesVerbosity } from "./thinking.ts"
import type { Target, WireRequest } from "./wire.ts"

export function responsesRequest(request: ModelRequest, target: Target): WireRequest {
  const dialect = target.provider.dialect
  const said = systemTexts(request, dialect?.lacksOutputSchema === true).join("\n\n")
  const instructions = said === "" && dialect?.needsInstructions === true ? "Answer the person." : said
  return {
    path: pathOf(target, "/responses"),
    headers: headersFor(target, "authorization"),
    body: {
      ...(dialect?.lacksModelField === true ? {} : { model: target.modelId }),
      stream: true,
      store: dialect?.storesReplies === true,
      ...(instructions === "" ? {} : { instructions }),
      ...toolFields(request, target),
      ...conversation(request, target),
      ...reasoningFields(request, target),
      ...includeFields(request, target),
      ...(dialect?.cache === "none" ? {} : { prompt_cache_key: request.cacheKey.slice(0, dialect?.cacheKeyCharsMax) }),
      ...(request.outputTokensMax === undefined || dialect?.lacksOutputCap === true
        ? {}
        : { max_output_tokens: request.outputTokensMax }),
      ...textFields(request, target),
    },
  }
}

/** Instructions and tools are no part of what the server keeps: they go along each time. */
function conversation({ messages, continues }: ModelRequest, target: Target): JsonObject {
  const kept = target.provider.dialect?.storesReplies === true ? continues : undefined
  const said = messages.slice(kept?.messagesFrom ?? 0)
  return {
    ...(kept === undefined ? {} : { previous_response_id: kept.replyId }),
    input: said.flatMap((message) => itemsOf(message, target)),
  }
}

function toolFields(request: ModelRequest, target: Target): JsonObject {
  const { dialect } = target.provider
  const searches = searchTools(request.search, dialect?.search)
  if (request.tools.length + searches.length === 0) return {}
  const functions = request.tools.map((tool) => ({
    type: "function",
    name: tool.name,
    description: tool.description,
    // Left out, it would mean true, and the API would refuse schemas with optional properties.
    strict: dialect?.isStrictNull === true ? null : false,
    parameters: tool.inputSchema,
  }))
  return { tools: [...functions, ...searches], tool_choice: "auto", parallel_tool_calls: true }
}

function reasoningFields(request: ModelRequest, target: Target): JsonObject {
  if (!target.info.reasoning) return {}
  const asked = request.effort ?? target.provider.dialect?.effortDefault
  const effort = asked === undefined ? {} : { effort: openaiEffort(target.modelId, asked) }
  const summary = target.provider.dialect?.lacksReasoningSummary === true ? {} : { summary: "auto" }
  return { reasoning: { ...effort, ...summary } }
}

/** What an answer leaves out unless it is asked for. */
function includeFields({ search }: ModelRequest, { info, provider }: Target): JsonObject {
  const pages = search === undefined ? undefined : provider.dialect?.search?.include
  const include = [...(info.reasoning ? ["reasoning.encrypted_content"] : []), ...present(pages)]
  return include.length === 0 ? {} : { include }
}

function textFields({ verbosity, outputSchema }: ModelRequest, { provider, modelId }: Target): JsonObject {
  const { lacksVerbosity, lacksOutputSchema, verbosity: usual } = provider.dialect ?? {}
  const isTaken = lacksVerbosity !== true && takesVerbosity(modelId)
  const asked = (isTaken ? verbosity : undefined) ?? usual
  const text = {
    ...(asked === undefined ? {} : { verbosity: asked }),
    ...(outputSchema === undefined || lacksOutputSchema ? {} : { format: formatOf(outputSchema) }),
  }
  return Object.keys(text).length === 0 ? {} : { text }
}

function formatOf({ name, schema }: { readonly name: string; readonly schema: unknown }): JsonObject {
  return { type: "json_schema", name: name.replace(/[^\w-]/g, "_").slice(0, 64), strict: isStrict(schema), schema }
}

function itemsOf(message: Message, target: Target): readonly JsonObject[] {
  if (message.role === "assistant") return assistantItems(message, target)
  const { results, said } = partsOf(message)
  const items: JsonObject[] = results.map(resultItem)
  if (said.length > 0) items.push({ type: "message", role: "user", content: said.map(inputPart) })
  return items
}

function resultItem(result: ResultBlock): JsonObject {
  const hasImages = imagesOf(result.content).length > 0
  const output = hasImages
    ? result.content.filter((block) => !isEmptyText(block)).map(inputPart)
    : textOf(result.content) || "(no output)"
  return { type: "function_call_output", call_id: callId(result.callId), output }
}

function inputPart(block: ContentBlock): JsonObject {
  if (block.type === "text") return { type: "input_text", text: block.text }
  return { type: "input_image", image_url: dataUrl(block), detail: "auto" }
}

function assistantItems(message: AssistantMessage, target: Target): readonly JsonObject[] {
  const items = message.content.flatMap((block) => present(assistantItem(block, target)))
  // Reasoning is refused when the item it led to does not follow, as after an interrupt.
  const last = items.findLastIndex(({ type }) => type !== "reasoning")
  return items.slice(0, last + 1)
}

/** Items carry no id: with an id the API asks for the reasoning item that came before them, which may be gone. */
function assistantItem(block: AssistantBlock, target: Target): JsonObject | undefined {
  const data = ownData(block.providerData, target)
  switch (block.type) {
    case "reasoning":
      return data !== undefined && asText(data.encrypted_content) !== "" ? data : undefined
    case "text": {
      if (isEmptyText(block)) return undefined
      const phase = asText(data?.phase)
      const content = [{ type: "output_text", text: block.text }]
      return { type: "message", role: "assistant", content, ...(phase === "" ? {} : { phase }) }
    }
    case "hosted":
      return data
    case "call":
      return {
        type: "function_call",
        call_id: callId(block.callId),
        name: block.name,
        arguments: JSON.stringify(argumentsObject(block.input)),
      }
  }
}

/** The API takes at most 64 characters. */
function callId(id: string): string {
  return id.length <= 64 ? id : id.slice(-64)
}
