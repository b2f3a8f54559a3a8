import { afterAll, expect, test } from "bun:test"
import { models } from "./index.ts"
import type { UserProvider } from "./providers/user.ts"

const clock = { now: () => 0, sleep: () => new Promise<void>(() => {}) }
const asked: { path: string; key: string | null }[] = []
const LISTS: Readonly<Record<string, unknown>> = {
  "/v1/models": { object: "list", data: [{ id: "my-model" }, { id: "my-model-large" }, { id: "\u001b[2Jevil" }, {}] },
  "/odd/models": ["nothing of the kind"],
}
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  async fetch(request) {
    const path = new URL(request.url).pathname
    asked.push({ path, key: request.headers.get("authorization") })
    if (path === "/slow/models") await new Promise(() => {})
    if (path === "/moved/models") return Response.redirect("/v1/models")
    return path in LISTS ? Response.json(LISTS[path]) : new Response("", { status: 404 })
  },
})
afterAll(() => server.stop(true))

function portOf(...providers: readonly Partial<UserProvider>[]) {
  const own = providers.map((one) => ({ id: "mine", wire: "openai-chat" as const, baseUrl: at("/v1"), ...one }))
  const reached: string[] = []
  const port = models({
    ...{ env: {}, clock, providers: own, key: ({ id }) => (id === "keyed" ? "secret" : undefined) },
    fetch: (url, init) => {
      reached.push(url)
      return fetch(url, init)
    },
  })
  const idsOf = async (provider: string) =>
    (await port.list({ asksServers: true })).filter((one) => one.provider === provider).map(({ id }) => id)
  return { port, reached, idsOf }
}

const at = (path: string) => `http://127.0.0.1:${server.port}${path}`

test("a provider of one's own has the models that its server says, and nothing that is no name", async () => {
  const { idsOf, port } = portOf({ defaultModel: "first" })

  expect(await idsOf("mine")).toEqual(["first", "my-model", "my-model-large"])
  expect((await port.list({ asksServers: true })).find(({ id }) => id === "my-model")?.isReady).toBe(true)
})

test("a server that a variable points at has the models it says, without a configuration and without a key", async () => {
  asked.length = 0
  const env = { LOCAL_OPENAI_BASE_URL: `http://127.0.0.1:${server.port}`, LMSTUDIO_API_KEY: "lm" }
  const port = models({ env, clock, key: ({ id }) => (id === "lmstudio" ? env.LMSTUDIO_API_KEY : undefined), fetch })
  const listed = (await port.list({ asksServers: true })).filter(({ provider }) => provider === "local-openai")

  expect(listed.map(({ id, isReady }) => `${id} ${isReady}`)).toEqual(["my-model true", "my-model-large true"])
  expect(asked).toEqual([{ path: "/v1/models", key: null }])
})

test("no server is asked before the list is wanted with it", async () => {
  const { port, reached } = portOf({})
  port.resolve("mine/my-model")
  port.defaultModel()
  await port.destinations()
  await port.list()

  expect(reached).toEqual([])
})

test("no other server is asked, none without its key, and each gets its own key alone", async () => {
  asked.length = 0
  const { idsOf, reached } = portOf(
    { id: "keyed", keyEnv: "KEY" },
    { id: "locked", keyEnv: "OTHER", baseUrl: "https://elsewhere.example/v1" },
    { id: "openai", baseUrl: at("/known") },
  )

  expect(await idsOf("keyed")).toEqual(["my-model", "my-model-large"])
  expect(reached).toEqual([at("/v1/models")])
  expect(asked).toEqual([{ path: "/v1/models", key: "Bearer secret" }])
})

test("a server that sends elsewhere, answers otherwise or is not there has none, and hides no other", async () => {
  const { idsOf, reached } = portOf(
    ...[{ id: "moved", baseUrl: at("/moved") }, { id: "odd", baseUrl: at("/odd") }, {}],
    ...[
      { id: "absent", baseUrl: at("/absent") },
      { id: "gone", baseUrl: "http://127.0.0.1:1" },
    ],
  )

  expect(await idsOf("mine")).toEqual(["my-model", "my-model-large"])
  expect(reached).toHaveLength(5)
  for (const id of ["moved", "odd", "absent", "gone"]) expect(await idsOf(id)).toEqual([])
})

test("one that never answers holds the list up for a moment only", async () => {
  const { idsOf } = portOf({ id: "slow", baseUrl: at("/slow") }, {})

  expect(await idsOf("mine")).toEqual(["my-model", "my-model-large"])
}, 15_000)
