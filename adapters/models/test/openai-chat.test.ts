import { describe, expect, test } from "bun:test"
import type { Message } from "@skein/core/ports"
import { openaiChat } from "../src/wire/openai-chat.ts"
import type { Dialect } from "../src/wire/wire.ts"
import { READ_TOOL, readAll, requestOf, type TargetFacts, targetOf } from "./asking.ts"
import { data } from "./replies.ts"

const own = (bytes: unknown) => ({ wire: "openai-chat", provider: "example", model: "model-1", data: bytes })

const CONVERSATION: readonly Message[] = [
  {
    role: "user",
    content: [
      { type: "text", text: "look" },
      { type: "image", mediaType: "image/png", data: "AAAA" },
    ],
  },
  {
    role: "assistant",
    content: [
      { type: "reasoning", text: "hm", providerData: own({}) },
      { type: "call", callId: "call_1", name: "read", input: { path: "a" } },
      {
        type: "call",
        callId: "call_2",
        name: "read",
        input: { path: "b" },
        providerData: own({ extra_content: { google: { thought_signature: "s" } } }),
      },
    ],
  },
  {
    role: "user",
    content: [
      { type: "result", callId: "call_1", name: "read", content: [{ type: "text", text: "A" }], isError: false },
      {
        type: "result",
        callId: "call_2",
        name: "read",
        content: [{ type: "image", mediaType: "image/png", data: "BBBB" }],
        isError: false,
      },
      { type: "text", text: "and hurry" },
    ],
  },
]

describe("the request", () => {
  test("a conversation is written whole", () => {
    const schema = { type: "object", properties: {}, required: [], additionalProperties: false }
    const request = requestOf({
      messages: CONVERSATION,
      tools: [READ_TOOL],
      effort: "low",
      outputTokensMax: 900,
      outputSchema: { name: "x", schema },
    })

    expect(openaiChat.request(request, targetOf("openai-chat"))).toEqual({
      path: "/chat/completions",
      headers: {
        "content-type": "application/json",
        accept: "text/event-stream",
        authorization: "Bearer sk-secret-0123456789",
      },
      body: {
        model: "model-1",
        stream: true,
        stream_options: { include_usage: true },
        messages: [
          { role: "system", content: "Be brief." },
          {
            role: "user",
            content: [
              { type: "text", text: "look" },
              { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
            ],
          },
          {
            role: "assistant",
            content: null,
            tool_calls: [
              { id: "call_1", type: "function", function: { name: "read", arguments: '{"path":"a"}' } },
              {
                id: "call_2",
                type: "function",
                function: { name: "read", arguments: '{"path":"b"}' },
                extra_content: { google: { thought_signature: "s" } },
              },
            ],
          },
          { role: "tool", tool_call_id: "call_1", content: "A" },
          { role: "tool", tool_call_id: "call_2", content: "(its pictures follow)" },
          {
            role: "user",
            content: [
              { type: "text", text: "Pictures from read:" },
              { type: "image_url", image_url: { url: "data:image/png;base64,BBBB" } },
              { type: "text", text: "and hurry" },
            ],
          },
        ],
        tools: [{ type: "function", function: READ_TOOL_FUNCTION }],
        reasoning_effort: "low",
        max_completion_tokens: 900,
        response_format: { type: "json_schema", json_schema: { name: "x", strict: true, schema } },
      },
    })
  })

  test.each<readonly [string, Dialect, object]>([
    ["output cap", { outputCapField: "max_tokens" }, { max_tokens: 900 }],
    ["effort by level", { effort: "reasoning" }, { reasoning: { effort: "low" } }],
    ["thinking on or off", { effort: "thinking" }, { thinking: { type: "enabled" } }],
    ["cache key", { cache: "prompt_cache_key" }, { prompt_cache_key: "ses_1" }],
    ["context window", { contextField: "num_ctx" }, { options: { num_ctx: 32_768 } }],
  ])("a dialect changes the field: %s", (_, dialect, fields) => {
    expect(bodyOf({ dialect, contextTokens: 32_768 })).toMatchObject(fields)
  })

  test.each<readonly [string, object, boolean]>([
    [
      "closed and all required",
      { type: "object", properties: { a: {} }, required: ["a"], additionalProperties: false },
      true,
    ],
    ["open", { type: "object", properties: { a: {} }, required: ["a"] }, false],
    [
      "with a property that may be left out",
      { type: "object", properties: { a: {} }, additionalProperties: false },
      false,
    ],
    ["open further down", { type: "array", items: { type: "object" } }, false],
  ])("strict mode is asked for only where the API takes it: a schema that is %s", (_, schema, strict) => {
    const request = requestOf({ outputSchema: { name: "x", schema } })
    const { body } = openaiChat.request(request, targetOf("openai-chat"))

    expect(body).toMatchObject({ response_format: { json_schema: { strict, schema } } })
  })

  test("a dialect leaves fields out", () => {
    const body = bodyOf({
      dialect: { lacksUsageOption: true, effort: "none", systemRole: "developer", lacksOutputSchema: true },
    })

    expect(body).not.toHaveProperty("stream_options")
    expect(body).not.toHaveProperty("reasoning_effort")
    expect(body).not.toHaveProperty("options")
    expect((body.messages as readonly unknown[])[0]).toEqual({ role: "developer", content: "Be brief." })
  })

  test("reasoning goes back in the dialect's field with every message that holds calls, and is empty for another model", () => {
    const dialect: Dialect = { reasoningField: "reasoning_content" }

    expect(assistant({ dialect })).toMatchObject({ reasoning_content: "hm" })
    expect(assistant({ dialect, modelId: "model-2" })).toMatchObject({ reasoning_content: "" })
    expect(assistant({})).not.toHaveProperty("reasoning_content")
    const optional: Dialect = { ...dialect, isReasoningOptional: true }
    expect(assistant({ dialect: optional })).toMatchObject({ reasoning_content: "hm" })
    expect(assistant({ dialect: optional, modelId: "model-2" })).not.toHaveProperty("reasoning_content")
  })

  test("call ids get the length a dialect wants, the same for a call and its result", () => {
    const messages = JSON.stringify(bodyOf({ dialect: { callIdLength: 9 } }).messages)
    const ids = [...messages.matchAll(/"(?:id|tool_call_id)":"(\w{9})"/g)].map(([, id]) => id)

    expect(ids).toHaveLength(4)
    expect(ids.slice(0, 2)).toEqual(ids.slice(2))
    expect(ids[0]).not.toBe(ids[1])
  })

  test("cache marks lie on the system text and the last two messages that can carry one", () => {
    const { messages } = bodyOf({ dialect: { cache: "cache_control" } }) as { messages: readonly unknown[] }
    const marked = messages.flatMap((message, i) => (JSON.stringify(message).includes("cache_control") ? [i] : []))

    expect(marked).toEqual([0, 4, 5])
  })

  function bodyOf(facts: TargetFacts): Record<string, unknown> {
    const request = requestOf({ messages: CONVERSATION, effort: "low", outputTokensMax: 900 })
    return openaiChat.request(request, targetOf("openai-chat", facts)).body as Record<string, unknown>
  }

  function assistant(facts: TargetFacts): unknown {
    return (bodyOf(facts).messages as readonly { role: string }[]).find(({ role }) => role === "assistant")
  }
})

const READ_TOOL_FUNCTION = {
  name: READ_TOOL.name,
  description: READ_TOOL.description,
  parameters: READ_TOOL.inputSchema,
}

describe("the reply", () => {
  const target = targetOf("openai-chat")
  const delta = (fields: object, reason: string | null = null) => ({
    id: "c",
    choices: [{ index: 0, delta: fields, finish_reason: reason }],
  })
  const call = (fields: object) => delta({ tool_calls: [fields] })
  const plain = (stream: string) =>
    readAll(target, stream).items.map(({ name, text, isWhole }) => [name, text, isWhole])

  test("a call may come whole in one chunk, with stop as the reason, and without [DONE]", () => {
    const stream = data(
      call({ index: 0, id: "a", function: { name: "read", arguments: '{"path":"a"}' } }),
      delta({}, "stop"),
    )

    expect(plain(stream)).toEqual([["read", '{"path":"a"}', true]])
    expect(readAll(target, stream)).toMatchObject({ stop: "calls", usage: {} })
  })

  test("calls without an index, and calls that all say index 0, are told apart", () => {
    const bare = data(
      call({ id: "a", function: { name: "read", arguments: "{" } }),
      call({ function: { arguments: "}" } }),
      call({ id: "b", function: { name: "list", arguments: "{}" } }),
      delta({}, "tool_calls"),
    )
    const zero = data(
      call({ index: 0, id: "a", function: { name: "read", arguments: "{}" } }),
      call({ index: 0, id: "b", function: { name: "list", arguments: "{}" } }),
      delta({}, "tool_calls"),
    )

    expect(plain(bare)).toEqual([
      ["read", "{}", true],
      ["list", "{}", true],
    ])
    expect(plain(zero)).toEqual([
      ["read", "{}", true],
      ["list", "{}", true],
    ])
  })

  test("an id that changes with every piece of one call does not split it", () => {
    const stream = data(
      call({ index: 0, id: "x1", function: { name: "read", arguments: "{" } }),
      call({ index: 0, id: "x2", function: { arguments: "}" } }),
      delta({}, "tool_calls"),
    )

    expect(plain(stream)).toEqual([["read", "{}", true]])
  })

  test("id, name and arguments may come one after the other", () => {
    const stream = data(
      call({ index: 0, id: "a" }),
      call({ index: 0, function: { arguments: '{"a"' } }),
      call({ index: 0, function: { name: "read" } }),
      call({ index: 0, function: { arguments: ":1}" } }),
      delta({}, "tool_calls"),
    )

    expect(readAll(target, stream).items).toMatchObject([
      { name: "read", text: '{"a":1}', providerCallId: "a", isWhole: true },
    ])
  })

  test("arguments that are an object instead of text, and none at all, are taken", () => {
    const stream = data(
      call({ index: 0, id: "a", function: { name: "read", arguments: { path: "a" } } }),
      call({ index: 1, id: "b", function: { name: "list" } }),
      delta({}, "tool_calls"),
    )

    expect(plain(stream)).toEqual([
      ["read", '{"path":"a"}', true],
      ["list", "{}", true],
    ])
  })

  test("a surrogate pair split between two pieces of arguments is whole again", () => {
    const stream = data(
      call({ index: 0, id: "a", function: { name: "say", arguments: '{"x":"\\ud83e' } }),
      call({ index: 0, function: { arguments: '\\uddf5"}' } }),
      delta({}, "tool_calls"),
    )

    expect(JSON.parse(readAll(target, stream).items[0]?.text ?? "")).toEqual({ x: "🧵" })
  })

  test("a reply that hit its length has whole only the calls whose arguments are", () => {
    const stream = data(
      call({ index: 0, id: "a", function: { name: "read", arguments: '{"path":"a"}' } }),
      call({ index: 1, id: "b", function: { name: "read", arguments: '{"path":"' } }),
      call({ index: 2, id: "c", function: { name: "list", arguments: "" } }),
      delta({}, "length"),
    )

    expect(plain(stream).map(([, , isWhole]) => isWhole)).toEqual([true, false, false])
    expect(readAll(target, stream).stop).toBe("length")
  })

  test("reasoning and text that take turns are items of their own", () => {
    const stream = data(
      delta({ reasoning: "a" }),
      delta({ content: "b" }),
      delta({ reasoning: "c" }),
      delta({ content: "d" }),
      delta({}, "stop"),
    )

    expect(readAll(target, stream).items.map(({ type, text }) => type + text)).toEqual([
      "reasoninga",
      "textb",
      "reasoningc",
      "textd",
    ])
  })

  test("details of reasoning are joined by their index, and go back as they came", () => {
    const stream = data(
      delta({ reasoning: "a", reasoning_details: [{ type: "reasoning.text", index: 0, text: "a", format: "f" }] }),
      delta({ reasoning: "b", reasoning_details: [{ type: "reasoning.text", index: 0, text: "b", signature: "s" }] }),
      delta({ reasoning_details: [{ type: "reasoning.encrypted", index: 1, data: "e" }] }),
      delta({ content: "x" }),
      delta({}, "stop"),
    )
    const [reasoning] = readAll(target, stream).items
    const details = [
      { type: "reasoning.text", index: 0, text: "ab", format: "f", signature: "s" },
      { type: "reasoning.encrypted", index: 1, data: "e" },
    ]

    expect(reasoning).toEqual({
      type: "reasoning",
      text: "ab",
      isWhole: true,
      providerData: own({ reasoning_details: details }),
    })
    const said = { type: "text", text: "x" } as const
    const messages: readonly Message[] = [
      {
        role: "assistant",
        content: [{ type: "reasoning", text: "ab", providerData: own({ reasoning_details: details }) }, said],
      },
    ]
    expect(openaiChat.request(requestOf({ messages }), target).body).toMatchObject({
      messages: [{}, { content: "x", reasoning_details: details }],
    })
  })

  test.each([
    ["stop", "end"],
    ["length", "length"],
    ["content_filter", "refusal"],
    ["model_context_window_exceeded", "length"],
    ["tool_calls", "end"],
    ["new_reason", "end"],
  ])("finish reason %s of a text is %s", (reason, stop) => {
    expect(readAll(target, data(delta({ content: "x" }), delta({}, reason))).stop).toBe(stop)
  })

  test("a text that ends with [DONE] and no reason is whole", () => {
    expect(readAll(target, `${data(delta({ content: "x" }))}data: [DONE]\n\n`)).toMatchObject({
      items: [{ text: "x", isWhole: true }],
      stop: "end",
    })
  })

  test.each([
    [
      { error: { message: "Provider returned error", code: 502, metadata: { raw: "upstream down" } } },
      "provider.unavailable",
    ],
    [{ error: { message: "Rate limit exceeded", code: 429 } }, "provider.rate_limited"],
    [
      { error: { message: "This endpoint's maximum context length is 8192 tokens", code: 400 } },
      "provider.context_exceeded",
    ],
    [{ error: "the request exceeds the available context size" }, "provider.context_exceeded"],
    [{ error: { message: "Unexpected token", type: "invalid_request_error" } }, "provider.invalid_request"],
  ])("an error inside the stream is an error: %o", (error, code) => {
    expect(() => readAll(target, data(delta({ content: "x" }), error))).toThrow(expect.objectContaining({ code }))
  })
})
