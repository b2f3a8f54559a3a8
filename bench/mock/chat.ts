import { type Json, list, object, string, textOf } from "./json.ts"
import { CALL_TOKENS, type Entry, INPUT_TOKENS, sse, type Wire } from "./wire.ts"

/** OpenAI Chat Completions: POST …/chat/completions. */
export const chat: Wire = {
  name: "chat",
  matches: (path) => path.endsWith("/chat/completions"),
  isStreamed: (_path, body) => body.stream === true,
  read: (body) => ({
    entries: list(body.messages).flatMap(entriesIn),
    tools: list(body.tools).map((tool) => {
      const declared = object(tool.function)
      return { name: string(declared.name), schema: object(declared.parameters) }
    }),
  }),
  say: (model, words, body) => [
    ...[{ role: "assistant", content: "" }, ...words.map((content) => ({ content }))].map((d) => chunk(model, d)),
    ...ending(model, body, "stop", words.length),
  ],
  call: (model, call, body) => [
    chunk(model, { role: "assistant", content: null }),
    chunk(model, {
      tool_calls: [{ index: 0, id: call.id, type: "function", function: { name: call.name, arguments: "" } }],
    }),
    chunk(model, { tool_calls: [{ index: 0, function: { arguments: JSON.stringify(call.input) } }] }),
    ...ending(model, body, "tool_calls", CALL_TOKENS),
  ],
  whole: (model, text) => ({
    ...HEAD,
    object: "chat.completion",
    model,
    choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
    usage: usage(1),
  }),
}

const HEAD = { id: "chatcmpl-bench", object: "chat.completion.chunk", created: 1_700_000_000 }

function entriesIn(message: Json): Entry[] {
  switch (message.role) {
    case "user":
      return [{ kind: "user", text: textOf(message.content) }]
    case "tool":
      return [{ kind: "result", text: textOf(message.content) }]
    case "assistant":
      return list(message.tool_calls).length > 0 ? [] : [{ kind: "answer" }]
    default:
      return []
  }
}

function chunk(model: string, delta: Json, finish: string | null = null): string {
  return sse({ ...HEAD, model, choices: [{ index: 0, delta, finish_reason: finish }] })
}

function ending(model: string, body: Json, finish: string, outputTokens: number): string[] {
  const counted = sse({ ...HEAD, model, choices: [], usage: usage(outputTokens) })
  const isCounted = object(body.stream_options).include_usage === true
  return [chunk(model, {}, finish), ...(isCounted ? [counted] : []), "data: [DONE]\n\n"]
}

function usage(outputTokens: number): Json {
  return {
    prompt_tokens: INPUT_TOKENS,
    completion_tokens: outputTokens,
    total_tokens: INPUT_TOKENS + outputTokens,
  }
}
