import { type Json, list, object, string } from "./json.ts"
import { CALL_TOKENS, type Entry, INPUT_TOKENS, sse, type Wire } from "./wire.ts"

/** Anthropic Messages: POST …/messages. */
export const anthropic: Wire = {
  name: "anthropic",
  matches: (path) => path.endsWith("/messages"),
  isStreamed: (_path, body) => body.stream === true,
  read: (body) => ({
    entries: list(body.messages).flatMap(entriesIn),
    tools: list(body.tools)
      .filter((tool) => tool.input_schema !== undefined)
      .map((tool) => ({ name: string(tool.name), schema: object(tool.input_schema) })),
  }),
  say: (model, words) =>
    message(model, "end_turn", words.length, { type: "text", text: "" }, [
      ...words.map((text) => ({ type: "text_delta", text })),
    ]),
  call: (model, call) =>
    message(model, "tool_use", CALL_TOKENS, { type: "tool_use", id: call.id, name: call.name, input: {} }, [
      { type: "input_json_delta", partial_json: JSON.stringify(call.input) },
    ]),
  whole: (model, text) => ({
    ...head(model),
    content: [{ type: "text", text }],
    stop_reason: "end_turn",
    usage: { input_tokens: INPUT_TOKENS, output_tokens: 1 },
  }),
}

function entriesIn(said: Json): Entry[] {
  const content = said.content
  const parts = typeof content === "string" ? [{ type: "text", text: content }] : list(content)
  if (said.role !== "user") return parts.some((part) => part.type === "tool_use") ? [] : [{ kind: "answer" }]
  return parts.flatMap((part): Entry[] => {
    if (part.type === "text") return [{ kind: "user", text: string(part.text) }]
    if (part.type === "tool_result") return [{ kind: "result", text: JSON.stringify(part.content) }]
    return []
  })
}

function message(model: string, stop: string, outputTokens: number, block: Json, deltas: readonly Json[]): string[] {
  const start = { ...head(model), content: [], stop_reason: null }
  return [
    event("message_start", { message: { ...start, usage: { ...USAGE, output_tokens: 1 } } }),
    event("content_block_start", { index: 0, content_block: block }),
    ...deltas.map((delta) => event("content_block_delta", { index: 0, delta })),
    event("content_block_stop", { index: 0 }),
    event("message_delta", {
      delta: { stop_reason: stop, stop_sequence: null },
      usage: { output_tokens: outputTokens },
    }),
    event("message_stop", {}),
  ]
}

const USAGE = { input_tokens: INPUT_TOKENS, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 }

function head(model: string): Json {
  return { id: `msg_${crypto.randomUUID()}`, type: "message", role: "assistant", model, stop_sequence: null }
}

function event(type: string, fields: Json): string {
  return sse({ type, ...fields }, type)
}
