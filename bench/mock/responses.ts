import { type Json, list, object, string, textOf } from "./json.ts"
import { CALL_TOKENS, type Entry, INPUT_TOKENS, sse, type Tool, type Wire } from "./wire.ts"

/** OpenAI Responses: POST …/responses. */
export const responses: Wire = {
  name: "responses",
  matches: (path) => path.endsWith("/responses"),
  isStreamed: (_path, body) => body.stream === true,
  read: (body) => ({ entries: entriesOf(body.input), tools: list(body.tools).flatMap(toolsIn) }),
  say(model, words) {
    const text = words.join("")
    const at = { item_id: "msg_bench", output_index: 0, content_index: 0 }
    const part = { type: "output_text", text, annotations: [] }
    const item = { type: "message", id: "msg_bench", role: "assistant", status: "completed", content: [part] }
    return stream(model, item, { content: [] }, words.length, [
      ["response.content_part.added", { ...at, part: { ...part, text: "" } }],
      ...words.map((delta): Line => ["response.output_text.delta", { ...at, delta }]),
      ["response.output_text.done", { ...at, text }],
      ["response.content_part.done", { ...at, part }],
    ])
  },
  call(model, call) {
    const text = JSON.stringify(call.input)
    const at = { item_id: `fc_${call.id}`, output_index: 0 }
    const item = {
      type: "function_call",
      id: at.item_id,
      call_id: call.id,
      name: call.name,
      arguments: text,
      status: "completed",
    }
    return stream(model, item, { arguments: "" }, CALL_TOKENS, [
      ["response.function_call_arguments.delta", { ...at, delta: text }],
      ["response.function_call_arguments.done", { ...at, arguments: text }],
    ])
  },
  whole: (model, text) => ({
    ...response(model, "completed", [
      {
        type: "message",
        id: "msg_bench",
        role: "assistant",
        status: "completed",
        content: [{ type: "output_text", text, annotations: [] }],
      },
    ]),
    usage: usage(1),
  }),
}

type Line = readonly [type: string, fields: Json]

function entriesOf(input: unknown): Entry[] {
  if (typeof input === "string") return [{ kind: "user", text: input }]
  return list(input).flatMap((item): Entry[] => {
    if (item.role === "user") return [{ kind: "user", text: textOf(item.content) }]
    if (item.role === "assistant") return [{ kind: "answer" }]
    if (string(item.type).endsWith("_output")) return [{ kind: "result", text: JSON.stringify(item.output) }]
    return []
  })
}

/** Function tools, those inside namespaces too; tools the provider itself would run are not callable here. */
function toolsIn(tool: Json): Tool[] {
  if (tool.type === "namespace") return list(tool.tools).flatMap(toolsIn)
  return tool.type === "function" ? [{ name: string(tool.name), schema: object(tool.parameters) }] : []
}

/** The frames around one output item, numbered as the API does. */
function stream(model: string, item: Json, unfinished: Json, outputTokens: number, inside: readonly Line[]): string[] {
  const open = { response: response(model, "in_progress", []) }
  const lines: readonly Line[] = [
    ["response.created", open],
    ["response.in_progress", open],
    ["response.output_item.added", { output_index: 0, item: { ...item, ...unfinished, status: "in_progress" } }],
    ...inside,
    ["response.output_item.done", { output_index: 0, item }],
    ["response.completed", { response: { ...response(model, "completed", [item]), usage: usage(outputTokens) } }],
  ]
  return lines.map(([type, fields], index) => sse({ type, sequence_number: index, ...fields }, type))
}

function response(model: string, status: string, output: readonly Json[]): Json {
  return { id: "resp_bench", object: "response", created_at: 1_700_000_000, status, model, output }
}

function usage(outputTokens: number): Json {
  return {
    input_tokens: INPUT_TOKENS,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: INPUT_TOKENS + outputTokens,
  }
}
