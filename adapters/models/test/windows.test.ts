import { afterAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { ModelRequest } from "@skein/core/ports"
import { models } from "../src/index.ts"
import type { ModelsOptions } from "../src/models.ts"
import { realClock, requestOf } from "./asking.ts"

const folder = mkdtempSync(join(tmpdir(), "skein-windows-"))
afterAll(() => rmSync(folder, { recursive: true }))

const OK = `data: {"choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n`

/** A server that lists one model, and refuses what it is told to. */
function serving({ entry = {}, refuses, ...more }: Partial<ModelsOptions> & { entry?: object; refuses?: string }) {
  const bodies: Record<string, unknown>[] = []
  const port = models({
    env: {},
    key: () => undefined,
    providers: [{ id: "mine", wire: "openai-chat", baseUrl: "http://127.0.0.1:9/v1" }],
    clock: realClock,
    network: {
      async through(_, init) {
        if (init?.method !== "POST") return Response.json({ data: [{ id: "m", ...entry }] })
        bodies.push(JSON.parse(String(init.body)))
        if (refuses !== undefined) return Response.json({ error: { message: refuses } }, { status: 400 })
        return new Response(OK, { headers: { "content-type": "text/event-stream" } })
      },
    },
    ...more,
  })
  async function notices(request: Partial<ModelRequest> = {}): Promise<readonly string[]> {
    const told: string[] = []
    for await (const chunks of port.stream(requestOf({ model: "mine/m", ...request }), new AbortController().signal))
      for (const chunk of chunks) if (chunk.type === "notice") told.push(chunk.code)
    return told
  }
  return { port, bodies, notices }
}

test("a model that nobody knows is asked for at its server, and never taken for 128k", async () => {
  const known = serving({ entry: { max_model_len: 16_384 } })
  await known.port.learn("mine/m")
  expect(known.port.describe("mine/m").contextTokens).toBe(16_384)
  expect(await known.notices()).toEqual([])

  const unknown = serving({})
  await unknown.port.learn("mine/m")
  expect(unknown.port.describe("mine/m").contextTokens).toBeUndefined()
  expect([await unknown.notices(), await unknown.notices()]).toEqual([["model.window_unknown"], []])
})

test("a model that is chosen on the way is asked for at its server once, before the first request to it", async () => {
  let lists = 0
  const { port, notices } = serving({
    network: {
      async through(_, init) {
        if (init?.method === "POST") return new Response(OK, { headers: { "content-type": "text/event-stream" } })
        lists++
        return Response.json({ data: [{ id: "m", max_model_len: 16_384 }] })
      },
    },
  })
  expect([await notices(), await notices()]).toEqual([[], []])
  expect([port.describe("mine/m").contextTokens, lists]).toEqual([16_384, 1])

  const silent = serving({})
  expect([await silent.notices(), await silent.notices()]).toEqual([["model.window_unknown"], []])
})

test("what the person said holds over what the server says, and caps the answer", async () => {
  const { port, bodies, notices } = serving({
    entry: { max_model_len: 16_384 },
    overrides: { "mine/m": { contextTokens: 8_000 } },
  })
  await port.learn("mine/m")
  expect(port.describe("mine/m").contextTokens).toBe(8_000)
  await notices()
  await notices({ contextTokens: 4_000 })
  expect(bodies.map((body) => body.max_tokens)).toEqual([2_000, 1_000])
})

test("a refusal that names the window is learned from, by later processes too", async () => {
  const quirksFile = join(folder, "quirks.json")
  const { port, notices } = serving({ quirksFile, refuses: "This model's maximum context length is 8192 tokens." })

  expect(notices()).rejects.toMatchObject({ code: "provider.context_exceeded" })
  await notices().catch(() => undefined)
  expect(port.describe("mine/m").contextTokens).toBe(8_192)
  expect(serving({ quirksFile }).port.describe("mine/m").contextTokens).toBe(8_192)
  const said = serving({ quirksFile, overrides: { "mine/m": { contextTokens: 4_096 } } })
  expect(said.port.describe("mine/m").contextTokens).toBe(4_096)
})
