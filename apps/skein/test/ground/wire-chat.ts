import { type Conversation, checkPairs, type Frame, KEY, must, type Reply, turns, type Wire } from "./wire.ts"

interface Call {
  readonly id: string
  readonly type: string
  readonly function: { readonly name: string; readonly arguments: string }
}
interface ChatMessage {
  readonly role: string
  readonly content: string | null | readonly { type: string; text?: string }[]
  readonly tool_calls?: readonly Call[]
  readonly tool_call_id?: string
}
interface Body {
  readonly messages: readonly ChatMessage[]
  readonly tools?: readonly { function: { name: string; parameters: unknown } }[]
  readonly stream?: boolean
}

export const chat: Wire = {
  name: "OpenAI Chat",
  model: "openai-chat/gpt-6.1-terra",
  env: (url) => ({ OPENAI_BASE_URL: `${url}/v1`, OPENAI_API_KEY: KEY }),
  path: /^\/v1\/chat\/completions$/,
  keyHeader: "authorization",
  frames,
  read,
  error: (type, message) => JSON.stringify({ error: { type, code: type, message } }),
  errorFrame: (type, message) => ({ data: JSON.stringify({ error: { type, code: type, message } }) }),
}

function frames({ text, calls = [], split = (json) => [json], isInterleaved, lacksUsage }: Reply, seed: string) {
  const chunk = (choice: unknown, more: Readonly<Record<string, unknown>> = {}): Frame => ({
    data: JSON.stringify({
      id: `chatcmpl-${seed}`,
      object: "chat.completion.chunk",
      choices: choice === undefined ? [] : [choice],
      ...more,
    }),
  })
  const pieces = calls.map(({ args }) => split(JSON.stringify(args)))
  const part = (at: number, piece: string) =>
    chunk({ index: 0, delta: { tool_calls: [{ index: at, function: { arguments: piece } }] }, finish_reason: null })
  const opened = calls.map(({ name }, at) =>
    chunk({
      index: 0,
      delta: {
        tool_calls: [{ index: at, id: `call_${seed}_${at}`, type: "function", function: { name, arguments: "" } }],
      },
      finish_reason: null,
    }),
  )
  const said = [...(text ?? "").matchAll(/[\s\S]{1,9}/gu)].map(([piece]) =>
    chunk({ index: 0, delta: { content: piece }, finish_reason: null }),
  )
  return [
    chunk({ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }),
    ...said,
    ...(isInterleaved
      ? [...opened, ...turns(pieces, part)]
      : calls.flatMap((_, at) => [...opened.slice(at, at + 1), ...(pieces[at] ?? []).map((piece) => part(at, piece))])),
    chunk({ index: 0, delta: {}, finish_reason: calls.length > 0 ? "tool_calls" : "stop" }),
    ...(lacksUsage ? [] : [chunk(undefined, { usage: { prompt_tokens: 10, completion_tokens: 7 } })]),
    { data: "[DONE]" },
  ]
}

function read(value: unknown): Conversation {
  const body = value as Body
  must(body.stream === true, "a stream is asked for")
  let open: string[] = []
  for (const message of body.messages) {
    if (message.role === "tool") {
      must(open.includes(String(message.tool_call_id)), `no open call ${message.tool_call_id}`)
      open = open.filter((id) => id !== message.tool_call_id)
      continue
    }
    must(open.length === 0, `calls ${open} have no results before the next message`)
    open = (message.tool_calls ?? []).map(({ id }) => id)
    for (const call of message.tool_calls ?? []) JSON.parse(call.function.arguments)
    must(
      message.role !== "assistant" || message.content !== null || open.length > 0,
      "no message of the model is empty",
    )
  }
  must(open.length === 0, `calls ${open} have no results`)
  const calls = body.messages.flatMap(({ tool_calls = [] }) =>
    tool_calls.map((call) => ({ id: call.id, name: call.function.name, args: JSON.parse(call.function.arguments) })),
  )
  const results = body.messages
    .filter(({ role }) => role === "tool")
    .map(({ tool_call_id, content }) => ({ id: String(tool_call_id), text: textsOf(content).join("") }))
  checkPairs(calls, results)
  const texts = (...roles: readonly string[]) =>
    body.messages.filter(({ role }) => roles.includes(role)).flatMap(({ content }) => textsOf(content))
  return {
    system: texts("system", "developer").join("\n"),
    tools: (body.tools ?? []).map((tool) => ({ name: tool.function.name, schema: tool.function.parameters })),
    said: texts("user"),
    answered: texts("assistant").filter((text) => text !== ""),
    calls,
    results,
  }
}

function textsOf(content: ChatMessage["content"]): string[] {
  if (content === null || typeof content === "string") return [content ?? ""]
  return content.map(({ text }) => text ?? "")
}
