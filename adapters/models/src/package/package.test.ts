import { expect, test } from "bun:test"
import type { LanguageModelV4CallOptions, LanguageModelV4StreamPart, LanguageModelV4Usage } from "@ai-sdk/provider"
import type { ModelChunk, ModelRequest } from "@skein/core/ports"
import type { PackageRow } from "../providers/row.ts"
import { ROWS } from "../providers/rows.ts"
import { fromPackage } from "./package.ts"
import type { PackageTarget } from "./target.ts"

const row = ROWS.find((one): one is PackageRow => "package" in one) as PackageRow
const INFO = { provider: "bedrock", id: "m", images: true, tools: true, reasoning: true, isReady: true }
const MARK = { amazonBedrock: { cachePoint: { type: "default" } } }

/** A package's model that streams the given parts, and what it was asked. */
function target(parts: readonly LanguageModelV4StreamPart[]) {
  const asked: LanguageModelV4CallOptions[] = []
  const made: PackageTarget = {
    row,
    modelId: "m",
    info: INFO,
    baseUrl: "https://bedrock.test",
    key: "secret-key-1",
    cacheMark: MARK,
    model: {
      doStream: async (options) => {
        asked.push(options)
        return {
          stream: new ReadableStream({
            start(controller) {
              for (const part of parts) controller.enqueue(part)
              controller.close()
            },
          }),
        }
      },
    },
  }
  return { made, asked }
}

async function reply(
  parts: readonly LanguageModelV4StreamPart[],
  request: ModelRequest = REQUEST,
): Promise<readonly ModelChunk[]> {
  return (await Array.fromAsync(fromPackage(target(parts).made, request, new AbortController().signal, LIMITS))).flat()
}

const LIMITS = { clock: { sleep: () => new Promise<void>(() => {}) }, headersTimeoutMs: 1000, idleTimeoutMs: 1000 }
const REQUEST: ModelRequest = { model: "bedrock/m", system: [], messages: [], tools: [], cacheKey: "k" }
const USAGE: LanguageModelV4Usage = {
  inputTokens: { total: 100, noCache: 60, cacheRead: 30, cacheWrite: 10 },
  outputTokens: { total: 20, text: 12, reasoning: 8 },
}
const finish = (unified: string, raw: string | undefined) =>
  ({ type: "finish", finishReason: { unified, raw }, usage: USAGE }) as LanguageModelV4StreamPart

test("stream parts become items with their signatures, usage and one stop", async () => {
  const chunks = await reply([
    { type: "stream-start", warnings: [] },
    { type: "response-metadata", id: "req-9" },
    // Some models leave the beginning of reasoning out.
    { type: "reasoning-delta", id: "0", delta: "let me see" },
    { type: "reasoning-delta", id: "0", delta: "", providerMetadata: { amazonBedrock: { signature: "sig" } } },
    { type: "reasoning-end", id: "0" },
    { type: "text-start", id: "1" },
    { type: "text-delta", id: "1", delta: "reading" },
    { type: "text-end", id: "1" },
    { type: "tool-input-start", id: "c1", toolName: "read" },
    { type: "tool-input-delta", id: "c1", delta: '{"path":"a"}' },
    { type: "tool-input-end", id: "c1" },
    { type: "tool-call", toolCallId: "c1", toolName: "read", input: '{"path":"a"}' },
    finish("tool-calls", "tool_use"),
  ])

  expect(chunks).toEqual([
    { type: "reasoning", index: 0, text: "let me see" },
    {
      type: "item_end",
      index: 0,
      providerData: {
        wire: "package:amazon-bedrock",
        provider: "bedrock",
        model: "m",
        data: { amazonBedrock: { signature: "sig" } },
      },
    },
    { type: "text", index: 1, text: "reading" },
    { type: "item_end", index: 1 },
    { type: "call", index: 2, name: "read", providerCallId: "c1" },
    { type: "arguments", index: 2, text: '{"path":"a"}' },
    { type: "item_end", index: 2, argumentsText: '{"path":"a"}' },
    { type: "usage", usage: { input: 60, cacheRead: 30, cacheWrite: 10, output: 20, reasoning: 8 } },
    { type: "stop", reason: "calls", requestId: "req-9" },
  ])
})

test.each([
  ["stop", "end_turn", "end"],
  ["length", "max_tokens", "length"],
  ["content-filter", "guardrail_intervened", "refusal"],
  ["other", "pause_turn", "paused"],
  ["other", "something_new", "end"],
])("a finish of %s (%s) is a stop of %s", async (unified, raw, reason) => {
  expect((await reply([finish(unified, raw)])).at(-1)).toEqual({
    type: "stop",
    reason,
    requestId: undefined,
  } as ModelChunk)
})

test.each([
  ["an interrupted finish", [finish("interrupted", undefined)]],
  ["a finish without a reason", [finish("other", undefined)]],
  ["no finish at all", [{ type: "text-delta", id: "0", delta: "half" }]],
] as [string, LanguageModelV4StreamPart[]][])("%s is a cut stream and no stop", async (_, parts) => {
  await expect(reply(parts)).rejects.toMatchObject({ code: "provider.stream_cut" })
})

test.each([
  [
    { statusCode: 429, message: "Too many requests", responseHeaders: { "retry-after": "3" } },
    "provider.rate_limited",
    3000,
  ],
  [{ statusCode: 403, message: "secret-key-1 is not authorized" }, "provider.auth", undefined],
  [{ statusCode: 400, message: "Input is too long for requested model." }, "provider.context_exceeded", undefined],
  [{ message: "Slow down", data: { throttlingException: {} } }, "provider.rate_limited", undefined],
  [{ message: "Cannot connect to API" }, "provider.unavailable", undefined],
])("an error of the package %j is %s", async (fields, code, retryAfterMs) => {
  const thrown = Object.assign(new Error(fields.message), fields)
  const error = await reply([{ type: "error", error: thrown }]).catch((caught: unknown) => caught)

  expect(error).toMatchObject({ code, retryAfterMs })
  expect((error as Error).message).not.toContain("secret-key-1")
})

test("an error inside a stream that is no Error is read as one", async () => {
  const error = { type: "validationException", statusCode: 400, message: "Input is too long for requested model." }
  await expect(reply([{ type: "error", error }])).rejects.toMatchObject({
    code: "provider.context_exceeded",
    message: expect.stringContaining("Input is too long"),
  })
})

test("a conversation goes out in the package's format, results before words, its own thinking only", async () => {
  const { made, asked } = target([finish("stop", "end_turn")])
  const own = {
    wire: "package:amazon-bedrock",
    provider: "bedrock",
    model: "m",
    data: { amazonBedrock: { signature: "s" } },
  }
  const request: ModelRequest = {
    ...REQUEST,
    system: ["stable", "volatile"],
    effort: "high",
    outputTokensMax: 99,
    tools: [{ name: "read", description: "Reads.", inputSchema: { type: "object" } }],
    messages: [
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
          { type: "reasoning", text: "own", providerData: own },
          { type: "reasoning", text: "foreign", providerData: { ...own, model: "other" } },
          { type: "call", callId: "c1", name: "read", input: { path: "a" } },
        ],
      },
      {
        role: "user",
        content: [
          { type: "result", callId: "c1", name: "read", content: [{ type: "text", text: "no file" }], isError: true },
          { type: "text", text: "go on" },
        ],
      },
    ],
  }
  await Array.fromAsync(fromPackage(made, request, new AbortController().signal, LIMITS))

  expect(asked[0]).toMatchObject({ maxOutputTokens: 99, reasoning: "high", toolChoice: { type: "auto" } })
  expect(asked[0]?.prompt).toEqual([
    { role: "system", content: "stable" },
    { role: "system", content: "volatile", providerOptions: MARK },
    {
      role: "user",
      content: [
        { type: "text", text: "look" },
        { type: "file", mediaType: "image/png", data: { type: "data", data: "AAAA" } },
      ],
    },
    {
      role: "assistant",
      content: [
        { type: "reasoning", text: "own", providerOptions: { amazonBedrock: { signature: "s" } } },
        { type: "tool-call", toolCallId: "c1", toolName: "read", input: { path: "a" } },
      ],
    },
    {
      role: "tool",
      content: [
        { type: "tool-result", toolCallId: "c1", toolName: "read", output: { type: "error-text", value: "no file" } },
      ],
    },
    { role: "user", content: [{ type: "text", text: "go on" }], providerOptions: MARK },
  ])
})

test("a package that does not listen to the signal is left behind at once", async () => {
  const deaf: PackageTarget = {
    ...target([]).made,
    model: { doStream: async () => ({ stream: new ReadableStream({}) }) },
  }
  const neverAnswering: PackageTarget = { ...deaf, model: { doStream: () => new Promise(() => {}) } }
  for (const made of [deaf, neverAnswering]) {
    const control = new AbortController()
    const reading = fromPackage(made, REQUEST, control.signal, LIMITS).next()
    setImmediate(() => control.abort(new Error("stopped")))

    await expect(reading).rejects.toThrow("stopped")
    // Time that passes at once: whoever is silent is given up.
    const hasty = { ...LIMITS, clock: { sleep: () => new Promise<void>((resolve) => setImmediate(resolve)) } }
    const given = fromPackage(made, REQUEST, new AbortController().signal, hasty).next()
    await expect(given).rejects.toMatchObject({ code: made === deaf ? "provider.idle" : "provider.unavailable" })
  }
})

test("what AWS quotes of a request that it would have signed otherwise is shown without the session's secrets", async () => {
  const canary = "FwoGZXIvYXdzEXAMPLEsessioncanary"
  const said = `The Canonical String should have been 'POST x-amz-security-token:${canary}'`
  const model = {
    doStream: () => Promise.reject(Object.assign(new Error(said), { statusCode: 403, responseBody: said })),
  }
  const asked = fromPackage({ ...target([]).made, model, secrets: [canary, ""] }, REQUEST, AbortSignal.any([]), LIMITS)
  const error = await Array.fromAsync(asked).catch((failure: unknown) => failure)
  expect(String(error)).toContain("x-amz-security-token:[key]")
  expect(Bun.inspect(error)).not.toContain(canary)
})
