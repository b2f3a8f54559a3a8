import { describe, expect, test } from "bun:test"
import type { WebSearch } from "@skein/protocol"
import { models } from "../src/index.ts"
import {
  ANTHROPIC_SEARCH,
  GOOGLE_SEARCH,
  OPENAI_SEARCH,
  OPENROUTER_SEARCH,
  type SearchDialect,
  XAI_SEARCH,
} from "../src/wire/search-dialects.ts"
import type { Target, WireName } from "../src/wire/wire.ts"
import { blocksOf, READ_TOOL, readAll, requestOf, targetOf } from "./asking.ts"
import { WIRES } from "./wires.ts"

const SEARCH: WebSearch = {
  access: "live",
  contextSize: "high",
  allowedDomains: ["bun.sh"],
  location: { country: "DE", city: "Berlin" },
}
const LOCATION = { type: "approximate", country: "DE", city: "Berlin" }

function searching(wire: WireName, search: SearchDialect): Target {
  return targetOf(wire, { dialect: { search } })
}

function bodyOf(target: Target, facts: Parameters<typeof requestOf>[0]): Record<string, unknown> {
  return WIRES[target.provider.wire].request(requestOf(facts), target).body as Record<string, unknown>
}

describe("the request", () => {
  const wanted: readonly [WireName, SearchDialect, unknown][] = [
    [
      "openai-responses",
      OPENAI_SEARCH,
      {
        ...{ type: "web_search", external_web_access: true, search_context_size: "high" },
        ...{ filters: { allowed_domains: ["bun.sh"] }, user_location: LOCATION },
      },
    ],
    ["openai-responses", XAI_SEARCH, { type: "web_search", filters: { allowed_domains: ["bun.sh"] } }],
    [
      "anthropic-messages",
      ANTHROPIC_SEARCH,
      {
        ...{ type: "web_search_20250305", name: "web_search", allowed_domains: ["bun.sh"], user_location: LOCATION },
        cache_control: { type: "ephemeral" },
      },
    ],
    ["google-gemini", GOOGLE_SEARCH, { googleSearch: {} }],
    [
      "openai-chat",
      OPENROUTER_SEARCH,
      {
        type: "openrouter:web_search",
        parameters: { search_context_size: "high", allowed_domains: ["bun.sh"], user_location: LOCATION },
      },
    ],
  ]
  test.each(wanted)("asks for a search over %s as its provider has it", (wire, dialect, tool) => {
    const target = searching(wire, dialect)
    const { tools } = bodyOf(target, { search: SEARCH, tools: [READ_TOOL] })
    expect((tools as unknown[]).at(-1)).toEqual(tool)
    expect((tools as unknown[]).length).toBe(2)
    expect((bodyOf(target, { search: SEARCH }).tools as unknown[]).length).toBe(1)
    expect(JSON.stringify(bodyOf(target, { tools: [READ_TOOL] }))).not.toContain("earch")
  })

  test("cached keeps OpenAI to what it holds of the web", () => {
    const target = searching("openai-responses", OPENAI_SEARCH)
    const { tools, include } = bodyOf(target, { search: { access: "cached" } })
    expect(tools).toEqual([{ type: "web_search", external_web_access: false }])
    expect(include).toEqual(["reasoning.encrypted_content", "web_search_call.action.sources"])
  })

  test("Gemini is told to show its searches beside functions, and only then", () => {
    const target = searching("google-gemini", GOOGLE_SEARCH)
    const config = { includeServerSideToolInvocations: true }
    expect(bodyOf(target, { search: SEARCH, tools: [READ_TOOL] }).toolConfig).toEqual(config)
    expect(bodyOf(target, { search: SEARCH }).toolConfig).toBeUndefined()
  })

  test("a verbosity goes where it is understood", () => {
    const text = (modelId: string) => bodyOf(targetOf("openai-responses", { modelId }), { verbosity: "low" }).text
    expect(text("gpt-6.1-terra")).toEqual({ verbosity: "low" })
    expect(text("gpt-4o")).toBeUndefined()
    const chat = targetOf("openai-chat", { modelId: "gpt-5.5", dialect: { hasVerbosity: true } })
    expect(bodyOf(chat, { verbosity: "high" }).verbosity).toBe("high")
    expect(bodyOf(targetOf("openai-chat"), { verbosity: "high" }).verbosity).toBeUndefined()
  })
})

function sse(events: readonly object[]): string {
  return events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")
}

const USE = { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "bun 1.4" } }
const PAGE = { type: "web_search_result", url: "https://bun.sh/blog", title: "Bun 1.4", encrypted_content: "Eo8=" }
const RESULT = { type: "web_search_tool_result", tool_use_id: "srvtoolu_1", content: [PAGE] }
const CITATION = { type: "web_search_result_location", url: PAGE.url, encrypted_index: "Ei==", cited_text: "1.4" }

function anthropicStream(blocks: readonly object[], reason: string): string {
  return sse([
    { type: "message_start", message: { id: "msg_1", usage: { input_tokens: 5, output_tokens: 1 } } },
    ...blocks.flat(),
    {
      ...{ type: "message_delta", delta: { stop_reason: reason } },
      usage: { output_tokens: 9, server_tool_use: { web_search_requests: 1 } },
    },
    { type: "message_stop" },
  ])
}
const useEvents = (index: number) => [
  { type: "content_block_start", index, content_block: { ...USE, input: {} } },
  { type: "content_block_delta", index, delta: { type: "input_json_delta", partial_json: '{"query": ' } },
  { type: "content_block_delta", index, delta: { type: "input_json_delta", partial_json: '"bun 1.4"}' } },
  { type: "content_block_stop", index },
]
const resultEvents = (index: number) => [
  { type: "content_block_start", index, content_block: RESULT },
  { type: "content_block_stop", index },
]
const textEvents = (index: number) => [
  { type: "content_block_start", index, content_block: { type: "text", text: "" } },
  { type: "content_block_delta", index, delta: { type: "text_delta", text: "It is 1.4." } },
  { type: "content_block_delta", index, delta: { type: "citations_delta", citation: CITATION } },
  { type: "content_block_stop", index },
]

const SPLITS = [1, 7, 64, Number.MAX_SAFE_INTEGER]

test.each(SPLITS)("Anthropic's search comes whole and goes back as it came, in pieces of %d bytes", (size) => {
  const target = searching("anthropic-messages", ANTHROPIC_SEARCH)
  const stream = anthropicStream([useEvents(0), resultEvents(1), textEvents(2)].flat(), "end_turn")
  const reply = readAll(target, stream, size)

  expect(JSON.parse(reply.items[0]?.text ?? "")).toEqual({
    action: { kind: "search", query: "bun 1.4" },
    sources: [{ url: PAGE.url, title: PAGE.title }],
  })
  expect(reply.usage.searches).toBe(1)
  const content = blocksOf(reply, () => "")
  const body = bodyOf(target, { messages: [...requestOf().messages, { role: "assistant", content }] })
  const cited = { type: "text", text: "It is 1.4.", citations: [CITATION] }
  expect((body.messages as { content: unknown }[]).at(-1)?.content).toEqual([USE, RESULT, cited])
})

test("a search that Anthropic paused within goes back open, and its results come with the next reply", () => {
  const target = searching("anthropic-messages", ANTHROPIC_SEARCH)
  const first = readAll(target, anthropicStream(useEvents(0), "pause_turn"))
  const second = readAll(target, anthropicStream([...resultEvents(0), ...textEvents(1)], "end_turn"))

  expect(first.stop).toBe("paused")
  expect(JSON.parse(first.items[0]?.text ?? "")).toMatchObject({ isOpen: true })
  const content = [...blocksOf(first, () => ""), ...blocksOf(second, () => "")]
  const body = bodyOf(target, { messages: [...requestOf().messages, { role: "assistant", content }] })
  expect((body.messages as { content: unknown[] }[]).at(-1)?.content.slice(0, 2)).toEqual([USE, RESULT])
})

test("a search is told when it begins, before anything is found", () => {
  const firsts = (wire: "anthropic-messages" | "openai-responses", frames: readonly object[]) => {
    const decoder = WIRES[wire].decoder(targetOf(wire))
    return frames.flatMap((frame) => decoder.event({ event: "", data: JSON.stringify(frame) }))
  }
  const use = { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: {} }
  const delta = { type: "input_json_delta", partial_json: '{"query":"bun"}' }
  expect(
    firsts("anthropic-messages", [
      { type: "message_start", message: { id: "msg_1", usage: { input_tokens: 1, output_tokens: 1 } } },
      { type: "content_block_start", index: 0, content_block: use },
      { type: "content_block_delta", index: 0, delta },
      { type: "content_block_stop", index: 0 },
    ]).filter(({ type }) => type !== "usage"),
  ).toEqual([{ type: "hosted", index: 0, action: { kind: "search", query: "bun" } }])

  const item = { id: "ws_1", type: "web_search_call", status: "in_progress" }
  const [begun, ...more] = firsts("openai-responses", [{ type: "response.output_item.added", output_index: 0, item }])
  expect([begun, more]).toEqual([{ type: "hosted", index: 0, action: { kind: "other" }, sources: [] }, []])
})

test("a search of Anthropic's that failed says so in the provider's word", () => {
  const target = searching("anthropic-messages", ANTHROPIC_SEARCH)
  const content = { type: "web_search_tool_result_error", error_code: "max_uses_exceeded" }
  const failed = [{ type: "content_block_start", index: 1, content_block: { ...RESULT, content } }]
  const reply = readAll(target, anthropicStream([...useEvents(0), ...failed], "end_turn"))
  expect(JSON.parse(reply.items[0]?.text ?? "")).toMatchObject({ failure: "max_uses_exceeded" })
})

const CALL = {
  ...{ type: "web_search_call", status: "completed" },
  action: { type: "search", query: "bun 1.4", sources: [{ type: "url", url: "https://bun.sh/blog" }] },
}

test.each(SPLITS)("OpenAI's search goes back as it came but for its id, in pieces of %d bytes", (size) => {
  const target = searching("openai-responses", OPENAI_SEARCH)
  const item = { id: "ws_1", ...CALL }
  const opened = {
    id: "ws_2",
    type: "web_search_call",
    status: "completed",
    action: { type: "open_page", url: "https://x.y" },
  }
  const reply = readAll(
    target,
    sse([
      {
        type: "response.output_item.added",
        output_index: 0,
        item: { ...item, status: "in_progress", action: undefined },
      },
      { type: "response.web_search_call.searching", output_index: 0, item_id: "ws_1" },
      { type: "response.output_item.done", output_index: 0, item },
      { type: "response.output_item.done", output_index: 1, item: opened },
      {
        type: "response.completed",
        response: { id: "resp_1", output: [item, opened], usage: { input_tokens: 1, output_tokens: 1 } },
      },
    ]),
    size,
  )
  expect(reply.items.map(({ text }) => JSON.parse(text))).toEqual([
    { action: { kind: "search", query: "bun 1.4" }, sources: [{ url: "https://bun.sh/blog" }] },
    { action: { kind: "open_page", url: "https://x.y" }, sources: [] },
  ])
  expect(reply.usage.searches).toBe(1)
  const body = bodyOf(target, {
    messages: [...requestOf().messages, { role: "assistant", content: blocksOf(reply, () => "") }],
  })
  expect((body.input as unknown[]).slice(1, 2)).toEqual([CALL])
})

test("Gemini's search is read from its parts and what the reply says at its end, and its parts go back in place", () => {
  const target = searching("google-gemini", GOOGLE_SEARCH)
  const call = {
    toolCall: { toolType: "GOOGLE_SEARCH_WEB", id: "t1", args: { queries: ["bun 1.4"] } },
    thoughtSignature: "cw==",
  }
  const response = { toolResponse: { toolType: "GOOGLE_SEARCH_WEB", id: "t1", response: {} } }
  const groundingMetadata = {
    webSearchQueries: ["bun 1.4", "bun release"],
    groundingChunks: [{ web: { uri: "https://bun.sh/blog", title: "bun.sh" } }],
  }
  const reply = readAll(
    target,
    sse([
      { candidates: [{ content: { parts: [call, response] } }] },
      { candidates: [{ content: { parts: [{ text: "It is 1.4." }] }, finishReason: "STOP", groundingMetadata }] },
    ]),
  )
  expect(JSON.parse(reply.items[0]?.text ?? "")).toEqual({
    action: { kind: "search", query: "bun 1.4" },
    sources: [{ url: "https://bun.sh/blog", title: "bun.sh" }],
  })
  expect(reply.usage.searches).toBe(2)
  const body = bodyOf(target, {
    messages: [...requestOf().messages, { role: "assistant", content: blocksOf(reply, () => "") }],
  })
  expect((body.contents as { parts: unknown[] }[]).at(-1)?.parts.slice(0, 2)).toEqual([call, response])
})

test("the pages that a reply over Chat cites are what is told of its search", () => {
  const target = searching("openai-chat", OPENROUTER_SEARCH)
  const note = { type: "url_citation", url_citation: { url: "https://bun.sh/blog", title: "Bun" } }
  const reply = readAll(
    target,
    sse([
      { choices: [{ delta: { content: "It is " } }] },
      { choices: [{ delta: { content: "1.4.", annotations: [note, note] } }] },
      { choices: [{ delta: {}, finish_reason: "stop" }] },
    ]),
  )
  expect(reply.items.map(({ type, text }) => [type, text])).toEqual([
    ["text", "It is 1.4."],
    ["hosted", '{"action":{"kind":"search"},"sources":[{"url":"https://bun.sh/blog","title":"Bun"}]}'],
  ])
})

test("another provider never sees a search of this one", () => {
  const providerData = { wire: "anthropic-messages", provider: "other", model: "m", data: { blocks: [USE, RESULT] } }
  const block = { type: "hosted", isOpen: false, providerData } as const
  const content = [block, { type: "text", text: "It is 1.4." }] as const
  for (const wire of Object.keys(WIRES) as WireName[]) {
    const body = bodyOf(targetOf(wire), { messages: [...requestOf().messages, { role: "assistant", content }] })
    expect(JSON.stringify(body)).not.toContain("srvtoolu")
  }
})

test("which models can search, and within what, is said of each", () => {
  const env = {
    ANTHROPIC_API_KEY: "k",
    OPENAI_API_KEY: "k",
    GEMINI_API_KEY: "k",
    XAI_API_KEY: "k",
    MISTRAL_API_KEY: "k",
  }
  const key = ({ keyEnv }: { keyEnv: readonly string[] }) => (keyEnv.some((name) => name in env) ? "k" : undefined)
  const clock = { now: () => 0, sleep: async () => {} }
  const port = models({ env, key, clock })
  const searchOf = (name: string) => port.describe(name).search
  expect(searchOf("openai/gpt-6.1-terra")).toEqual({ isCacheable: true, isBoundable: true })
  expect(searchOf("anthropic/claude-sonnet-5-5")).toEqual({ isCacheable: false, isBoundable: true })
  expect(searchOf("google/gemini-4-argon")).toEqual({ isCacheable: false, isBoundable: false })
  expect(searchOf("google/gemini-2.5-pro")).toBeUndefined()
  expect(searchOf("xai/grok-4.5")).toEqual({ isCacheable: false, isBoundable: true })
  expect(searchOf("mistral/mistral-medium-latest")).toBeUndefined()
})

test("xAI is asked over the wire that searches, when a search is wanted, and over its own otherwise", async () => {
  const urls: string[] = []
  const fetch = async (url: string) => {
    urls.push(new URL(url).pathname)
    return new Response("{}", { status: 400, headers: { "content-type": "application/json" } })
  }
  const clock = { now: () => 0, sleep: async () => {} }
  const port = models({ env: {}, key: () => "k", clock, fetch })
  for (const search of [undefined, SEARCH]) {
    const request = { ...requestOf({ model: "xai/grok-4.5" }), ...(search === undefined ? {} : { search }) }
    await Array.fromAsync(port.stream(request, new AbortController().signal)).catch(() => undefined)
  }
  expect(urls).toEqual(["/v1/chat/completions", "/v1/responses"])
})
