import { describe, expect, test } from "bun:test"
import { complaintOf } from "./complaint.ts"
import { propose } from "./propose.ts"
import { changeText } from "./quirk.ts"

const TOOL = { type: "object", properties: { format: { type: "string", format: "uri" } }, additionalProperties: false }
const CHAT = {
  model: "m",
  stream: true,
  stream_options: { include_usage: true },
  max_tokens: 32_000,
  prompt_cache_key: "ses",
  reasoning_effort: "high",
  response_format: { type: "json_schema", json_schema: { name: "x", strict: true, schema: {} } },
  messages: [
    { role: "developer", content: "Be brief." },
    { role: "user", content: [{ type: "image_url", image_url: { url: "data:" } }] },
    { role: "assistant", content: null, reasoning_content: "", tool_calls: [{ id: "call_1", function: {} }] },
    { role: "tool", tool_call_id: "call_1", content: "x" },
  ],
  tools: [{ type: "function", function: { name: "read", parameters: TOOL, strict: true } }],
}
const RESPONSES = {
  model: "m",
  store: false,
  input: [],
  reasoning: { summary: "auto" },
  parallel_tool_calls: true,
  include: [],
}
const GEMINI = {
  contents: [],
  tools: [{ functionDeclarations: [{ name: "read", parametersJsonSchema: TOOL }] }],
  generationConfig: { thinkingConfig: {} },
}

const openai = (message: string, param?: string) =>
  JSON.stringify({ error: { message, type: "invalid_request_error", param } })
const first = (said: string, body: unknown) => propose(complaintOf(said), body).map(changeText)[0]

describe("the words of a 400 lead to the smallest change that could answer it", () => {
  test.each([
    [openai("Unknown parameter: 'stream_options'.", "stream_options"), "no stream_options", CHAT],
    [
      openai(
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      ),
      "the output is capped by max_completion_tokens",
      CHAT,
    ],
    [openai("Invalid max_tokens value, the valid range of max_tokens is [1, 8192]"), "max_tokens at most 8192", CHAT],
    [openai("max_tokens: 32000 > 4096, which is the maximum of 4096"), "max_tokens at most 4096", CHAT],
    [
      '{"detail":[{"type":"extra_forbidden","loc":["body","prompt_cache_key"],"msg":"Extra inputs are not permitted"}]}',
      "no cache marks",
      CHAT,
    ],
    [openai("Unexpected message role: developer"), "the system text has the role system", CHAT],
    [
      openai("The reasoning_content in the thinking mode must be passed back to the API."),
      "reasoning goes back as reasoning_content, reasoning is never left out",
      CHAT,
    ],
    [openai("reasoning_content is not allowed in input messages"), "no messages.*.reasoning_content", CHAT],
    [openai("This model does not support image input"), "no pictures", CHAT],
    [openai("messages[2].content must not be empty or null"), "empty text instead of null", CHAT],
    [
      openai("Tool call id was call_1 but must be a-z, A-Z, 0-9, with a length of 9."),
      "ids of calls with 9 letters",
      CHAT,
    ],
    [
      openai("Invalid 'messages[2].tool_calls[0].id': string too long. Expected a string with maximum length 40"),
      "ids of calls with 24 letters",
      CHAT,
    ],
    [
      openai("Invalid schema for function 'read': 'additionalProperties' is not supported"),
      "no additionalProperties in schemas",
      CHAT,
    ],
    [openai("tools[0].function.strict: unknown field `strict`"), "no tools.*.strict, no tools.*.function.strict", CHAT],
    [openai("response_format of type json_schema is not supported"), "the answer's schema in words", CHAT],
    [openai("Unrecognized request argument supplied: reasoning_effort"), "no effort", CHAT],
    [openai("temperature: only 1 is allowed for this model"), "temperature = 1", CHAT],
    ["Bad Request", "no stream_options", CHAT],
    [openai("Unsupported parameter: parallel_tool_calls"), "no parallel_tool_calls", RESPONSES],
    [
      openai("Your organization must be verified to generate reasoning summaries", "reasoning.summary"),
      "no summary of the reasoning",
      RESPONSES,
    ],
    [openai("Unknown parameter: 'include'."), "no include", RESPONSES],
    [
      '{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \\"parametersJsonSchema\\" at \'tools[0].function_declarations[0]\': Cannot find field."}}',
      "older tool schemas",
      GEMINI,
    ],
    [openai("Thinking is not supported for this model"), "no generationConfig.thinkingConfig", GEMINI],
  ])("%s", (said, change, body) => {
    expect(first(said, body)).toBe(change)
  })
})

test("what has nothing to do with how the request is written changes nothing", () => {
  for (const said of [
    "The city does not exist.",
    "Content was flagged as unsafe by the safety system",
    "Something odd",
  ])
    expect(first(openai(said), CHAT)).toBeUndefined()
})

test("no server can have the conversation, the tools or the wish not to be stored left out", () => {
  for (const name of ["messages", "model", "tools", "store", "input", "messages.0.content", "tools.0.function"])
    expect(first(openai(`Unknown parameter: '${name}'`, name), { ...CHAT, ...RESPONSES })).toBeUndefined()
})

test("a field that was not sent is not left out", () => {
  expect(first(openai("Unknown parameter: 'logit_bias'", "logit_bias"), CHAT)).toBeUndefined()
})
