import { afterEach, expect, test } from "bun:test"
import type { Message, ModelChunk, ModelRequest } from "@skein/core/ports"
import { models } from "../src/models.ts"
import type { Fetch } from "../src/tape/tape.ts"
import { ollamaChat } from "../src/wire/ollama-chat.ts"
import { fold, READ_TOOL, readAll, realClock, requestOf, targetOf } from "./asking.ts"

/** An Ollama of its own: it loads its model with a window, and cuts off what is longer, as the real one does. */
interface FakeOllama {
  /** The window it was last asked for, or its own default. */
  loaded?: number
  /** It gives no larger one, whatever is asked. */
  readonly windowMax?: number
  /** An older one does not say what it loaded. */
  readonly isSilent?: boolean
  readonly reply?: readonly object[]
}

let server: ReturnType<typeof Bun.serve> | undefined
afterEach(() => server?.stop(true))

test("the window is set by each request, as large as the model and the session want it", async () => {
  const bodies: Body[] = []
  const reply = await ask("ollama/qwen3", { bodies })

  expect(bodies.map(({ options, keep_alive }) => [options.num_ctx, keep_alive])).toEqual([[32_768, "15m"]])
  expect(fold(reply)).toMatchObject({ stop: "end", usage: { output: 3 } })
})

test("what the person says of a model's window holds over everything", async () => {
  const bodies: Body[] = []
  await ask("ollama/qwen3", { bodies, contextTokens: 12_000 })

  expect(bodies[0]?.options.num_ctx).toBe(12_000)
})

test("a server that loads a smaller window than was asked for stops the turn, and one line says what to set", async () => {
  await expect(ask("ollama/qwen3", { fake: { windowMax: 4096 } })).rejects.toMatchObject({
    code: "provider.invalid_request",
    message: expect.stringMatching(
      /loaded qwen3 with a window of 4096 tokens where 32768 were asked for.*Set models\."ollama\/qwen3"\.context_tokens = 4096/,
    ),
  })
})

test("a server that cuts in silence is caught by the count of what it read", async () => {
  const fake = { windowMax: 4096, isSilent: true }
  const text = "a sentence of the file. ".repeat(40_000)
  await expect(ask("ollama/qwen3", { fake, text, contextTokens: 4096 })).rejects.toThrow(
    /read 4096 tokens of the 960\d\d\d characters that were sent: it cut the conversation off/,
  )
})

test("a count that is small because the beginning was in the server's cache stops nothing", async () => {
  const fake = { reply: [{ message: { content: "ok" }, done: true, prompt_eval_count: 20, eval_count: 1 }] }
  expect(fold(await ask("ollama/qwen3", { fake, text: "word ".repeat(5_000) })).stop).toBe("end")
})

test("thoughts that stay home are not counted as sent, so a long session with a thinking model goes on", async () => {
  const thought = { type: "reasoning", text: "hm ".repeat(60_000) } as const
  const before: Message[] = [
    { role: "user", content: [{ type: "text", text: "word ".repeat(8_000) }] },
    { role: "assistant", content: [thought, { type: "text", text: "so" }] },
  ]
  expect(fold(await ask("ollama/qwen3", { before, contextTokens: 16_384 })).stop).toBe("end")
})

test("a temperature goes along, and a model that Ollama has others run is none of this machine", async () => {
  const { body } = ollamaChat.request(requestOf({ temperature: 0.1 }), targetOf("ollama-chat"))
  expect(body).toMatchObject({ options: { temperature: 0.1 } })
  const port = models({ env: {}, key: () => undefined, clock: realClock })
  const names = ["ollama/qwen3", "ollama/gpt-oss:120b-cloud", "ollama/glm-4.6:cloud"]
  expect(names.map(port.isLocal)).toEqual([true, false, false])
})

test("a stream of an Ollama that was captured is known by what it looks like", async () => {
  const port = models({ env: {}, key: () => undefined, clock: realClock })
  const lines = [
    { model: "qwen3", message: { content: "hello" }, done: false },
    { message: { content: "" }, done: true },
  ]
  const stream = new TextEncoder().encode(lines.map((line) => `${JSON.stringify(line)}\n`).join(""))
  const { wire, bursts } = await port.captured(stream)
  expect([wire, fold(bursts.flat()).stop]).toEqual(["ollama-chat", "end"])
})

test.each(["/api/show", "/api/ps"])("an interrupt waits for no answer of %s", async (path) => {
  const { promise: isAsked, resolve } = Promise.withResolvers<void>()
  const through: Fetch = async (url) => {
    if (!url.endsWith(path)) return ndjson([{ message: { content: "hello" }, done: false }])
    resolve()
    return await new Promise<never>(() => {})
  }
  const overrides = { "ollama/qwen3": { contextTokens: 4096 } }
  const port = models({ env: {}, key: () => undefined, clock: realClock, network: { through }, overrides })
  const control = new AbortController()
  const reading = Array.fromAsync(port.stream({ ...requestOf({}), model: "ollama/qwen3" }, control.signal))
  const ended = reading.catch((error: unknown) => String(error))
  await isAsked
  control.abort(new Error("stopped"))

  expect(await Promise.race([ended, Bun.sleep(400)])).toBe("Error: stopped")
})

test("a model that the server lacks is told with the command that gets it", async () => {
  await expect(ask("ollama/gone", {})).rejects.toMatchObject({
    code: "model.unknown",
    message: expect.stringContaining("skein models pull ollama/gone (or: ollama pull gone)"),
  })
})

test("thoughts, text and calls without ids are read, and an error inside the stream is one", () => {
  const lines = [
    { message: { role: "assistant", content: "", thinking: "Look " } },
    { message: { role: "assistant", content: "", thinking: "at both." } },
    { message: { role: "assistant", content: "Ünï 🧵" } },
    { message: { content: "", tool_calls: [{ function: { name: "read", arguments: { path: "aé" } } }] } },
    { message: { content: "", tool_calls: [{ function: { name: "list" } }] } },
    { message: { content: "" }, done: true, done_reason: "stop", prompt_eval_count: 10, eval_count: 5 },
  ]
  const stream = lines.map((line) => `${JSON.stringify(line)}\n`).join("")
  const target = targetOf("ollama-chat")
  const whole = readAll(target, stream)

  expect(whole.items.map(({ type, text, name, isWhole }) => [type, name ?? "", text, isWhole])).toEqual([
    ["reasoning", "", "Look at both.", true],
    ["text", "", "Ünï 🧵", true],
    ["call", "read", '{"path":"aé"}', true],
    ["call", "list", "{}", true],
  ])
  expect([whole.stop, whole.usage]).toEqual(["calls", expect.objectContaining({ input: 10, output: 5 })])
  for (let size = 1; size < 30; size++) expect(readAll(target, stream, size)).toEqual(whole)
  for (let cut = 0; cut < stream.length - 1; cut += 7) {
    expect(() => readAll(target, stream.slice(0, cut))).toThrow(/ended in the middle of the reply/)
  }
  expect(() => readAll(target, `${JSON.stringify({ error: "model runner has unexpectedly stopped" })}\n`)).toThrow(
    /failed to answer \(model runner has unexpectedly stopped\)/,
  )
})

test("a reply that is cut inside its first line is asked for again, and is taken for no page", async () => {
  const cut = () => new Response('{"model":"qwen3","mess', { headers: { "content-type": "application/x-ndjson" } })
  const port = models({
    ...{ env: {}, key: () => undefined, clock: realClock },
    ...{ network: { through: async () => cut() }, overrides: { "ollama/qwen3": { contextTokens: 4096 } } },
  })
  const asked = port.stream({ ...requestOf({}), model: "ollama/qwen3" }, new AbortController().signal)
  await expect(Array.fromAsync(asked)).rejects.toMatchObject({ code: "provider.stream_cut" })
})

test("a server that wants a key where none is known says which setting names one", async () => {
  const refused = async () => Response.json({ error: "unauthorized" }, { status: 401 })
  const port = models({ env: {}, key: () => undefined, clock: realClock, network: { through: refused } })
  const asked = port.stream({ ...requestOf({}), model: "ollama/qwen3" }, new AbortController().signal)
  await expect(Array.fromAsync(asked)).rejects.toThrow(/did not accept the key .*Set providers\.ollama\.key_env to/)
})

test("a conversation goes there in Ollama's words: results by tool, arguments as objects, pictures beside the text", () => {
  const image = { type: "image", mediaType: "image/png", data: "QUJD" } as const
  const messages: Message[] = [
    { role: "user", content: [{ type: "text", text: "see" }, image] },
    {
      role: "assistant",
      content: [
        { type: "reasoning", text: "why" },
        { type: "call", callId: "c", name: "read", input: { path: "a" } },
      ],
    },
    {
      role: "user",
      content: [
        { type: "result", callId: "c", name: "read", content: [{ type: "text", text: "text of a" }], isError: false },
        { type: "text", text: "and?" },
      ],
    },
  ]
  const schema = { name: "answer", schema: { type: "object" } }
  const asked = requestOf({ system: ["Be brief."], messages, tools: [READ_TOOL], outputSchema: schema, effort: "high" })
  const { path, body } = ollamaChat.request(asked, targetOf("ollama-chat", { reasoning: true, modelId: "gpt-oss:20b" }))

  expect(path).toBe("/api/chat")
  expect(body).toMatchObject({
    model: "gpt-oss:20b",
    think: "high",
    format: { type: "object" },
    tools: [{ type: "function", function: { name: "read" } }],
    messages: [
      { role: "system", content: "Be brief." },
      { role: "user", content: "see", images: ["QUJD"] },
      { role: "assistant", thinking: "why", tool_calls: [{ function: { name: "read", arguments: { path: "a" } } }] },
      { role: "tool", tool_name: "read", content: "text of a" },
      { role: "user", content: "and?" },
    ],
  })
})

interface Body {
  readonly model: string
  readonly messages: readonly { readonly content: string }[]
  readonly options: { readonly num_ctx?: number }
  readonly keep_alive?: string
}

interface Asking {
  readonly fake?: FakeOllama
  readonly bodies?: Body[]
  readonly text?: string
  readonly before?: readonly Message[]
  readonly contextTokens?: number
}

async function ask(model: string, { fake = {}, bodies = [], text = "hello", before = [], contextTokens }: Asking) {
  const host = serve({ ...fake }, bodies)
  const fetching: Fetch = (url, init) => fetch(url, init)
  const port = models({
    ...{ env: { OLLAMA_HOST: host }, key: () => undefined, clock: realClock, network: { through: fetching } },
    overrides: contextTokens === undefined ? {} : { [model]: { contextTokens } },
  })
  const messages: Message[] = [...before, { role: "user", content: [{ type: "text", text }] }]
  const request: ModelRequest = { ...requestOf({ messages }), model }
  const chunks: ModelChunk[] = []
  for await (const array of port.stream(request, new AbortController().signal)) chunks.push(...array)
  return chunks
}

function serve(fake: FakeOllama, bodies: Body[]): string {
  server = Bun.serve({
    ...{ hostname: "127.0.0.1", port: 0 },
    async fetch(request) {
      const { pathname } = new URL(request.url)
      if (pathname === "/api/ps") {
        const loaded = fake.loaded === undefined || fake.isSilent === true ? [] : [fake]
        return Response.json({ models: loaded.map((one) => ({ name: "qwen3:latest", context_length: one.loaded })) })
      }
      const body = (await request.json()) as Body
      if (body.model !== "qwen3") return Response.json({ error: `model '${body.model}' not found` }, { status: 404 })
      if (pathname === "/api/show") {
        return Response.json({ model_info: { "general.architecture": "q", "q.context_length": 40_960 } })
      }
      bodies.push(body)
      fake.loaded = Math.min(body.options.num_ctx ?? 4096, fake.windowMax ?? Number.POSITIVE_INFINITY)
      return ndjson(fake.reply ?? answer(body, fake.loaded))
    },
  })
  return `127.0.0.1:${server.port}`
}

/** Counts four characters to a token, up to where it cut. */
function answer({ messages }: Body, window: number): readonly object[] {
  const tokens = Math.ceil(messages.reduce((sum, { content }) => sum + content.length, 0) / 4)
  const ended = { done: true, done_reason: "stop", prompt_eval_count: Math.min(tokens, window), eval_count: 3 }
  return [
    { message: { content: "hello" }, done: false },
    { message: { content: "" }, ...ended },
  ]
}

function ndjson(lines: readonly object[]): Response {
  const body = lines.map((line) => `${JSON.stringify(line)}\n`).join("")
  return new Response(body, { headers: { "content-type": "application/x-ndjson" } })
}
