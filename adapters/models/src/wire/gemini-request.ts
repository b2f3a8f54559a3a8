import type { AssistantBlock, Message, ModelRequest, ResultBlock } from "@skein/core/ports"
import type { ContentBlock } from "@skein/protocol"
import { type AssistantMessage, imagesOf, isEmptyText, partsOf, systemTexts, textOf } from "./content.ts"
import { headersFor, versioned } from "./endpoint.ts"
import { geminiSchema } from "./gemini-schema.ts"
import { argumentsObject, asArray, asObject, asText, type JsonObject, present } from "./json.ts"
import { ownData } from "./provider-data.ts"
import { searchTools } from "./search.ts"
import { geminiStyle, geminiThinking } from "./thinking.ts"
import type { Target, WireRequest } from "./wire.ts"

/** What the API takes, by its own documentation, in place of a signature that another model's call cannot have. */
const SIGNATURE_OF_ANOTHER = "skip_thought_signature_validator"

/** Provider ids of calls, by our id. Calls that came without one go back without, and so do their results. */
type CallIds = ReadonlyMap<string, string>

export function geminiRequest(request: ModelRequest, target: Target): WireRequest {
  const isSchemaInWords = lacksSchema(request, target)
  const system = systemTexts(request, isSchemaInWords)
  const ids = callIds(request.messages, target)
  const model = target.modelId.replace(/^models\//, "")
  const config = generationConfig(request, target, isSchemaInWords)
  return {
    path: versioned(target.baseUrl, "/v1beta", `/models/${encodeURIComponent(model)}:streamGenerateContent?alt=sse`),
    headers: headersFor(target, "x-goog-api-key"),
    body: {
      ...(system.length > 0 ? { systemInstruction: { parts: system.map((text) => ({ text })) } } : {}),
      ...toolFields(request, target),
      contents: request.messages.flatMap((message) => contentOf(message, target, ids)),
      ...(Object.keys(config).length > 0 ? { generationConfig: config } : {}),
    },
  }
}

/** Models before 3 refuse a response schema next to tools. */
function lacksSchema(request: ModelRequest, target: Target): boolean {
  if (target.provider.dialect?.lacksOutputSchema === true) return true
  return request.tools.length > 0 && geminiStyle(target) === "budget"
}

function generationConfig(request: ModelRequest, target: Target, isSchemaInWords: boolean): JsonObject {
  const schema = isSchemaInWords ? undefined : request.outputSchema?.schema
  return {
    ...(request.outputTokensMax === undefined ? {} : { maxOutputTokens: request.outputTokensMax }),
    ...(request.effort === undefined || !target.info.reasoning
      ? {}
      : { thinkingConfig: geminiThinking(target, request.effort) }),
    ...(schema === undefined ? {} : { responseMimeType: "application/json", responseJsonSchema: schema }),
  }
}

/** Beside functions of ours, the search says what it did, in parts that go back. */
function toolFields(request: ModelRequest, target: Target): JsonObject {
  const searches = searchTools(request.search, target.provider.dialect?.search)
  const functions = request.tools.length === 0 ? [] : [{ functionDeclarations: declarations(request, target) }]
  const tools = [...functions, ...searches]
  if (tools.length === 0) return {}
  const isMixed = functions.length > 0 && searches.length > 0
  return { tools, ...(isMixed ? { toolConfig: { includeServerSideToolInvocations: true } } : {}) }
}

function declarations(request: ModelRequest, target: Target): readonly JsonObject[] {
  return request.tools.map(({ name, description, inputSchema }) => ({
    name,
    description,
    ...(target.provider.dialect?.lacksJsonSchema
      ? narrowParameters(inputSchema)
      : { parametersJsonSchema: inputSchema }),
  }))
}

/** The older form refuses an object without properties: a tool that takes nothing has no parameters. */
function narrowParameters(inputSchema: JsonObject): JsonObject {
  const parameters = geminiSchema(inputSchema)
  return Object.keys(asObject(parameters.properties) ?? {}).length === 0 ? {} : { parameters }
}

function callIds(messages: readonly Message[], target: Target): CallIds {
  const ids = new Map<string, string>()
  for (const message of messages) {
    for (const block of message.content) {
      if (block.type !== "call") continue
      const id = asText(ownData(block.providerData, target)?.id)
      if (id !== "") ids.set(block.callId, id)
    }
  }
  return ids
}

function contentOf(message: Message, target: Target, ids: CallIds): readonly JsonObject[] {
  const parts = message.role === "assistant" ? modelParts(message, target, ids) : userParts(message, ids)
  return parts.length === 0 ? [] : [{ role: message.role === "assistant" ? "model" : "user", parts }]
}

function userParts(message: Extract<Message, { role: "user" }>, ids: CallIds): readonly JsonObject[] {
  const { results, said } = partsOf(message)
  const pictures = results.flatMap((result): ContentBlock[] => {
    const images = imagesOf(result.content)
    return images.length === 0 ? [] : [{ type: "text", text: `Pictures from ${result.name}:` }, ...images]
  })
  return [...results.map((result) => responsePart(result, ids)), ...[...pictures, ...said].map(contentPart)]
}

function responsePart(result: ResultBlock, ids: CallIds): JsonObject {
  const id = ids.get(result.callId)
  const text = textOf(result.content) || (imagesOf(result.content).length > 0 ? "" : "(no output)")
  return {
    functionResponse: {
      ...(id === undefined ? {} : { id }),
      name: result.name,
      response: result.isError ? { error: text } : { output: text },
    },
  }
}

function contentPart(block: ContentBlock): JsonObject {
  if (block.type === "text") return { text: block.text }
  return { inlineData: { mimeType: block.mediaType, data: block.data } }
}

function modelParts(message: AssistantMessage, target: Target, ids: CallIds): readonly JsonObject[] {
  const parts = message.content.flatMap((block) =>
    block.type === "hosted" ? hostedParts(block, target) : present(modelPart(block, target, ids)),
  )
  const call = parts.findIndex((part) => part.functionCall !== undefined)
  const isSigned = parts.some((part) => part.functionCall !== undefined && part.thoughtSignature !== undefined)
  if (call === -1 || isSigned || geminiStyle(target) === "budget") return parts
  return parts.map((part, i) => (i === call ? { ...part, thoughtSignature: SIGNATURE_OF_ANOTHER } : part))
}

type Hosted = Extract<AssistantBlock, { type: "hosted" }>

function hostedParts(block: Hosted, target: Target): readonly JsonObject[] {
  return asArray(ownData(block.providerData, target)?.parts).flatMap((part) => present(asObject(part)))
}

/** Each signature goes back on the part it came on. Thoughts themselves stay home, unless they carry one. */
function modelPart(block: Exclude<AssistantBlock, Hosted>, target: Target, ids: CallIds): JsonObject | undefined {
  const signature = asText(ownData(block.providerData, target)?.thoughtSignature)
  const signed = signature === "" ? {} : { thoughtSignature: signature }
  switch (block.type) {
    case "reasoning":
      return signature === "" ? undefined : { text: block.text, thought: true, ...signed }
    case "text":
      return isEmptyText(block) && signature === "" ? undefined : { text: block.text, ...signed }
    case "call": {
      const id = ids.get(block.callId)
      const call = { ...(id === undefined ? {} : { id }), name: block.name, args: argumentsObject(block.input) }
      return { functionCall: call, ...signed }
    }
  }
}
