import { afterAll, describe, expect, test } from "bun:test"
import { Client as Client2, StreamableHTTPClientTransport as Http2 } from "@modelcontextprotocol/client"
import { Client as Client1 } from "@modelcontextprotocol/sdk/client/index.js"
import { StreamableHTTPClientTransport as Http1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js"
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js"
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js"
import { scriptedModel, testEngine, testTools } from "@skein/testkit"
import { httpHandler, type McpHttp } from "../src/index.ts"
import { folder } from "./client.ts"

const TOKEN = "t".repeat(40)
const closing: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of closing) await close()
})

function listening(limits: { readonly bodyMsMax?: number; readonly answerMsMax?: number } = {}) {
  const tools = testTools({
    echo: { run: ({ text }) => `echo ${text}` },
    risky: { effects: [{ kind: "unknown" }], run: () => "done" },
  })
  const engine = testEngine(scriptedModel(), { tools })
  const clock = { now: 0 }
  let http: McpHttp | undefined
  const server = Bun.serve({
    ...{ hostname: "127.0.0.1", port: 0, maxRequestBodySize: 200 * 1024 * 1024 },
    fetch: (request) => http?.handle(request) ?? new Response("", { status: 503 }),
  })
  const port = server.port ?? 0
  http = httpHandler({
    ...{ source: () => folder(engine), token: TOKEN, hosts: ["127.0.0.1", "localhost"], port, ...limits },
    ...{ now: () => clock.now, warn: () => {} },
  })
  const made = http
  closing.push(async () => {
    await made.close()
    await server.stop(true)
    await engine.close()
  })
  return { url: new URL(`http://127.0.0.1:${port}/mcp`), port, clock, handle: made.handle }
}

const requestInit = { headers: { Authorization: `Bearer ${TOKEN}` } }
const INFO = { name: "test", version: "0" }
const TEXT = { name: "echo", arguments: { text: "a" } }
const allow = async () => ({ action: "accept" as const, content: { answer: "allow_once" } })
const saying = (text: string) => ({ content: [{ type: "text", text }] })

describe("over HTTP", () => {
  test("the 1.x client has a session: it lists, calls, is asked on its stream, and ends it", async () => {
    const { url } = listening()
    const client = new Client1(INFO, { capabilities: { elicitation: {} } })
    client.setRequestHandler(ElicitRequestSchema, allow)
    const transport = new Http1(url, { requestInit })
    // The SDK's own types disagree under exact optional properties.
    await client.connect(transport as Transport)
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["echo", "risky"])
    expect(await client.callTool(TEXT)).toMatchObject(saying("echo a"))
    expect(await client.callTool({ name: "risky", arguments: {} })).toMatchObject(saying("done"))
    const id = transport.sessionId ?? ""
    await transport.terminateSession()
    await client.close()
    const after = await post(url, { jsonrpc: "2.0", id: 1, method: "ping" }, { "Mcp-Session-Id": id })
    expect(after.status).toBe(404)
  })

  for (const mode of ["legacy", "auto"] as const) {
    test(`the 2.x client, ${mode}, lists, calls and is asked`, async () => {
      const { url } = listening()
      const capabilities = { elicitation: { form: {} } }
      const client = new Client2(INFO, { capabilities, versionNegotiation: { mode } })
      client.setRequestHandler("elicitation/create", allow)
      await client.connect(new Http2(url, { requestInit }))
      expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(["echo", "risky"])
      expect(await client.callTool(TEXT)).toMatchObject(saying("echo a"))
      expect(await client.callTool({ name: "risky", arguments: {} })).toMatchObject(saying("done"))
      expect(client.getNegotiatedProtocolVersion()).toBe(mode === "auto" ? "2026-07-28" : "2025-11-25")
      await client.close()
    })
  }
})

const INITIALIZE = {
  ...{ jsonrpc: "2.0", id: 1, method: "initialize" },
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: INFO },
}

function post(url: URL, body: unknown, headers: Record<string, string> = {}, token: string | undefined = TOKEN) {
  return fetch(url, {
    method: "POST",
    headers: {
      ...{ "Content-Type": "application/json", Accept: "application/json, text/event-stream" },
      ...(token === "" ? {} : { Authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: typeof body === "string" ? body : JSON.stringify(body),
  })
}

describe("whoever is not let in", () => {
  const { url, port } = listening()

  test("has no token, another, or an empty one: told so, and nothing else", async () => {
    const statuses = []
    for (const token of ["", "wrong", `${TOKEN}x`, TOKEN.slice(1)]) {
      const response = await post(url, INITIALIZE, {}, token)
      statuses.push([response.status, response.headers.get("www-authenticate"), response.headers.get("mcp-session-id")])
    }
    expect(statuses).toEqual(Array(4).fill([401, "Bearer", null]))
    expect((await post(url, INITIALIZE, { Authorization: `Basic ${btoa(TOKEN)}` }, "")).status).toBe(401)
    expect((await fetch(`${url}?token=${TOKEN}`)).status).toBe(401)
    expect((await fetch(new URL("/other", url))).status).toBe(401)
    expect(await (await fetch(new URL("/health", url))).text()).toBe("ok\n")
  })

  test("is a page of another origin, even with the token, or calls this address by another name", async () => {
    const origins = ["https://evil.example", "null", `http://127.0.0.1:${port + 1}`, `http://evil.example:${port}`]
    for (const Origin of origins) expect((await post(url, INITIALIZE, { Origin })).status).toBe(403)
    for (const Host of ["evil.example", `evil.example:${port}`, "127.0.0.1", `127.0.0.1:${port + 1}`]) {
      expect((await post(url, INITIALIZE, { Host })).status).toBe(403)
    }
    expect((await post(url, INITIALIZE, { Origin: `http://127.0.0.1:${port}` })).status).toBe(200)
  })

  test("sends a form, a preflight, a body of 100 MB, or what is no JSON", async () => {
    const plain = await post(url, INITIALIZE, { "Content-Type": "text/plain" })
    const preflight = await fetch(url, { method: "OPTIONS", headers: { Origin: "https://evil.example" } })
    const large = await post(url, `{"a":"${"x".repeat(100 * 1024 * 1024)}"}`)
    const broken = await post(url, "{")
    expect([plain.status, preflight.status, large.status, broken.status]).toEqual([415, 403, 413, 400])
    expect(preflight.headers.get("access-control-allow-origin")).toBeNull()
  })

  test("guesses a session, or comes back to one without the token", async () => {
    expect((await post(url, { jsonrpc: "2.0", id: 1, method: "ping" }, { "Mcp-Session-Id": "guess" })).status).toBe(404)
    const id = (await post(url, INITIALIZE)).headers.get("mcp-session-id") ?? ""
    expect(id).not.toBe("")
    const stream = await fetch(url, { headers: { Accept: "text/event-stream", "Mcp-Session-Id": id } })
    expect(stream.status).toBe(401)
    expect((await fetch(url, { method: "DELETE", headers: { "Mcp-Session-Id": id } })).status).toBe(401)
  })
})

test("a body that comes drop by drop is not waited for", async () => {
  const { url } = listening({ bodyMsMax: 50 })
  const drops = new ReadableStream({
    async pull(controller) {
      controller.enqueue(new TextEncoder().encode(" "))
      await Bun.sleep(20)
    },
  })
  const headers = { Authorization: `Bearer ${TOKEN}`, "Content-Type": "application/json" }
  expect((await fetch(url, { method: "POST", headers, body: drops })).status).toBe(408)
})

test("a call whose client does not come back with an answer is over, and holds up no other", async () => {
  const { url } = listening({ answerMsMax: 20 })
  const client = new Client2(INFO, {
    capabilities: { elicitation: { form: {} } },
    versionNegotiation: { mode: "auto" },
  })
  const late = async () => {
    await Bun.sleep(200)
    return allow()
  }
  client.setRequestHandler("elicitation/create", late)
  await client.connect(new Http2(url, { requestInit }))
  await expect(client.callTool({ name: "risky", arguments: {} })).rejects.toThrow("This call is over")
  expect(await client.callTool(TEXT)).toMatchObject(saying("echo a"))
  await client.close()
})

test("so many clients are served at the same time; one more waits until another was silent for long", async () => {
  const { url, clock } = listening()
  const begin = async () => {
    const response = await post(url, INITIALIZE)
    await response.text()
    return response.status
  }
  for (let count = 0; count < 32; count += 1) expect(await begin()).toBe(200)
  expect(await begin()).toBe(503)
  clock.now += 5 * 60_000
  expect(await begin()).toBe(200)
})

test("no more clients are served than that when all of them come at once", async () => {
  const { url, port, handle } = listening()
  const headers = {
    ...{ ...requestInit.headers, Host: `127.0.0.1:${port}`, "Content-Type": "application/json" },
    Accept: "application/json, text/event-stream",
  }
  const begin = async () =>
    (await handle(new Request(String(url), { method: "POST", headers, body: JSON.stringify(INITIALIZE) }))).status
  const statuses = await Promise.all(Array.from({ length: 40 }, begin))
  expect([200, 503].map((status) => statuses.filter((each) => each === status).length)).toEqual([32, 8])
})

test("a client that lost its stream is sent what it missed", async () => {
  const { url } = listening()
  // Of this revision on, a stream begins with an event that a client can come back to.
  const params = { ...INITIALIZE.params, protocolVersion: "2025-11-25" }
  const begun = await post(url, { ...INITIALIZE, params })
  const id = begun.headers.get("mcp-session-id") ?? ""
  const [, first = ""] = /^id: (.+)$/m.exec(await begun.text()) ?? []
  const headers = { ...requestInit.headers, Accept: "text/event-stream", "Mcp-Session-Id": id, "Last-Event-ID": first }
  const stream = await fetch(url, { headers })
  const reader = stream.body?.getReader()
  let said = ""
  while (reader !== undefined && !said.includes('"serverInfo"')) {
    said += new TextDecoder().decode((await reader.read()).value)
  }
  await reader?.cancel()
  expect(stream.status).toBe(200)
})
