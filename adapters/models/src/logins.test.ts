import { expect, test } from "bun:test"
import { SkeinError } from "@skein/protocol"
import { type Credential, type Fetch, type Logins, models } from "./index.ts"
import type { LoginStanding } from "./logins.ts"

const clock = { now: () => 0, sleep: () => new Promise<void>(() => {}) }
const DONE = `event: response.completed\ndata: ${JSON.stringify({
  type: "response.completed",
  response: { id: "r", usage: { input_tokens: 1, output_tokens: 1 } },
})}\n\n`

/** A provider that takes some tokens and no others, and a person's login that gives one after another. */
function scene(tokens: readonly string[], accepted: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const asked: { url: string; headers: Record<string, string> }[] = []
  const told: string[] = []
  let at = 0
  const logins: Logins = {
    async state() {
      return at < tokens.length ? {} : undefined
    },
    async credential({ id }) {
      told.push(`credential ${id}`)
      const secret = tokens[at]
      return secret === undefined ? undefined : { secret, headers: { "ChatGPT-Account-Id": "acc-1" } }
    },
    refused({ id, login }, { secret }: Credential) {
      told.push(`refused ${id} ${login} ${secret}`)
      at++
      return at < tokens.length
    },
    accepted: ({ id, login }, { secret }) => void told.push(`accepted ${id} ${login} ${secret}`),
  }
  const port = models({
    ...{ env, clock, logins },
    key: ({ keyEnv }) => keyEnv.map((name) => env[name]).find((value) => value !== undefined),
    async fetch(url, init) {
      const headers = Object.fromEntries(new Headers(init?.headers))
      asked.push({ url, headers })
      const token = headers.authorization?.slice("Bearer ".length) ?? ""
      if (accepted.includes(token)) return new Response(DONE, { headers: { "content-type": "text/event-stream" } })
      return Response.json({ error: { message: `the token ${token} is not valid` } }, { status: 401 })
    },
  })
  const request = {
    model: "openai-codex",
    system: ["Be brief."],
    messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }],
    tools: [],
    cacheKey: "ses_1",
  } as const
  const ask = async () => {
    try {
      await Array.fromAsync(port.stream(request, new AbortController().signal))
      return "answered"
    } catch (error) {
      return error instanceof SkeinError ? `${error.code}: ${error.message}` : Promise.reject(error)
    }
  }
  return { port, ask, asked, told }
}

test("a request is signed with the login, in the row's header and with the login's own", async () => {
  const { ask, asked } = scene(["token-1"], ["token-1"])

  expect(await ask()).toBe("answered")
  expect(asked[0]?.url).toBe("https://chatgpt.com/backend-api/codex/responses")
  expect(asked[0]?.headers).toMatchObject({ authorization: "Bearer token-1", "chatgpt-account-id": "acc-1" })
})

test("a key wins over a login, which is then not asked for", async () => {
  const { ask, told } = scene(["token-1"], ["key-1"], { CODEX_ACCESS_TOKEN: "key-1" })

  expect([await ask(), told]).toEqual(["answered", []])
})

test("a login that is refused is renewed by whoever keeps it, and the step may be asked again", async () => {
  const { ask, told } = scene(["token-1", "token-2"], ["token-2"])

  expect(await ask()).toStartWith("provider.token_expired: ")
  expect(await ask()).toBe("answered")
  expect(told).toEqual([
    "credential openai-codex",
    "refused openai-codex openai-codex token-1",
    "credential openai-codex",
    "accepted openai-codex openai-codex token-2",
  ])
})

test("a login that is refused anew, or cannot be renewed, ends with the way to log in, and without the token", async () => {
  const renewed = scene(["token-1", "token-2", "token-3"], [])
  const final = scene(["token-1"], [])
  const outcomes = [await renewed.ask(), await renewed.ask(), await final.ask()]

  expect(outcomes[0]).toStartWith("provider.token_expired: ")
  for (const outcome of outcomes.slice(1)) {
    expect(outcome).toStartWith("provider.auth: ChatGPT (Codex) (chatgpt.com) did not accept the login (HTTP 401: ")
    expect(outcome).toEndWith("Log in again: skein login openai-codex")
    expect(outcome).not.toContain("token-")
  }
})

test("whoever has not logged in is told how, and the list says that nothing is there", async () => {
  const { port, ask } = scene([], [])

  expect(await ask()).toBe(
    "model.no_key: No login for ChatGPT (Codex), which serves gpt-5.5. Log in with: skein login openai-codex. Or set CODEX_ACCESS_TOKEN, or give a key file (--api-key-file).",
  )
  expect((await port.list()).filter(({ provider, isReady }) => provider === "openai-codex" && isReady)).toEqual([])
})

test("a login that cannot be had hides nobody else's models", async () => {
  const logins: Logins = {
    state: () => Promise.reject(new SkeinError("config.invalid", "The file of the login cannot be read.")),
    credential: () => Promise.reject(new SkeinError("provider.unavailable", "The identity server is away.")),
    refused: () => false,
    accepted: () => undefined,
  }
  const port = models({ env: {}, clock, logins, key: ({ id }) => (id === "groq" ? "k" : undefined) })

  expect((await port.list()).filter(({ isReady }) => isReady).map(({ provider }) => provider)).toContain("groq")
  expect(await port.storedModel()).toBe("groq/openai/gpt-oss-120b")
})

test("a first run takes the provider that the person logged in to", async () => {
  expect(await scene(["token-1"], []).port.storedModel()).toBe("openai-codex/gpt-5.5")
})

test("a slug that a subscription does not serve is refused before anything is sent, with the list", () => {
  const { port, asked } = scene(["token-1"], [])

  expect(() => port.resolve("openai-codex/gpt-5")).toThrow(
    "ChatGPT (Codex) does not serve gpt-5. It serves gpt-5.5, gpt-5.4, gpt-5.4-mini, gpt-5.3-codex-spark.",
  )
  expect(asked).toEqual([])
})

test("a list, the destinations and a first run ask how it stands with a login, and have none renewed", async () => {
  const { port, told } = scene(["token-1"], ["token-1"])
  const ready = (await port.list({ asksServers: true })).filter(({ isReady }) => isReady)

  expect(ready.map(({ provider }) => provider)).toContain("openai-codex")
  expect((await port.destinations()).map(({ provider }) => provider)).toContain("openai-codex")
  expect(await port.storedModel()).toBe("openai-codex/gpt-5.5")
  expect(told).toEqual([])
})

test("a destination is where the login says, and a login that has ended is none", async () => {
  const port = (standing: LoginStanding) => {
    const logins: Logins = {
      state: async ({ login }) => (login === "aws" || login === "google-cloud" ? standing : undefined),
      credential: () => Promise.reject(new Error("renewed")),
      refused: () => false,
      accepted: () => undefined,
    }
    return models({ env: {}, clock, logins, key: () => undefined })
  }
  const origins = async (standing: LoginStanding) =>
    (await port(standing).destinations()).map(({ provider, origin }) => `${provider} ${origin}`)
  const place = { project: "p-1", region: "eu-west-3" }

  expect(await origins(place)).toContain("bedrock https://bedrock-runtime.eu-west-3.amazonaws.com")
  expect(await origins(place)).toContain("vertex-anthropic https://us-east5-aiplatform.googleapis.com")
  expect((await origins({ ...place, ended: "over" })).filter((one) => /bedrock|vertex/.test(one))).toEqual([])
})

test("requests that went out together with a login that is refused are all asked again", async () => {
  const old = { secret: "token-1" }
  let isRenewed = false
  const logins: Logins = {
    state: async () => ({}),
    credential: async () => (isRenewed ? { secret: "token-2" } : old),
    refused: () => (isRenewed = true),
    accepted: () => undefined,
  }
  const { promise: both, resolve } = Promise.withResolvers<void>()
  let asked = 0
  const port = models({
    ...{ env: {}, clock, logins, key: () => undefined },
    async fetch() {
      if (++asked === 2) resolve()
      await both
      return Response.json({ error: { message: "no" } }, { status: 401 })
    },
  })
  const codes = [1, 2].map(async () => {
    const request = { model: "openai-codex", system: [], messages: [], tools: [], cacheKey: "ses_1" }
    const reply = Array.fromAsync(port.stream(request, new AbortController().signal))
    return await reply.catch((error: SkeinError) => error.code)
  })
  expect(await Promise.all(codes)).toEqual(["provider.token_expired", "provider.token_expired"])
})

test("a project that only the login names is enough, also where quirks are kept, the window is asked for or nobody answers", async () => {
  const logins: Logins = {
    state: async () => ({ project: "p-1" }),
    credential: async () => ({ secret: "token-1", project: "p-1" }),
    refused: () => false,
    accepted: () => undefined,
  }
  const urls: string[] = []
  const through: Fetch = async (url) => {
    urls.push(url)
    throw new TypeError("unreachable")
  }
  const port = models({
    ...{ env: {}, clock, logins, key: () => undefined, network: { through } },
    ...{ quirksFile: `${import.meta.dir}/no-such-file.json`, isOffline: () => true },
  })
  const request = { model: "vertex-glm/another", system: [], messages: [], tools: [], cacheKey: "ses_1" }
  await port.learn(request.model)
  const reply = Array.fromAsync(port.stream(request, new AbortController().signal))

  expect(await reply.catch((error: SkeinError) => error.message)).toStartWith("This machine has no network, so GLM on")
  // Its list of models is none, so only the request went out.
  expect(urls.map((url) => new URL(url).pathname)).toEqual([
    "/v1/projects/p-1/locations/global/endpoints/openapi/chat/completions",
  ])
})
