import { expect, test } from "bun:test"
import type { ModelRequest } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { type Environment, type Fetch, type ModelsOptions, models } from "./index.ts"

const clock = { now: () => 0, sleep: () => new Promise<void>(() => {}) }

/** The port with keys from the environment, as the host wires it. */
function portWith(env: Environment, more: Partial<ModelsOptions> = {}) {
  const key: ModelsOptions["key"] = ({ keyEnv }) => keyEnv.map((name) => env[name]).find((value) => value !== undefined)
  return models({ env, key, clock, ...more })
}

function asking(model: string): ModelRequest {
  return {
    model,
    system: ["Be brief."],
    messages: [{ role: "user", content: [{ type: "text", text: "hello" }] }],
    tools: [],
    cacheKey: "ses_test",
  }
}

/** A server's answer, and what was sent to it. */
function answering(status: number, body: string) {
  const sent: { url: string; headers: Record<string, string> }[] = []
  const fetch: Fetch = async (url, init) => {
    sent.push({ url, headers: Object.fromEntries(new Headers(init?.headers)) })
    return new Response(body, {
      status,
      headers: { "content-type": status === 200 ? "text/event-stream" : "application/json" },
    })
  }
  return { fetch, sent }
}

const CHAT_REPLY = [
  { choices: [{ index: 0, delta: { content: "good " } }] },
  { choices: [{ index: 0, delta: { content: "day" }, finish_reason: "stop" }] },
]
  .map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`)
  .join("")

async function chunksOf(port: ReturnType<typeof models>, model: string) {
  return (await Array.fromAsync(port.stream(asking(model), new AbortController().signal))).flat()
}

test("a model without a key names the variable that is missing, and one with a key is ready", () => {
  expect(() => portWith({}).describe("opus")).toThrow(
    "No key for Anthropic, which serves claude-opus-5-5. Keep one with: skein login anthropic. Or set ANTHROPIC_API_KEY (or ANTHROPIC_AUTH_TOKEN), or give a key file (--api-key-file).",
  )
  expect(portWith({ ANTHROPIC_API_KEY: "sk-1" }).describe("opus")).toMatchObject({
    provider: "anthropic",
    id: "claude-opus-5-5",
    isReady: true,
  })
  expect(portWith({}).resolve("opus")).toBe("anthropic/claude-opus-5-5")
})

test("one override is seen by the description and by the list", async () => {
  const overrides = {
    "anthropic/claude-opus-5-5": { contextTokens: 1234, outputTokensMax: 99 },
    "ollama/own": { contextTokens: 8192 },
  }
  const port = portWith({ ANTHROPIC_API_KEY: "sk-1" }, { overrides })
  const listed = (await port.list()).find(({ id }) => id === "claude-opus-5-5")

  expect(port.describe("opus")).toMatchObject({ contextTokens: 1234, outputTokensMax: 99, images: true })
  expect(listed).toEqual(port.describe("opus"))
  expect((await port.list()).find(({ id }) => id === "own")).toMatchObject({
    provider: "ollama",
    contextTokens: 8192,
    isReady: true,
  })
})

test("an override may name its model as a person would, and one that fits no model is refused", () => {
  const port = portWith({ ANTHROPIC_API_KEY: "sk-1" }, { overrides: { opus: { contextTokens: 7777 } } })
  const wrong = portWith({ ANTHROPIC_API_KEY: "sk-1" }, { overrides: { "nobody/model": { contextTokens: 1 } } })

  expect(port.describe("anthropic/claude-opus-5-5").contextTokens).toBe(7777)
  expect(() => wrong.describe("opus")).toThrow('The settings for the model "nobody/model" fit no model')
})

test("an unknown model of a known provider is taken as it is, its window unknown", () => {
  const info = portWith({ XAI_API_KEY: "k" }).describe("xai/grok-99")

  expect([info.provider, info.id, info.contextTokens]).toEqual(["xai", "grok-99", undefined])
})

test("the list says of every provider's models whether they can be asked", async () => {
  const all = await portWith({ GROQ_API_KEY: "k" }).list()
  const ready = all.filter(({ isReady }) => isReady)

  expect(new Set(ready.map(({ provider }) => provider))).toEqual(new Set(["groq"]))
})

test("no key is looked for before a model is asked for", () => {
  let looked = 0
  const port = models({ env: {}, clock, key: () => void looked++ })
  port.resolve("opus")

  expect(looked).toBe(0)
})

test("the first run takes the provider whose key is there, and a server on this machine counts as one", () => {
  expect(portWith({ GEMINI_API_KEY: "k", GROQ_API_KEY: "k" }).defaultModel()).toBe("google/gemini-4-argon")
  expect(portWith({ OPENAI_BASE_URL: "http://127.0.0.1:8080/v1" }).defaultModel()).toBe("openai/gpt-6.1-terra")
  expect(portWith({ OPENAI_BASE_URL: "https://gateway.example/v1" }).defaultModel()).toBeUndefined()
  expect(portWith({ AWS_ACCESS_KEY_ID: "k", AWS_SECRET_ACCESS_KEY: "k" }).defaultModel()).toBeUndefined()
})

test("where requests could go is told of providers that could be asked, and without what a URL may hide", async () => {
  const providers = [
    {
      id: "own",
      wire: "openai-chat",
      baseUrl: "http://me:canary@10.0.0.1:8000/v1/canary",
      proxy: "http://me:canary@p.test:3128",
    },
  ] as const
  const env = { GROQ_API_KEY: "k", AWS_BEARER_TOKEN_BEDROCK: "k", AWS_REGION: "eu-west-1" }
  const told = await portWith(env, { providers }).destinations()
  expect(
    told.map(({ provider, origin, proxy }) => [provider, origin, proxy].filter(Boolean).join(" ")).toSorted(),
  ).toEqual([
    "bedrock https://bedrock-runtime.eu-west-1.amazonaws.com",
    "groq https://api.groq.com",
    "lmstudio http://127.0.0.1:1234",
    "local-openai http://127.0.0.1:8080",
    "ollama http://127.0.0.1:11434",
    "own http://10.0.0.1:8000 http://p.test:3128",
  ])
})

test("usage that a server leaves out is estimated before the stop, and marked", async () => {
  const { fetch } = answering(200, CHAT_REPLY)
  const chunks = await chunksOf(portWith({ GROQ_API_KEY: "k" }, { fetch }), "groq")

  expect(
    chunks
      .filter(({ type }) => type === "text")
      .map((chunk) => ("text" in chunk ? chunk.text : ""))
      .join(""),
  ).toBe("good day")
  expect(chunks.slice(-2)).toMatchObject([
    // "Be brief." and "hello" are 14 bytes, "good day" is 8.
    { type: "usage", usage: { input: 4, output: 2, cacheRead: 0, cacheWrite: 0, reasoning: 0, isEstimated: true } },
    { type: "stop", reason: "end" },
  ])
})

test("a key from ANTHROPIC_AUTH_TOKEN goes out as a bearer token, any other in x-api-key", async () => {
  const token = answering(500, "{}")
  await chunksOf(portWith({ ANTHROPIC_AUTH_TOKEN: "token-1" }, { fetch: token.fetch }), "opus").catch(() => undefined)
  const key = answering(500, "{}")
  await chunksOf(portWith({ ANTHROPIC_API_KEY: "key-1" }, { fetch: key.fetch }), "opus").catch(() => undefined)

  expect(token.sent[0]?.headers.authorization).toBe("Bearer token-1")
  expect(token.sent[0]?.headers["x-api-key"]).toBeUndefined()
  expect(key.sent[0]?.headers["x-api-key"]).toBe("key-1")
  expect(key.sent[0]?.headers.authorization).toBeUndefined()
})

test.each([
  ["anthropic/m", { ANTHROPIC_BASE_URL: "http://gw/base" }, "http://gw/base/v1/messages"],
  ["anthropic/m", { ANTHROPIC_BASE_URL: "http://gw/base/v1/" }, "http://gw/base/v1/messages"],
  ["openai/m", { OPENAI_BASE_URL: "http://gw/v1" }, "http://gw/v1/responses"],
  ["openai-chat/m", { OPENAI_BASE_URL: "http://gw/v1" }, "http://gw/v1/chat/completions"],
  ["openai/m", { OPENAI_BASE_URL: "http://gw/v1", SKEIN_OPENAI_WIRE: "chat" }, "http://gw/v1/chat/completions"],
  ["google/m", { GOOGLE_GEMINI_BASE_URL: "http://gw" }, "http://gw/v1beta/models/m:streamGenerateContent?alt=sse"],
  ["ollama/qwen3:8b", { OLLAMA_HOST: "0.0.0.0:11434" }, "http://127.0.0.1:11434/api/chat"],
  ["mine/m", {}, "http://10.0.0.5:8000/v1/chat/completions"],
] as const)("%s with %j is asked at %s", async (model, env, url) => {
  const { fetch, sent } = answering(500, "{}")
  const providers = [{ id: "mine", wire: "openai-chat", baseUrl: "http://10.0.0.5:8000/v1" }] as const
  await chunksOf(models({ env, key: () => "k", clock, fetch, providers }), model).catch(() => undefined)

  expect(sent.map((one) => one.url)).toEqual([url])
})

test.each([
  ["openai-chat/m", {}, "developer", "max_completion_tokens"],
  ["openai/m", { SKEIN_OPENAI_WIRE: "chat" }, "developer", "max_completion_tokens"],
  ["openai-chat/m", { OPENAI_BASE_URL: "http://gw/v1" }, "system", "max_tokens"],
  ["openai/m", { SKEIN_OPENAI_WIRE: "chat", OPENAI_BASE_URL: "http://gw/v1" }, "system", "max_tokens"],
] as const)("%s with %j speaks Chat as its host does", async (model, env, role, cap) => {
  const bodies: { messages: { role: string }[] }[] = []
  const fetch: Fetch = async (_, init) => {
    bodies.push(JSON.parse(String(init?.body)))
    return new Response("{}", { status: 500 })
  }
  const port = models({ env, key: () => "k", clock, fetch })
  const request = { ...asking(model), outputTokensMax: 7 }
  await Array.fromAsync(port.stream(request, new AbortController().signal)).catch(() => undefined)

  expect(bodies[0]?.messages[0]?.role).toBe(role)
  expect(bodies[0]).toHaveProperty(cap, 7)
})

test("a model that is known to see nothing is told of a picture, and any other is shown it", async () => {
  const bodies: string[] = []
  const fetch: Fetch = async (_, init) => {
    bodies.push(String(init?.body))
    return new Response("{}", { status: 500 })
  }
  const overrides = { "openrouter/blind": { images: false } }
  const port = models({ env: {}, key: () => "k", clock, fetch, overrides })
  const picture = { type: "image", mediaType: "image/png", data: "AAAA" } as const
  const result = { type: "result", callId: "c", name: "read", content: [picture], isError: false } as const
  const call = { type: "call", callId: "c", name: "read", input: {} } as const
  for (const model of ["zai/glm-5.3", "openrouter/blind", "openrouter/unknown", "gpt"]) {
    const request: ModelRequest = {
      ...asking(model),
      messages: [
        { role: "user", content: [{ type: "text", text: "see" }, picture] },
        { role: "assistant", content: [call] },
        { role: "user", content: [result] },
      ],
    }
    await Array.fromAsync(port.stream(request, new AbortController().signal)).catch(() => undefined)
  }

  const counts = bodies.map((body) => [body.split("AAAA").length - 1, body.split("cannot see").length - 1])
  expect(counts).toEqual([
    [0, 2],
    [0, 2],
    [2, 0],
    [2, 0],
  ])
})

test("a broken key of one provider does not hide the models of the others", async () => {
  const key: ModelsOptions["key"] = ({ id }) => {
    if (id === "groq") throw new SkeinError("config.invalid", "a line break in the key")
    return id === "xai" ? "k" : undefined
  }
  const port = models({ env: {}, clock, key })

  const ready = (await port.list()).filter(({ isReady }) => isReady)
  expect(new Set(ready.map(({ provider }) => provider))).toEqual(new Set(["xai"]))
  expect(() => port.describe("groq")).toThrow("a line break in the key")
})

test("a compatible server without the Responses API is answered with what to do", async () => {
  const { fetch } = answering(404, '{"error":{"message":"Not Found"}}')
  const port = portWith({ OPENAI_BASE_URL: "http://127.0.0.1:8080/v1" }, { fetch })
  const error = await chunksOf(port, "openai/local").catch((thrown: unknown) => thrown)

  expect(error).toBeInstanceOf(SkeinError)
  expect((error as Error).message).toEndWith("choose openai-chat/local, or set SKEIN_OPENAI_WIRE=chat.")
})

test("a model that the server does not have is said to be that, whatever API it speaks", async () => {
  const said = '{"error":{"message":"The model `local` does not exist","code":"model_not_found"}}'
  const port = portWith({ OPENAI_BASE_URL: "http://127.0.0.1:8080/v1" }, { fetch: answering(404, said).fetch })
  const error = await chunksOf(port, "openai/local").catch((thrown: unknown) => thrown)

  if (!(error instanceof SkeinError)) throw error
  expect(error.code).toBe("model.unknown")
  expect(error.message).toContain("has no model local (HTTP 404: ")
  expect(error.message).toEndWith("choose one with --model.")
})

test("a model that is missing where one can get it is told without what the server said of its address", async () => {
  const { fetch } = answering(404, '{"error":"model \'x\' not found"}')
  const port = portWith({ OLLAMA_HOST: "http://127.0.0.1:11434" }, { fetch })
  const error = await chunksOf(port, "ollama/x").catch((thrown: unknown) => thrown)
  if (!(error instanceof SkeinError)) throw error
  expect(error.message).toContain("has no model x. Get it with: skein models pull ollama/x")
})

test("Amazon Bedrock says what it lacks before anything is sent", async () => {
  const { fetch, sent } = answering(500, "{}")
  const message = async (env: Environment) =>
    String(await chunksOf(portWith(env, { fetch }), "bedrock/amazon.nova-lite-v1:0").catch((error) => error))

  expect(await message({ AWS_BEARER_TOKEN_BEDROCK: "t" })).toContain("Set AWS_REGION")
  expect(await message({ AWS_ACCESS_KEY_ID: "AKIA1", AWS_REGION: "eu-west-1" })).toContain(
    "AWS_SECRET_ACCESS_KEY is not",
  )
  expect(await message({ AWS_REGION: "eu-west-1" })).toContain("set AWS_BEARER_TOKEN_BEDROCK (or AWS_ACCESS_KEY_ID)")
  expect(sent).toEqual([])
})

test("a key that takes a while to find is looked for by the request, and not where one is at hand", async () => {
  const asked: string[] = []
  const seek: ModelsOptions["seek"] = async ({ id }) => {
    asked.push(id)
    return id === "groq" ? "k-kept" : undefined
  }
  const { fetch, sent } = answering(200, `${CHAT_REPLY}data: [DONE]\n\n`)
  const troubles = () => ["The OS keyring cannot be used: it is locked."]
  const port = portWith({ XAI_API_KEY: "k-env" }, { seek, troubles, fetch })

  // Nobody has looked yet, so nobody can say that there is none.
  expect(port.describe("groq/x").isReady).toBe(true)
  expect(port.defaultModel()).toBe("xai/grok-4.5")
  expect(asked).toEqual([])
  await chunksOf(port, "groq/x")
  await chunksOf(port, "xai/grok-4.5")
  expect(sent.map(({ headers }) => headers.authorization)).toEqual(["Bearer k-kept", "Bearer k-env"])
  expect(asked).toEqual(["groq"])
  await expect(chunksOf(port, "mistral/x")).rejects.toThrow(
    "or give a key file (--api-key-file). The OS keyring cannot be used: it is locked.",
  )
  expect(() => port.describe("mistral/x")).toThrow("No key for Mistral")
  expect((await port.list()).filter(({ isReady }) => isReady).some(({ provider }) => provider === "groq")).toBe(true)
  expect(await portWith({}, { seek }).storedModel()).toBe("groq/openai/gpt-oss-120b")
})

test("whoever stops a request does not wait for a keyring", async () => {
  const seek: ModelsOptions["seek"] = () => new Promise<undefined>(() => {})
  const stopping = new AbortController()
  const reply = Array.fromAsync(portWith({}, { seek }).stream(asking("groq/x"), stopping.signal))
  stopping.abort(new Error("stopped"))

  await expect(reply).rejects.toThrow("stopped")
})

test.each([
  ["anthropic", "https://api.anthropic.com/v1/models", "x-api-key"],
  ["openai", "https://api.openai.com/v1/models", "authorization"],
  ["google", "https://generativelanguage.googleapis.com/v1beta/models?pageSize=1", "x-goog-api-key"],
])("a key of %s is checked by the list of models", async (id, url, header) => {
  const { fetch, sent } = answering(200, "{}")
  const port = portWith({}, { fetch })
  const owner = port.ownerOf(id)
  if (owner === undefined) throw new Error(`no provider ${id}`)
  await port.check(owner, "key-that-is-new", new AbortController().signal)

  expect(sent[0]?.url).toBe(url)
  expect(sent[0]?.headers[header]).toEndWith("key-that-is-new")
  const refusing = portWith({}, { fetch: answering(401, '{"error":{"message":"bad key key-that-is-new"}}').fetch })
  const error = await refusing
    .check(owner, "key-that-is-new", new AbortController().signal)
    .catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: "provider.auth" })
  expect(String(error)).not.toContain("key-that-is-new")
})

test("a cache that is kept for an hour says so of Claude's models, with what writing it costs, and of no others", async () => {
  const all = await portWith({}, { cacheTtl: "1h" }).list()
  const of = (name: string) => all.find(({ provider, id }) => `${provider}/${id}` === name)
  expect(of("anthropic/claude-sonnet-4-6")).toMatchObject({
    ...{ cache: { ttlMs: 3_600_000 }, price: { input: 3, cacheWriteLong: 6 } },
  })
  expect(of("openai/gpt-6.1-terra")?.cache).toMatchObject({ ttlMs: 300_000 })
  expect(of("openai/gpt-6.1-terra")?.price?.cacheWriteLong).toBeUndefined()
})
