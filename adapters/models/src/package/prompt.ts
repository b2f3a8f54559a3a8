import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FunctionTool,
  LanguageModelV4Message,
  LanguageModelV4ToolResultPart,
  SharedV4ProviderOptions,
} from "@ai-sdk/provider"
import type { AssistantBlock, Message, ModelRequest, ResultBlock } from "@skein/core/ports"
import type { ContentBlock } from "@skein/protocol"
import { isEmptyText, systemTexts, textOf } from "../wire/content.ts"
import { ownMetadata, type PackageTarget } from "./target.ts"

/** One request in the packages' own format, for `doStream`. */
export function callOptions(
  request: ModelRequest,
  target: PackageTarget,
  signal: AbortSignal,
): LanguageModelV4CallOptions {
  const { outputSchema, outputTokensMax, effort } = request
  return {
    prompt: promptOf(request, target),
    abortSignal: signal,
    ...(outputTokensMax === undefined ? {} : { maxOutputTokens: outputTokensMax }),
    ...(effort === undefined || !target.info.reasoning ? {} : { reasoning: effort }),
    ...(request.tools.length === 0 ? {} : { tools: request.tools.map(toolOf), toolChoice: { type: "auto" } }),
    ...(outputSchema === undefined
      ? {}
      : { responseFormat: { type: "json", name: outputSchema.name, schema: outputSchema.schema as object } }),
  }
}

function promptOf(request: ModelRequest, target: PackageTarget): LanguageModelV4Message[] {
  const system = systemTexts(request, false).map((content): LanguageModelV4Message => ({ role: "system", content }))
  const messages = request.messages.flatMap((message) => messagesOf(message, target))
  return [...marked(system, target), ...marked(messages, target)]
}

/** Puts the package's cache mark on the last message, where it has one. */
function marked(messages: LanguageModelV4Message[], target: PackageTarget): LanguageModelV4Message[] {
  const last = messages.at(-1)
  if (last === undefined || target.cacheMark === undefined) return messages
  return [...messages.slice(0, -1), { ...last, providerOptions: target.cacheMark }]
}

/** Results go in a message of the role `tool`, before what the person said beside them. */
function messagesOf(message: Message, target: PackageTarget): LanguageModelV4Message[] {
  if (message.role === "assistant") {
    const content = message.content.flatMap((block) => assistantPart(block, target))
    return content.length === 0 ? [] : [{ role: "assistant", content }]
  }
  const results = message.content.filter((block): block is ResultBlock => block.type === "result")
  const said = message.content.filter((block): block is ContentBlock => block.type !== "result" && !isEmptyText(block))
  return [
    ...(results.length === 0 ? [] : [{ role: "tool" as const, content: results.map(resultPart) }]),
    ...(said.length === 0 ? [] : [{ role: "user" as const, content: said.map(userPart) }]),
  ]
}

type AssistantPart = Extract<LanguageModelV4Message, { role: "assistant" }>["content"][number]

function assistantPart(block: AssistantBlock, target: PackageTarget): AssistantPart[] {
  const metadata = ownMetadata(block.providerData, target) as SharedV4ProviderOptions | undefined
  const own = metadata === undefined ? {} : { providerOptions: metadata }
  switch (block.type) {
    case "text":
      return isEmptyText(block) ? [] : [{ type: "text", text: block.text, ...own }]
    case "reasoning":
      // Without its signature a provider refuses its own thinking, so another model's is left out.
      return metadata === undefined ? [] : [{ type: "reasoning", text: block.text, ...own }]
    case "call":
      return [
        { type: "tool-call", toolCallId: plainId(block.callId), toolName: block.name, input: block.input, ...own },
      ]
  }
}

function userPart(block: ContentBlock) {
  if (block.type === "text") return { type: "text" as const, text: block.text }
  return { type: "file" as const, mediaType: block.mediaType, data: { type: "data" as const, data: block.data } }
}

function resultPart(block: ResultBlock): LanguageModelV4ToolResultPart {
  const head = { type: "tool-result", toolCallId: plainId(block.callId), toolName: block.name } as const
  const isText = block.content.every(({ type }) => type === "text")
  const content = block.content.filter((part) => !isEmptyText(part))
  if (!isText) return { ...head, output: { type: "content", value: content.map(userPart) } }
  const value = textOf(content) || "(no output)"
  return { ...head, output: { type: block.isError ? "error-text" : "text", value } }
}

/** Services behind the packages take 64 letters, digits, `_` and `-`; another wire's ids may hold more. */
function plainId(callId: string): string {
  return callId.replace(/[^\w-]/g, "_").slice(-64)
}

function toolOf(tool: ModelRequest["tools"][number]): LanguageModelV4FunctionTool {
  const inputSchema = tool.inputSchema as LanguageModelV4FunctionTool["inputSchema"]
  return { type: "function", name: tool.name, description: tool.description, inputSchema }
}
