import { describe, expect, test } from "bun:test"
import type { Message } from "@skein/core/ports"
import { anthropicMessages } from "../src/wire/anthropic-messages.ts"
import { READ_TOOL, readAll, requestOf, type TargetFacts, targetOf } from "./asking.ts"
import { events } from "./replies.ts"

const own = (data: unknown) => ({ wire: "anthropic-messages", provider: "example", model: "claude-opus-5", data })
const OPUS: TargetFacts = { modelId: "claude-opus-5", outputTokensMax: 64_000 }
const THINKING = { type: "thinking", thinking: "hm", signature: "s1" }

const CONVERSATION: readonly Message[] = [
  { role: "user", content: [{ type: "text", text: "look" }] },
  {
    role: "assistant",
    content: [
      { type: "reasoning", text: "hm", providerData: own(THINKING) },
      { type: "reasoning", text: "", providerData: own({ type: "redacted_thinking", data: "r1" }) },
      { type: "text", text: "Reading." },
      { type: "call", callId: "cal_1", name: "read", input: { path: "a" } },
      { type: "call", callId: "cal:2", name: "read", input: { path: "b" } },
    ],
  },
  {
    role: "user",
    content: [
      { type: "text", text: "and hurry" },
      {
        type: "result",
        callId: "cal_1",
        name: "read",
        content: [{ type: "image", mediaType: "image/png", data: "AAAA" }],
        isError: false,
      },
      {
        type: "result",
        callId: "cal:2",
        name: "read",
        content: [{ type: "text", text: "No such file" }],
        isError: true,
      },
    ],
  },
]

describe("the request", () => {
  test("a conversation with thinking, calls, pictures and errors is written whole", () => {
    const request = requestOf({
      messages: CONVERSATION,
      tools: [READ_TOOL],
      effort: "high",
      outputSchema: { name: "x", schema: { type: "object" } },
    })
    const ephemeral = { cache_control: { type: "ephemeral" } }

    expect(anthropicMessages.request(request, targetOf("anthropic-messages", OPUS))).toEqual({
      path: "/v1/messages",
      headers: {
        "content-type": "application/json",
        accept: "text/event-stream",
        "anthropic-version": "2023-06-01",
        "x-api-key": "sk-secret-0123456789",
      },
      body: {
        model: "claude-opus-5",
        max_tokens: 32_000,
        stream: true,
        system: [{ type: "text", text: "Be brief.", ...ephemeral }],
        tools: [{ name: "read", description: "Reads a file.", input_schema: READ_TOOL.inputSchema, ...ephemeral }],
        messages: [
          { role: "user", content: [{ type: "text", text: "look", ...ephemeral }] },
          {
            role: "assistant",
            content: [
              THINKING,
              { type: "redacted_thinking", data: "r1" },
              { type: "text", text: "Reading." },
              { type: "tool_use", id: "cal_1", name: "read", input: { path: "a" } },
              { type: "tool_use", id: "cal_2", name: "read", input: { path: "b" } },
            ],
          },
          {
            role: "user",
            content: [
              {
                type: "tool_result",
                tool_use_id: "cal_1",
                content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } }],
              },
              {
                type: "tool_result",
                tool_use_id: "cal_2",
                content: [{ type: "text", text: "No such file" }],
                is_error: true,
              },
              { type: "text", text: "and hurry", ...ephemeral },
            ],
          },
        ],
        thinking: { type: "adaptive", display: "summarized" },
        output_config: { effort: "high", format: { type: "json_schema", schema: { type: "object" } } },
      },
    })
  })

  test("there are never more than four cache marks, and none where they are refused", () => {
    const messages = [...CONVERSATION, ...CONVERSATION, ...CONVERSATION]
    const request = requestOf({ system: ["a", "b"], messages, tools: [READ_TOOL, { ...READ_TOOL, name: "list" }] })

    expect(marks(request, OPUS)).toBe(4)
    expect(marks(request, { ...OPUS, dialect: { cache: "none" } })).toBe(0)
  })

  test.each([
    ["claude-3-7-sonnet-20250219", "high", { type: "enabled", budget_tokens: 16_000 }, undefined],
    ["claude-sonnet-4-20250514", "low", { type: "enabled", budget_tokens: 4096 }, undefined],
    ["claude-opus-4-5-20251101", "xhigh", { type: "enabled", budget_tokens: 16_000 }, undefined],
    ["claude-opus-4-6", "xhigh", { type: "adaptive", display: "summarized" }, { effort: "max" }],
    ["claude-opus-4-7", "xhigh", { type: "adaptive", display: "summarized" }, { effort: "xhigh" }],
    ["claude-opus-4-10", "minimal", { type: "adaptive", display: "summarized" }, { effort: "low" }],
    ["claude-sonnet-5-5", "medium", { type: "adaptive", display: "summarized" }, { effort: "medium" }],
    ["claude-sonnet-5-5", "none", undefined, undefined],
    ["glm-5.3", "medium", { type: "enabled", budget_tokens: 10_000 }, undefined],
  ] as const)("%s thinks by effort %s in its own way", (modelId, effort, thinking, config) => {
    const body = bodyOf(requestOf({ effort }), { modelId, outputTokensMax: 64_000 })

    expect(body.thinking).toEqual(thinking)
    expect(body.output_config).toEqual(config)
    const budget = thinking !== undefined && "budget_tokens" in thinking ? thinking.budget_tokens : 0
    expect(body.max_tokens).toBeGreaterThan(budget)
  })

  test("the catalogue's word about thinking wins over the name", () => {
    const of = (thinking: "adaptive" | "always" | "budget", effort: "none" | "low") =>
      bodyOf(requestOf({ effort }), { modelId: "claude-opus-5", dialect: { thinking } }).thinking

    expect(of("budget", "low")).toEqual({ type: "enabled", budget_tokens: 4096 })
    expect(of("adaptive", "none")).toBeUndefined()
    expect(of("always", "none")).toEqual({ type: "adaptive", display: "summarized" })
  })

  test("a budget that leaves no room for an answer is not asked for", () => {
    const body = bodyOf(requestOf({ effort: "high", outputTokensMax: 1500 }), { modelId: "claude-opus-4-1" })

    expect(body).toMatchObject({ max_tokens: 1500 })
    expect(body.thinking).toBeUndefined()
  })

  test("a model that comes in the middle of a tool loop goes on without a budget until the next turn", () => {
    const later: Message = { role: "user", content: [{ type: "text", text: "next" }] }
    const answered: Message = { role: "assistant", content: [{ type: "text", text: "done" }] }
    const thinking = (messages: readonly Message[]) =>
      bodyOf(requestOf({ messages, effort: "low" }), { modelId: "claude-opus-4-1" }).thinking

    expect(thinking(CONVERSATION)).toBeUndefined()
    expect(thinking([...CONVERSATION, answered, later])).toEqual({ type: "enabled", budget_tokens: 4096 })
  })

  test("thinking of another model, and thinking that leads to nothing, is left out", () => {
    const cut: Message = {
      role: "assistant",
      content: [{ type: "reasoning", text: "hm", providerData: own(THINKING) }],
    }
    const last: Message = { role: "user", content: [{ type: "text", text: "go on" }] }

    expect(JSON.stringify(bodyOf(requestOf({ messages: CONVERSATION }), { modelId: "claude-opus-6" }))).not.toContain(
      "thinking",
    )
    expect(bodyOf(requestOf({ messages: [last, cut, last] }), OPUS).messages).toHaveLength(2)
  })

  test("a gateway gets no beta header, and a budget elsewhere brings thinking between calls", () => {
    const headers = (isGateway: boolean) =>
      anthropicMessages.request(
        requestOf({ effort: "low" }),
        targetOf("anthropic-messages", { modelId: "claude-opus-4-1", dialect: { isGateway } }),
      ).headers

    expect(headers(false)["anthropic-beta"]).toBe("interleaved-thinking-2025-05-14")
    expect(headers(true)["anthropic-beta"]).toBeUndefined()
  })

  test("a schema that no field can carry is asked for in words", () => {
    const request = requestOf({ outputSchema: { name: "x", schema: { type: "array" } } })
    const body = bodyOf(request, { ...OPUS, dialect: { lacksOutputSchema: true } })

    expect(body.output_config).toBeUndefined()
    expect(JSON.stringify(body.system)).toContain('{\\"type\\":\\"array\\"}')
  })

  test("the version is in the path once, and the key in the header the dialect names", () => {
    const facts: TargetFacts = { baseUrl: "https://gateway.test/v1", dialect: { keyHeader: "authorization" } }
    const { path, headers } = anthropicMessages.request(requestOf(), targetOf("anthropic-messages", facts))

    expect(path).toBe("/messages")
    expect(headers.authorization).toBe("Bearer sk-secret-0123456789")
    expect(headers["x-api-key"]).toBeUndefined()
  })
})

describe("the reply", () => {
  const target = targetOf("anthropic-messages", OPUS)
  const call = (json: string, reason: string) =>
    events(
      { type: "message_start", message: { id: "msg_1" } },
      { type: "content_block_start", index: 0, content_block: { type: "tool_use", id: "t", name: "read", input: {} } },
      { type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json: json } },
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason: reason }, usage: { output_tokens: 3 } },
      { type: "message_stop" },
    )

  test("a call that was cut off by the reply's length never ends", () => {
    expect(readAll(target, call('{"path":"a', "max_tokens"))).toMatchObject({
      stop: "length",
      items: [{ isWhole: false }],
    })
    expect(readAll(target, call("", "max_tokens"))).toMatchObject({ stop: "length", items: [{ isWhole: false }] })
    expect(readAll(target, call('{"path":"a"}', "max_tokens"))).toMatchObject({
      stop: "length",
      items: [{ isWhole: true }],
    })
  })

  test.each([
    ["tool_use", "calls"],
    ["end_turn", "calls"],
    ["pause_turn", "paused"],
    ["refusal", "refusal"],
    ["model_context_window_exceeded", "length"],
    ["something_new", "calls"],
  ])("stop reason %s is %s when there are calls", (reason, stop) => {
    expect(readAll(target, call("{}", reason)).stop).toBe(stop)
  })

  test("redacted thinking is kept, to go back", () => {
    const { items } = readAll(
      target,
      events(
        { type: "content_block_start", index: 0, content_block: { type: "redacted_thinking", data: "r1" } },
        { type: "content_block_stop", index: 0 },
        { type: "message_delta", delta: { stop_reason: "end_turn" } },
      ),
    )

    expect(items).toEqual([
      { type: "reasoning", text: "", isWhole: true, providerData: own({ type: "redacted_thinking", data: "r1" }) },
    ])
  })

  test("the input counted at the start is not lost to a zero at the end", () => {
    const stream = events(
      {
        type: "message_start",
        message: { usage: { input_tokens: 12, cache_read_input_tokens: 30, output_tokens: 1 } },
      },
      {
        type: "message_delta",
        delta: { stop_reason: "end_turn" },
        usage: { input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 9 },
      },
    )

    expect(readAll(target, stream).usage).toEqual({ input: 12, cacheRead: 30, output: 9 })
  })

  test("a gateway that gives the whole input at once is understood", () => {
    const stream = events(
      {
        type: "content_block_start",
        index: 0,
        content_block: { type: "tool_use", id: "t", name: "read", input: { path: "a" } },
      },
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason: "tool_use" } },
    )

    expect(readAll(target, stream).items).toMatchObject([{ text: '{"path":"a"}', isWhole: true }])
  })

  test.each([
    ["overloaded_error", "Overloaded", "provider.overloaded"],
    ["rate_limit_error", "slow", "provider.rate_limited"],
    ["api_error", "Internal server error", "provider.unavailable"],
    ["invalid_request_error", "prompt is too long: 208310 tokens > 200000 maximum", "provider.context_exceeded"],
    ["invalid_request_error", "messages.1: bad", "provider.invalid_request"],
  ])("an error inside the stream, %s %s, is %s", (type, message, code) => {
    expect(() =>
      readAll(target, events({ type: "message_start", message: {} }, { type: "error", error: { type, message } })),
    ).toThrow(expect.objectContaining({ code }))
  })
})

function bodyOf(request: ReturnType<typeof requestOf>, facts: TargetFacts): Record<string, unknown> {
  return anthropicMessages.request(request, targetOf("anthropic-messages", facts)).body as Record<string, unknown>
}

function marks(request: ReturnType<typeof requestOf>, facts: TargetFacts): number {
  return JSON.stringify(bodyOf(request, facts)).split("cache_control").length - 1
}

test("marks ask for an hour where the person wants that, and what was written for so long is counted apart", () => {
  const asked = JSON.stringify(bodyOf(requestOf(), { dialect: { cacheTtl: "1h" } }))
  expect(asked).toContain('"cache_control":{"type":"ephemeral","ttl":"1h"}')
  const cache_creation = { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 7 }
  const usage = { input_tokens: 3, cache_creation_input_tokens: 7, cache_creation, output_tokens: 1 }
  const decoder = anthropicMessages.decoder(targetOf("anthropic-messages"))
  expect(decoder.event({ event: "", data: JSON.stringify({ type: "message_start", message: { usage } }) })).toEqual([
    { type: "usage", usage: { input: 3, cacheWrite: 7, cacheWriteLong: 7, output: 1 } },
  ])
})
