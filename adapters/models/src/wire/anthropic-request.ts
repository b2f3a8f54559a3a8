import type { AssistantBlock, Message, ModelRequest, ResultBlock } from "@skein/core/ports"
import type { ContentBlock } from "@skein/protocol"
import { type AssistantMessage, isEmptyText, partsOf, systemTexts, type UserMessage } from "./content.ts"
import { headersFor, pathOf, versioned } from "./endpoint.ts"
import { argumentsObject, asArray, asObject, asText, type JsonObject, present } from "./json.ts"
import { ownData } from "./provider-data.ts"
import { searchTools } from "./search.ts"
import { type ClaudeThinking, claudeThinking } from "./thinking.ts"
import type { Target, WireRequest } from "./wire.ts"

type Block = Record<string, unknown>
interface Turn {
  readonly role: "user" | "assistant"
  readonly content: Block[]
}

/** What the API asks for when nobody says: enough for a long file, and little enough to leave room for input. */
const OUTPUT_TOKENS_DEFAULT = 32_000
/** A model nobody knows gets what every one of them allows. */
const OUTPUT_TOKENS_UNKNOWN = 8192
/** The least budget the API takes. */
const BUDGET_MIN = 1024

export function anthropicRequest(request: ModelRequest, target: Target): WireRequest {
  const dialect = target.provider.dialect
  const thinking = thinkingOf(request, target)
  const isSchemaInWords = dialect?.lacksOutputSchema === true
  const system = systemTexts(request, isSchemaInWords).map((text): Block => ({ type: "text", text }))
  const tools = request.tools.map(
    (tool): Block => ({
      name: tool.name,
      description: tool.description,
      input_schema: { type: "object", ...tool.inputSchema },
    }),
  )
  tools.push(...searchTools(request.search, dialect?.search).map((tool) => ({ ...tool })))
  const messages = request.messages
    .map((message) => turnOf(message, target))
    .filter(({ content }) => content.length > 0)
  if (dialect?.cache !== "none") markCache(system, tools, messages, target)
  const format = isSchemaInWords ? undefined : request.outputSchema
  return {
    path: pathOf(target, versioned(target.baseUrl, "/v1", "/messages")),
    headers: headersFor(target, "x-api-key", versionHeaders(thinking, target)),
    body: {
      ...(dialect?.bodyVersion === undefined ? {} : { anthropic_version: dialect.bodyVersion }),
      ...(dialect?.lacksModelField === true ? {} : { model: target.modelId }),
      max_tokens: outputTokens(request, target),
      stream: true,
      ...(system.length > 0 ? { system } : {}),
      ...(tools.length > 0 ? { tools } : {}),
      messages,
      ...thinkingFields(thinking, format?.schema),
    },
  }
}

/**
 * At most four marks: the end of the tools, of the system text, and of the last two messages of the user, so that the
 * prefix written by the step before is found even when this step added more blocks than the API looks back over.
 */
function markCache(system: Block[], tools: Block[], messages: readonly Turn[], target: Target): void {
  const { cacheTtl } = target.provider.dialect ?? {}
  const mark = { type: "ephemeral", ...(cacheTtl === undefined ? {} : { ttl: cacheTtl }) }
  const ends = [system.at(-1), tools.at(-1)]
  const said = messages.filter(({ role }) => role === "user").slice(-2)
  for (const block of [...ends, ...said.map(({ content }) => content.at(-1))]) {
    if (block !== undefined) block.cache_control = mark
  }
}

function versionHeaders(thinking: ClaudeThinking | undefined, target: Target): Record<string, string> {
  const isInBody = target.provider.dialect?.bodyVersion !== undefined
  const version: Record<string, string> = isInBody ? {} : { "anthropic-version": "2023-06-01" }
  if (thinking?.style !== "budget" || target.provider.dialect?.isGateway === true) return version
  return { ...version, "anthropic-beta": "interleaved-thinking-2025-05-14" }
}

function outputTokens(request: ModelRequest, target: Target): number {
  const most = target.info.outputTokensMax ?? (request.outputTokensMax === undefined ? OUTPUT_TOKENS_UNKNOWN : Infinity)
  return Math.min(request.outputTokensMax ?? OUTPUT_TOKENS_DEFAULT, most)
}

function thinkingOf(request: ModelRequest, target: Target): ClaudeThinking | undefined {
  const thinking = claudeThinking(target, request.effort)
  if (thinking?.style !== "budget") return thinking
  // The budget counts as output: half of it at least stays for the answer, and below the least budget there is none.
  const tokens = Math.min(thinking.tokens, Math.floor(outputTokens(request, target) / 2))
  if (tokens < BUDGET_MIN || !canThink(request.messages, target)) return undefined
  return { style: "budget", tokens }
}

/**
 * Inside a tool loop, a budget is taken only when the loop's first message begins with thinking of this model: after a
 * switch of the model, or of the effort, it goes on without until the next turn.
 */
function canThink(messages: readonly Message[], target: Target): boolean {
  const start = messages.findLastIndex(
    (message) => message.role === "user" && !message.content.some((block) => block.type === "result"),
  )
  const first = messages.slice(start + 1).find((message) => message.role === "assistant")
  if (first === undefined || first.role !== "assistant") return true
  return first.content[0]?.type === "reasoning" && thinkingBlock(first.content[0], target) !== undefined
}

function thinkingFields(thinking: ClaudeThinking | undefined, schema: unknown): JsonObject {
  const format = schema === undefined ? {} : { format: { type: "json_schema", schema } }
  const effort = thinking?.style === "adaptive" ? { effort: thinking.effort } : {}
  const config = { ...effort, ...format }
  return {
    ...(thinking === undefined ? {} : { thinking: thinkingField(thinking) }),
    ...(Object.keys(config).length === 0 ? {} : { output_config: config }),
  }
}

function thinkingField(thinking: ClaudeThinking): JsonObject {
  if (thinking.style === "budget") return { type: "enabled", budget_tokens: thinking.tokens }
  return { type: "adaptive", display: "summarized" }
}

function turnOf(message: Message, target: Target): Turn {
  if (message.role === "assistant") return { role: "assistant", content: assistantContent(message, target) }
  return { role: "user", content: userContent(message) }
}

function userContent(message: UserMessage): Block[] {
  const { results, said } = partsOf(message)
  return [...results.map(resultBlock), ...said.map(contentBlock)]
}

function resultBlock(result: ResultBlock): Block {
  const content = result.content.filter((block) => !isEmptyText(block))
  // The API refuses an error without content, and an error that holds a picture.
  const isError = result.isError && content.every(({ type }) => type === "text")
  return {
    type: "tool_result",
    tool_use_id: safeId(result.callId),
    content: content.length > 0 ? content.map(contentBlock) : [{ type: "text", text: "(no output)" }],
    ...(isError ? { is_error: true } : {}),
  }
}

function contentBlock(block: ContentBlock): Block {
  if (block.type === "text") return { type: "text", text: block.text }
  return { type: "image", source: { type: "base64", media_type: block.mediaType, data: block.data } }
}

function assistantContent(message: AssistantMessage, target: Target): Block[] {
  const blocks = message.content.flatMap((block) =>
    block.type === "hosted" ? hostedBlocks(block, target) : present(assistantBlock(block, target)),
  )
  // A reply that was interrupted while it thought must not end so.
  const last = blocks.findLastIndex(({ type }) => type !== "thinking" && type !== "redacted_thinking")
  return blocks.slice(0, last + 1)
}

/** A search with what it found, as it came: the API proves by it what the text cites. */
function hostedBlocks(block: Hosted, target: Target): Block[] {
  const blocks = asArray(ownData(block.providerData, target)?.blocks)
  return blocks.flatMap((one) => present(asObject(one))).map((one) => ({ ...one }))
}

type Hosted = Extract<AssistantBlock, { type: "hosted" }>

function assistantBlock(block: Exclude<AssistantBlock, Hosted>, target: Target): Block | undefined {
  if (block.type === "reasoning") return thinkingBlock(block, target)
  if (block.type === "text") return textBlock(block, target)
  return { type: "tool_use", id: safeId(block.callId), name: block.name, input: argumentsObject(block.input) }
}

function textBlock(block: Extract<AssistantBlock, { type: "text" }>, target: Target): Block | undefined {
  if (isEmptyText(block)) return undefined
  const citations = asArray(ownData(block.providerData, target)?.citations)
  return { type: "text", text: block.text, ...(citations.length === 0 ? {} : { citations }) }
}

/** The block as it came, or nothing: without its signature it is refused. */
function thinkingBlock(block: AssistantBlock, target: Target): Block | undefined {
  const data = ownData(block.providerData, target)
  const isUsable =
    (data?.type === "thinking" && asText(data.signature) !== "") ||
    (data?.type === "redacted_thinking" && asText(data.data) !== "")
  return isUsable ? { ...data } : undefined
}

/** The API takes letters, digits, `_` and `-` only; another wire's ids may hold more. */
function safeId(callId: string): string {
  return callId.replace(/[^\w-]/g, "_")
}
