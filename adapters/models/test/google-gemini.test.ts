import { describe, expect, test } from "bun:test"
import type { Message } from "@skein/core/ports"
import { geminiSchema } from "../src/wire/gemini-schema.ts"
import { googleGemini } from "../src/wire/google-gemini.ts"
import { READ_TOOL, readAll, requestOf, type TargetFacts, targetOf } from "./asking.ts"
import { data } from "./replies.ts"

const own = (bytes: unknown) => ({ wire: "google-gemini", provider: "example", model: "gemini-4-argon", data: bytes })
const ARGON: TargetFacts = { modelId: "gemini-4-argon" }

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
      { type: "reasoning", text: "hm" },
      { type: "text", text: "Reading.", providerData: own({ thoughtSignature: "t" }) },
      {
        type: "call",
        callId: "cal_1",
        name: "read",
        input: { path: "a" },
        providerData: own({ id: "g1", thoughtSignature: "s" }),
      },
      { type: "call", callId: "cal_2", name: "read", input: { path: "b" } },
    ],
  },
  {
    role: "user",
    content: [
      {
        type: "result",
        callId: "cal_1",
        name: "read",
        content: [{ type: "image", mediaType: "image/png", data: "BBBB" }],
        isError: false,
      },
      {
        type: "result",
        callId: "cal_2",
        name: "read",
        content: [{ type: "text", text: "No such file" }],
        isError: true,
      },
      { type: "text", text: "and hurry" },
    ],
  },
]

describe("the request", () => {
  test("a conversation is written whole, each signature on its own part", () => {
    const request = requestOf({
      messages: CONVERSATION,
      tools: [READ_TOOL],
      effort: "medium",
      outputTokensMax: 900,
      outputSchema: { name: "x", schema: { type: "object" } },
    })

    expect(googleGemini.request(request, targetOf("google-gemini", ARGON))).toEqual({
      path: "/v1beta/models/gemini-4-argon:streamGenerateContent?alt=sse",
      headers: {
        "content-type": "application/json",
        accept: "text/event-stream",
        "x-goog-api-key": "sk-secret-0123456789",
      },
      body: {
        systemInstruction: { parts: [{ text: "Be brief." }] },
        tools: [
          {
            functionDeclarations: [
              { name: "read", description: "Reads a file.", parametersJsonSchema: READ_TOOL.inputSchema },
            ],
          },
        ],
        contents: [
          { role: "user", parts: [{ text: "look" }, { inlineData: { mimeType: "image/png", data: "AAAA" } }] },
          {
            role: "model",
            parts: [
              { text: "Reading.", thoughtSignature: "t" },
              { functionCall: { id: "g1", name: "read", args: { path: "a" } }, thoughtSignature: "s" },
              { functionCall: { name: "read", args: { path: "b" } } },
            ],
          },
          {
            role: "user",
            parts: [
              { functionResponse: { id: "g1", name: "read", response: { output: "" } } },
              { functionResponse: { name: "read", response: { error: "No such file" } } },
              { text: "Pictures from read:" },
              { inlineData: { mimeType: "image/png", data: "BBBB" } },
              { text: "and hurry" },
            ],
          },
        ],
        generationConfig: {
          maxOutputTokens: 900,
          thinkingConfig: { includeThoughts: true, thinkingLevel: "medium" },
          responseMimeType: "application/json",
          responseJsonSchema: { type: "object" },
        },
      },
    })
  })

  test.each([
    ["gemini-2.5-pro", "none", { includeThoughts: false, thinkingBudget: 128 }],
    ["gemini-2.5-flash", "none", { includeThoughts: false, thinkingBudget: 0 }],
    ["gemini-2.5-flash", "high", { includeThoughts: true, thinkingBudget: 16_384 }],
    ["gemini-3-pro-preview", "medium", { includeThoughts: true, thinkingLevel: "high" }],
    ["gemini-3-flash", "minimal", { includeThoughts: true, thinkingLevel: "minimal" }],
    ["gemini-4-argon", "xhigh", { includeThoughts: true, thinkingLevel: "high" }],
  ] as const)("%s thinks by effort %s in its own way", (modelId, effort, thinkingConfig) => {
    const { body } = googleGemini.request(requestOf({ effort }), targetOf("google-gemini", { modelId }))

    expect(body).toMatchObject({ generationConfig: { thinkingConfig } })
  })

  test("calls of another model carry the mark that lets them pass, once for each message", () => {
    const parts = (modelId: string) =>
      (
        googleGemini.request(requestOf({ messages: CONVERSATION }), targetOf("google-gemini", { modelId })).body as {
          contents: { parts: object[] }[]
        }
      ).contents[1]?.parts

    expect(parts("gemini-3-flash")).toEqual([
      { text: "Reading." },
      { functionCall: { name: "read", args: { path: "a" } }, thoughtSignature: "skip_thought_signature_validator" },
      { functionCall: { name: "read", args: { path: "b" } } },
    ])
    expect(JSON.stringify(parts("gemini-2.5-flash"))).not.toContain("thoughtSignature")
  })

  test("models that refuse a response schema next to tools are asked in words", () => {
    const request = requestOf({ tools: [READ_TOOL], outputSchema: { name: "x", schema: { type: "object" } } })
    const body = JSON.stringify(
      googleGemini.request(request, targetOf("google-gemini", { modelId: "gemini-2.5-pro" })).body,
    )

    expect(body).not.toContain("responseJsonSchema")
    expect(body).toContain("valid under this JSON Schema")
  })

  test("a base URL that names its version keeps it", () => {
    const target = targetOf("google-gemini", {
      modelId: "models/gemini-4-argon",
      baseUrl: "https://vertex.test/v1/publishers/google",
    })

    expect(googleGemini.request(requestOf(), target).path).toBe("/models/gemini-4-argon:streamGenerateContent?alt=sse")
  })

  test("the older schema form keeps what it knows and says the rest in its own way", () => {
    const schema = {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      additionalProperties: false,
      properties: {
        path: { type: ["string", "null"], format: "uri", examples: ["a"] },
        kind: { const: "x" },
        more: { oneOf: [{ type: "string" }, { $ref: "#/$defs/node" }] },
      },
      required: ["path"],
      $defs: { node: { type: "object", properties: { next: { $ref: "#/$defs/node" } } } },
    }
    const narrow = geminiSchema(schema)

    expect(narrow).toMatchObject({
      type: "object",
      required: ["path"],
      properties: { path: { type: "string", nullable: true }, kind: { type: "string", enum: ["x"] } },
    })
    expect(JSON.stringify(narrow)).not.toMatch(/\$ref|\$defs|\$schema|additionalProperties|"format"|oneOf|examples/)
    const target = targetOf("google-gemini", { ...ARGON, dialect: { lacksJsonSchema: true } })
    expect(JSON.stringify(googleGemini.request(requestOf({ tools: [READ_TOOL] }), target).body)).toContain(
      '"parameters":{"type":"object"',
    )
    const nothing = { name: "now", description: "The time.", inputSchema: { type: "object", properties: {} } }
    expect(JSON.stringify(googleGemini.request(requestOf({ tools: [nothing] }), target).body)).not.toContain(
      "parameters",
    )
  })
})

describe("the reply", () => {
  const target = targetOf("google-gemini", ARGON)
  const chunk = (parts: readonly object[], finishReason?: string) => ({
    candidates: [{ content: { parts }, finishReason }],
  })
  const call = { functionCall: { id: "g1", name: "read", args: { path: "a" } }, thoughtSignature: "s" }

  test("ids and signatures are kept for the way back", () => {
    const { items } = readAll(
      target,
      data(chunk([{ text: "a" }]), chunk([{ text: "", thoughtSignature: "t" }]), chunk([call], "STOP")),
    )

    expect(items).toEqual([
      { type: "text", text: "a", isWhole: true, providerData: own({ thoughtSignature: "t" }) },
      {
        type: "call",
        name: "read",
        text: '{"path":"a"}',
        providerCallId: "g1",
        isWhole: true,
        providerData: own({ id: "g1", thoughtSignature: "s" }),
      },
    ])
  })

  test.each([
    ["STOP", "end"],
    ["MAX_TOKENS", "length"],
    ["SAFETY", "refusal"],
    ["PROHIBITED_CONTENT", "refusal"],
    ["RECITATION", "refusal"],
    ["OTHER", "end"],
  ])("finish reason %s of a text is %s", (reason, stop) => {
    expect(readAll(target, data(chunk([{ text: "x" }], reason))).stop).toBe(stop)
  })

  test("a blocked prompt is a refusal", () => {
    expect(readAll(target, data({ promptFeedback: { blockReason: "SAFETY" } })).stop).toBe("refusal")
  })

  test("a call that Google could not read is an error that can be tried again", () => {
    expect(() => readAll(target, data(chunk([], "MALFORMED_FUNCTION_CALL")))).toThrow(
      expect.objectContaining({ code: "provider.protocol" }),
    )
  })

  test("an error inside the stream is an error", () => {
    const error = { error: { code: 503, status: "UNAVAILABLE", message: "The model is overloaded." } }

    expect(() => readAll(target, data(chunk([{ text: "x" }]), error))).toThrow(
      expect.objectContaining({ code: "provider.overloaded" }),
    )
  })
})
