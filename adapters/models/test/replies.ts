import type { EventWire } from "./asking.ts"

/** One reply as each wire streams it: reasoning, text with characters of several bytes, two parallel calls, usage. */
export const REPLIES: Readonly<Record<EventWire, string>> = {
  "anthropic-messages": events(
    {
      type: "message_start",
      message: {
        id: "msg_1",
        usage: { input_tokens: 10, cache_read_input_tokens: 90, cache_creation_input_tokens: 5, output_tokens: 1 },
      },
    },
    { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "", signature: "" } },
    { type: "ping" },
    { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "Look at " } },
    { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "both." } },
    { type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: "sig-0" } },
    { type: "content_block_stop", index: 0 },
    { type: "content_block_start", index: 1, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "Ünï 🧵 " } },
    { type: "content_block_delta", index: 1, delta: { type: "text_delta", text: '"q"\n' } },
    { type: "content_block_stop", index: 1 },
    {
      type: "content_block_start",
      index: 2,
      content_block: { type: "tool_use", id: "toolu_a", name: "read", input: {} },
    },
    { type: "content_block_delta", index: 2, delta: { type: "input_json_delta", partial_json: '{"path":"a\\u00' } },
    { type: "content_block_delta", index: 2, delta: { type: "input_json_delta", partial_json: 'e9"}' } },
    { type: "content_block_stop", index: 2 },
    {
      type: "content_block_start",
      index: 3,
      content_block: { type: "tool_use", id: "toolu_b", name: "list", input: {} },
    },
    { type: "content_block_delta", index: 3, delta: { type: "input_json_delta", partial_json: "" } },
    { type: "content_block_stop", index: 3 },
    { type: "message_delta", delta: { stop_reason: "tool_use", stop_sequence: null }, usage: { output_tokens: 42 } },
    { type: "message_stop" },
  ),
  "openai-responses": events(
    { type: "response.created", response: { id: "resp_1" } },
    { type: "response.output_item.added", output_index: 0, item: { type: "reasoning", id: "rs_1", summary: [] } },
    { type: "response.reasoning_summary_part.added", item_id: "rs_1", output_index: 0, summary_index: 0, part: {} },
    {
      type: "response.reasoning_summary_text.delta",
      item_id: "rs_1",
      output_index: 0,
      summary_index: 0,
      delta: "Look at both.",
    },
    {
      type: "response.output_item.done",
      output_index: 0,
      item: {
        type: "reasoning",
        id: "rs_1",
        summary: [{ type: "summary_text", text: "Look at both." }],
        encrypted_content: "enc-1",
      },
    },
    { type: "response.output_item.added", output_index: 1, item: { type: "message", id: "msg_1", content: [] } },
    { type: "response.output_text.delta", item_id: "msg_1", output_index: 1, content_index: 0, delta: "Ünï 🧵 " },
    { type: "response.output_text.delta", item_id: "msg_1", output_index: 1, content_index: 0, delta: '"q"\n' },
    {
      type: "response.output_item.done",
      output_index: 1,
      item: {
        type: "message",
        id: "msg_1",
        phase: "commentary",
        content: [{ type: "output_text", text: 'Ünï 🧵 "q"\n' }],
      },
    },
    {
      type: "response.output_item.added",
      output_index: 2,
      item: { type: "function_call", id: "fc_a", call_id: "call_a", name: "read", arguments: "" },
    },
    {
      type: "response.output_item.added",
      output_index: 3,
      item: { type: "function_call", id: "fc_b", call_id: "call_b", name: "list", arguments: "" },
    },
    { type: "response.function_call_arguments.delta", item_id: "fc_a", output_index: 2, delta: '{"path":"a\\u00' },
    { type: "response.function_call_arguments.delta", item_id: "fc_b", output_index: 3, delta: "{}" },
    { type: "response.function_call_arguments.delta", item_id: "fc_a", output_index: 2, delta: 'e9"}' },
    {
      type: "response.output_item.done",
      output_index: 3,
      item: {
        type: "function_call",
        id: "fc_b",
        call_id: "call_b",
        name: "list",
        arguments: "{}",
        status: "completed",
      },
    },
    {
      type: "response.output_item.done",
      output_index: 2,
      item: {
        type: "function_call",
        id: "fc_a",
        call_id: "call_a",
        name: "read",
        arguments: '{"path":"a\\u00e9"}',
        status: "completed",
      },
    },
    {
      type: "response.completed",
      response: {
        id: "resp_1",
        usage: {
          input_tokens: 105,
          input_tokens_details: { cached_tokens: 90, cache_write_tokens: 5 },
          output_tokens: 42,
          output_tokens_details: { reasoning_tokens: 7 },
        },
      },
    },
  ),
  "openai-chat": `${data(
    { id: "chatcmpl-1", choices: [{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }] },
    { id: "chatcmpl-1", choices: [{ index: 0, delta: { reasoning_content: "Look at " } }] },
    { id: "chatcmpl-1", choices: [{ index: 0, delta: { reasoning_content: "both." } }] },
    { id: "chatcmpl-1", choices: [{ index: 0, delta: { content: "Ünï 🧵 " } }] },
    { id: "chatcmpl-1", choices: [{ index: 0, delta: { content: '"q"\n' } }] },
    {
      id: "chatcmpl-1",
      choices: [
        {
          index: 0,
          delta: {
            tool_calls: [{ index: 0, id: "call_a", type: "function", function: { name: "read", arguments: "" } }],
          },
        },
      ],
    },
    {
      id: "chatcmpl-1",
      choices: [
        {
          index: 0,
          delta: {
            tool_calls: [{ index: 1, id: "call_b", type: "function", function: { name: "list", arguments: "{}" } }],
          },
        },
      ],
    },
    {
      id: "chatcmpl-1",
      choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: '{"path":"a\\u00' } }] } }],
    },
    {
      id: "chatcmpl-1",
      choices: [{ index: 0, delta: { tool_calls: [{ index: 0, function: { arguments: 'e9"}' } }] } }],
    },
    { id: "chatcmpl-1", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
    {
      id: "chatcmpl-1",
      choices: [],
      usage: {
        prompt_tokens: 105,
        prompt_tokens_details: { cached_tokens: 90, cache_write_tokens: 5 },
        completion_tokens: 42,
        completion_tokens_details: { reasoning_tokens: 7 },
      },
    },
  )}data: [DONE]\n\n`,
  "google-gemini": data(
    { responseId: "gem_1", candidates: [{ content: { role: "model", parts: [{ text: "Look at ", thought: true }] } }] },
    { responseId: "gem_1", candidates: [{ content: { role: "model", parts: [{ text: "both.", thought: true }] } }] },
    { responseId: "gem_1", candidates: [{ content: { role: "model", parts: [{ text: "Ünï 🧵 " }] } }] },
    { responseId: "gem_1", candidates: [{ content: { role: "model", parts: [{ text: '"q"\n' }] } }] },
    {
      responseId: "gem_1",
      candidates: [
        {
          content: {
            role: "model",
            parts: [
              { functionCall: { name: "read", args: { path: "aé" } }, thoughtSignature: "sig-0" },
              { functionCall: { name: "list", args: {} } },
            ],
          },
        },
      ],
    },
    {
      responseId: "gem_1",
      candidates: [{ content: { role: "model", parts: [{ text: "" }] }, finishReason: "STOP" }],
      usageMetadata: {
        promptTokenCount: 105,
        cachedContentTokenCount: 90,
        candidatesTokenCount: 35,
        thoughtsTokenCount: 7,
      },
    },
  ),
}

/** Events with their name, as Anthropic and the Responses API send them. */
export function events(...bodies: readonly ({ readonly type: string } & Readonly<Record<string, unknown>>)[]): string {
  return bodies.map((body) => `event: ${body.type}\ndata: ${JSON.stringify(body)}\n\n`).join("")
}

/** Events without a name. */
export function data(...bodies: readonly unknown[]): string {
  return bodies.map((body) => `data: ${JSON.stringify(body)}\n\n`).join("")
}
