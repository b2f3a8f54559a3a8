import { describe, expect, test } from "bun:test"
import type { Message } from "@skein/core/ports"
import { openaiResponses } from "../src/wire/openai-responses.ts"
import { READ_TOOL, readAll, requestOf, type TargetFacts, targetOf } from "./asking.ts"
import { events } from "./replies.ts"

const GPT: TargetFacts = { modelId: "gpt-6.1" }
const own = (data: unknown) => ({ wire: "openai-responses", provider: "example", model: "gpt-6.1", data })
const REASONING = {
  type: "reasoning",
  id: "rs_1",
  summary: [{ type: "summary_text", text: "hm" }],
  encrypted_content: "enc",
}

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
      { type: "reasoning", text: "hm", providerData: own(REASONING) },
      { type: "text", text: "Reading.", providerData: own({ phase: "commentary" }) },
      { type: "call", callId: "call_1", name: "read", input: { path: "a" } },
      { type: "call", callId: "call_2", name: "read", input: { path: "b" } },
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
    ],
  },
]

describe("the request", () => {
  test("a conversation is written whole, without state on the server", () => {
    const schema = { type: "object", properties: {}, required: [], additionalProperties: false }
    const request = requestOf({
      messages: CONVERSATION,
      tools: [READ_TOOL],
      effort: "high",
      outputTokensMax: 9000,
      outputSchema: { name: "an answer", schema },
    })

    expect(openaiResponses.request(request, targetOf("openai-responses", GPT))).toEqual({
      path: "/responses",
      headers: {
        "content-type": "application/json",
        accept: "text/event-stream",
        authorization: "Bearer sk-secret-0123456789",
      },
      body: {
        model: "gpt-6.1",
        stream: true,
        store: false,
        instructions: "Be brief.",
        tools: [
          {
            type: "function",
            name: "read",
            description: "Reads a file.",
            strict: false,
            parameters: READ_TOOL.inputSchema,
          },
        ],
        tool_choice: "auto",
        parallel_tool_calls: true,
        input: [
          {
            type: "message",
            role: "user",
            content: [
              { type: "input_text", text: "look" },
              { type: "input_image", image_url: "data:image/png;base64,AAAA", detail: "auto" },
            ],
          },
          REASONING,
          {
            type: "message",
            role: "assistant",
            content: [{ type: "output_text", text: "Reading." }],
            phase: "commentary",
          },
          { type: "function_call", call_id: "call_1", name: "read", arguments: '{"path":"a"}' },
          { type: "function_call", call_id: "call_2", name: "read", arguments: '{"path":"b"}' },
          { type: "function_call_output", call_id: "call_1", output: "A" },
          {
            type: "function_call_output",
            call_id: "call_2",
            output: [{ type: "input_image", image_url: "data:image/png;base64,BBBB", detail: "auto" }],
          },
        ],
        reasoning: { effort: "high", summary: "auto" },
        include: ["reasoning.encrypted_content"],
        prompt_cache_key: "ses_1",
        max_output_tokens: 9000,
        text: { format: { type: "json_schema", name: "an_answer", strict: true, schema } },
      },
    })
  })

  test("a model without reasoning is not asked for any, and another model's is left out", () => {
    const body = bodyOf({ modelId: "gpt-4o", reasoning: false })

    expect(body).not.toHaveProperty("reasoning")
    expect(body).not.toHaveProperty("include")
    expect(JSON.stringify(body.input)).not.toContain("enc")
    expect(JSON.stringify(body.input)).not.toContain("phase")
  })

  test("reasoning that led to nothing is left out", () => {
    const cut: Message = {
      role: "assistant",
      content: [{ type: "reasoning", text: "hm", providerData: own(REASONING) }],
    }
    const body = openaiResponses.request(requestOf({ messages: [cut] }), targetOf("openai-responses", GPT)).body as {
      input: unknown
    }

    expect(body.input).toEqual([])
  })

  test("no summary of the reasoning is asked for where it is refused", () => {
    const target = targetOf("openai-responses", { dialect: { lacksReasoningSummary: true } })
    const { body } = openaiResponses.request(requestOf({ effort: "low" }), target)

    expect(body).toMatchObject({ reasoning: { effort: "low" }, include: ["reasoning.encrypted_content"] })
    expect(JSON.stringify(body)).not.toContain("summary")
  })

  test.each([
    ["o4-mini", "minimal", "low"],
    ["gpt-5", "none", "minimal"],
    ["gpt-5-codex", "xhigh", "high"],
    ["gpt-5.2", "minimal", "low"],
    ["gpt-6.1", "xhigh", "xhigh"],
    ["gpt-5.5", "none", "none"],
    ["gpt-5-codex", "none", "low"],
    ["gpt-5.1", "xhigh", "high"],
    ["gpt-5.1-codex-max", "xhigh", "xhigh"],
    ["gpt-5.3-codex", "none", "low"],
    ["openai/gpt-oss-120b", "none", "low"],
    ["openai/gpt-oss-120b", "xhigh", "high"],
    ["qwen3:8b", "minimal", "low"],
    ["qwen3:8b", "xhigh", "high"],
  ] as const)("%s is asked for effort %s as %s", (modelId, effort, word) => {
    const body = openaiResponses.request(requestOf({ effort }), targetOf("openai-responses", { modelId })).body

    expect(body).toMatchObject({ reasoning: { effort: word } })
  })

  function bodyOf(facts: TargetFacts): Record<string, unknown> {
    return openaiResponses.request(requestOf({ messages: CONVERSATION }), targetOf("openai-responses", facts))
      .body as Record<string, unknown>
  }
})

describe("the reply", () => {
  const target = targetOf("openai-responses", GPT)
  const completed = { type: "response.completed", response: { id: "resp_1" } }
  const call = { type: "function_call", id: "fc", call_id: "c", name: "read" }

  test("the finished item's arguments win over the streamed ones", () => {
    const stream = events(
      { type: "response.output_item.added", output_index: 0, item: { ...call, arguments: "" } },
      { type: "response.function_call_arguments.delta", output_index: 0, item_id: "fc", delta: '{"pa' },
      {
        type: "response.output_item.done",
        output_index: 0,
        item: { ...call, arguments: '{"path":"a"}', status: "completed" },
      },
      completed,
    )

    expect(readAll(target, stream)).toMatchObject({
      items: [{ text: '{"path":"a"}', isWhole: true, providerCallId: "c" }],
      stop: "calls",
    })
  })

  test("items are told apart by their id where the index is left out", () => {
    const stream = events(
      { type: "response.output_item.added", item: { ...call, id: "fc1", call_id: "c1" } },
      { type: "response.output_item.added", item: { ...call, id: "fc2", call_id: "c2", name: "list" } },
      { type: "response.function_call_arguments.delta", item_id: "fc2", delta: "{" },
      { type: "response.function_call_arguments.delta", item_id: "fc1", delta: '{"path":"a"}' },
      { type: "response.function_call_arguments.delta", item_id: "fc2", delta: "}" },
      { type: "response.output_item.done", item: { ...call, id: "fc1", call_id: "c1", arguments: '{"path":"a"}' } },
      { type: "response.output_item.done", item: { ...call, id: "fc2", call_id: "c2", name: "list", arguments: "" } },
      completed,
    )

    expect(readAll(target, stream).items.map(({ name, text }) => [name, text])).toEqual([
      ["read", '{"path":"a"}'],
      ["list", "{}"],
    ])
  })

  test("items that only the end tells of are not lost", () => {
    const output = [
      { type: "message", id: "m", content: [{ type: "output_text", text: "hi" }] },
      { ...call, arguments: "{}" },
    ]
    const stream = events({ type: "response.completed", response: { id: "r", output } })

    expect(readAll(target, stream)).toMatchObject({
      items: [
        { type: "text", text: "hi" },
        { type: "call", text: "{}", isWhole: true },
      ],
      stop: "calls",
    })
  })

  test("items told twice, while streaming and at the end, are taken once", () => {
    const item = { ...call, arguments: "{}", status: "completed" }
    const stream = events(
      { type: "response.output_item.done", output_index: 0, item },
      { type: "response.completed", response: { id: "r", output: [item] } },
    )

    expect(readAll(target, stream).items).toHaveLength(1)
  })

  test("a reply that hit its length has no whole call", () => {
    const stream = events(
      { type: "response.output_item.added", output_index: 0, item: call },
      { type: "response.function_call_arguments.delta", output_index: 0, delta: "{}" },
      { type: "response.output_item.done", output_index: 0, item: { ...call, arguments: "{}", status: "incomplete" } },
      {
        type: "response.incomplete",
        response: { incomplete_details: { reason: "max_output_tokens" }, output: [call] },
      },
    )

    expect(readAll(target, stream)).toMatchObject({ items: [{ isWhole: false }], stop: "length" })
  })

  test("a content filter and a refusal are refusals", () => {
    const filtered = events({
      type: "response.incomplete",
      response: { incomplete_details: { reason: "content_filter" } },
    })
    const refusal = events({ type: "response.refusal.delta", output_index: 0, delta: "I can't." }, completed)

    expect(readAll(target, filtered).stop).toBe("refusal")
    expect(readAll(target, refusal)).toMatchObject({
      items: [{ type: "text", text: "I can't.", isWhole: true }],
      stop: "refusal",
    })
  })

  test("parts of a summary are parted by a blank line", () => {
    const stream = events(
      { type: "response.output_item.added", output_index: 0, item: { type: "reasoning", id: "rs" } },
      { type: "response.reasoning_summary_part.added", output_index: 0, summary_index: 0 },
      { type: "response.reasoning_summary_text.delta", output_index: 0, delta: "one" },
      { type: "response.reasoning_summary_part.added", output_index: 0, summary_index: 1 },
      { type: "response.reasoning_summary_text.delta", output_index: 0, delta: "two" },
      { type: "response.output_item.done", output_index: 0, item: { type: "reasoning", id: "rs" } },
      completed,
    )

    expect(readAll(target, stream).items).toEqual([{ type: "reasoning", text: "one\n\ntwo", isWhole: true }])
  })

  test("reasoning without words is kept when it must go back, and is nothing otherwise", () => {
    const item = { type: "reasoning", id: "rs", summary: [], encrypted_content: "e" }
    const stream = (bytes: object) =>
      events({ type: "response.output_item.done", output_index: 0, item: bytes }, completed)

    expect(readAll(target, stream(item)).items).toEqual([
      { type: "reasoning", text: "", isWhole: true, providerData: own(item) },
    ])
    expect(readAll(target, stream({ type: "reasoning", id: "rs", summary: [] })).items).toEqual([])
  })

  test.each([
    ["rate_limit_exceeded", "Rate limit reached. Please try again in 1.5s.", "provider.rate_limited", 1500],
    ["insufficient_quota", "You exceeded your current quota.", "provider.quota", undefined],
    [
      "context_length_exceeded",
      "Your input exceeds the context window of this model.",
      "provider.context_exceeded",
      undefined,
    ],
    ["server_error", "The server had an error.", "provider.unavailable", undefined],
    ["server_is_overloaded", "Busy.", "provider.overloaded", undefined],
    ["invalid_prompt", "Invalid prompt.", "provider.invalid_request", undefined],
  ])("response.failed with %s is %s", (code, message, skein, retryAfterMs) => {
    const failed = { type: "response.failed", response: { id: "r", error: { code, message } } }
    const bare = { type: "error", code, message }

    for (const event of [failed, bare]) {
      expect(() => readAll(target, events(event))).toThrow(expect.objectContaining({ code: skein, retryAfterMs }))
    }
  })
})

describe("a conversation that the provider keeps", () => {
  const target = targetOf("openai-responses", { ...GPT, dialect: { storesReplies: true } })
  const request = requestOf({
    messages: [...CONVERSATION.slice(0, 2), { role: "user", content: [{ type: "text", text: "go on" }] }],
    continues: { replyId: "resp_1", messagesFrom: 2 },
  })
  const fresh = [{ type: "message", role: "user", content: [{ type: "input_text", text: "go on" }] }]

  test("is gone on from by its id, with the instructions and what is new", () => {
    expect(openaiResponses.request(request, target).body).toMatchObject({
      ...{ store: true, previous_response_id: "resp_1", instructions: "Be brief.", input: fresh },
    })
  })

  test("is not asked for, nor named, unless the person wants it kept", () => {
    const body = openaiResponses.request(request, targetOf("openai-responses", GPT)).body as { input: unknown[] }
    expect(body).toMatchObject({ store: false })
    expect(body).not.toHaveProperty("previous_response_id")
    expect(body.input.length).toBeGreaterThan(1)
  })

  test("has the id that a whole reply names, and none that is no id or that the server did not keep", () => {
    const storedAs = (response: object) => {
      const decoder = openaiResponses.decoder(target)
      const data = JSON.stringify({ type: "response.completed", response: { output: [], ...response } })
      return decoder.event({ event: "", data }).flatMap((chunk) => (chunk.type === "stop" ? [chunk.storedAs] : []))
    }
    expect(storedAs({ id: "resp_1" })).toEqual(["resp_1"])
    expect(storedAs({ id: "resp_1", store: false })).toEqual([undefined])
    expect(storedAs({ id: "resp 1\n" })).toEqual([undefined])
  })
})
