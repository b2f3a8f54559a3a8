import { converseEvent, converseException } from "@skein/testkit/providers"
import { type Conversation, checkPairs, type Frame, KEY, must, type Reply, turns, type Wire } from "./wire.ts"

type Block = Readonly<Record<string, unknown>>
interface Use {
  readonly toolUseId: string
  readonly name: string
  readonly input: unknown
}
interface Body {
  readonly system?: readonly Block[]
  readonly messages: readonly { readonly role: string; readonly content: readonly Block[] }[]
  readonly toolConfig?: { readonly tools: readonly { readonly toolSpec?: Use & { inputSchema: { json: unknown } } }[] }
}

/** An exception goes by this in place of an event's name. */
const EXCEPTION = "exception "

/** Amazon's Converse, in its binary event stream. */
export const bedrock: Wire = {
  name: "Amazon Bedrock",
  model: "bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  env: (url) => ({
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url,
    AWS_REGION: "us-east-1",
    AWS_BEARER_TOKEN_BEDROCK: KEY,
  }),
  path: /^\/model\/us\.anthropic\.claude-sonnet-4-5-20250929-v1%3A0\/converse-stream$/,
  keyHeader: "authorization",
  contentType: "application/vnd.amazon.eventstream",
  frames,
  encode: (all) =>
    Buffer.concat(
      all.map(({ event = "", data }) => {
        const payload: unknown = JSON.parse(data)
        if (!event.startsWith(EXCEPTION)) return converseEvent(event, payload)
        return converseException(event.slice(EXCEPTION.length), String((payload as { message: string }).message))
      }),
    ),
  read,
  error: (type, message) => JSON.stringify({ message: type === "insufficient_quota" ? `${type} ${message}` : message }),
  errorFrame: (type, message) =>
    frame(`${EXCEPTION}${type === "overloaded_error" ? "serviceUnavailableException" : "validationException"}`, {
      message,
    }),
}

function frame(event: string, body: unknown): Frame {
  return { event, data: JSON.stringify(body) }
}

function frames({ text, calls = [], split = (json) => [json], isInterleaved, lacksUsage }: Reply, seed: string) {
  const offset = text === undefined ? 0 : 1
  const begin = (at: number, start: unknown) =>
    frame("contentBlockStart", { contentBlockIndex: at + offset, start: { toolUse: start } })
  const delta = (at: number, input: string) =>
    frame("contentBlockDelta", { contentBlockIndex: at + offset, delta: { toolUse: { input } } })
  const end = (at: number) => frame("contentBlockStop", { contentBlockIndex: at + offset })
  const opened = calls.map(({ name }, at) => begin(at, { toolUseId: `tooluse_${seed}_${at}`, name }))
  const pieces = calls.map(({ args }) => split(JSON.stringify(args)))
  const said = [...(text ?? "").matchAll(/[\s\S]{1,9}/gu)].map(([piece]) =>
    frame("contentBlockDelta", { contentBlockIndex: 0, delta: { text: piece } }),
  )
  return [
    frame("messageStart", { role: "assistant" }),
    ...(text === undefined ? [] : [...said, frame("contentBlockStop", { contentBlockIndex: 0 })]),
    ...(isInterleaved
      ? [...opened, ...turns(pieces, delta), ...calls.map((_, at) => end(at))]
      : calls.flatMap((_, at) => [
          ...opened.slice(at, at + 1),
          ...(pieces[at] ?? []).map((piece) => delta(at, piece)),
          end(at),
        ])),
    frame("messageStop", { stopReason: calls.length > 0 ? "tool_use" : "end_turn" }),
    ...(lacksUsage ? [] : [frame("metadata", { usage: { inputTokens: 10, outputTokens: 7, totalTokens: 17 } })]),
  ]
}

function read(value: unknown): Conversation {
  const { system = [], messages, toolConfig } = value as Body
  for (const [at, { role, content }] of messages.entries()) {
    must(role === (at % 2 === 0 ? "user" : "assistant"), "roles alternate")
    must(content.length > 0, "no message is empty")
    const asked = usesIn(content).map(({ toolUseId }) => toolUseId)
    const told = resultsIn(messages[at + 1]?.content ?? []).map(({ id }) => id)
    must(
      asked.every((id) => told.includes(id)),
      `calls ${asked} have results ${told} in the next message`,
    )
  }
  const calls = messages.flatMap(({ content }) =>
    usesIn(content).map(({ toolUseId, name, input }) => ({ id: toolUseId, name, args: input })),
  )
  const results = messages.flatMap(({ content }) => resultsIn(content))
  checkPairs(calls, results)
  const texts = (role: string) =>
    messages.filter((message) => message.role === role).flatMap(({ content }) => textsOf(content))
  return {
    system: textsOf(system).join("\n"),
    tools: (toolConfig?.tools ?? []).flatMap(({ toolSpec }) =>
      toolSpec === undefined ? [] : [{ name: toolSpec.name, schema: toolSpec.inputSchema.json }],
    ),
    said: texts("user"),
    answered: texts("assistant"),
    calls,
    results,
  }
}

function usesIn(content: readonly Block[]): readonly Use[] {
  return content.flatMap(({ toolUse }) => (toolUse === undefined ? [] : [toolUse as Use]))
}

function resultsIn(content: readonly Block[]): readonly { readonly id: string; readonly text: string }[] {
  return content.flatMap(({ toolResult }) => {
    if (toolResult === undefined) return []
    const { toolUseId, content: parts } = toolResult as { toolUseId: string; content: readonly Block[] }
    return [{ id: toolUseId, text: textsOf(parts).join("") }]
  })
}

function textsOf(content: readonly Block[]): string[] {
  return content.flatMap(({ text }) => (typeof text === "string" ? [text] : []))
}
