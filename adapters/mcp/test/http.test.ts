import { expect, test } from "bun:test"
import { scene } from "./scene.ts"
import { sessionsServer } from "./servers/sessions.ts"

const HANG_MS = 30_000
const messageOf = (error: Error) => error.message

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await Bun.sleep(10)
}

test("a session is begun, kept over requests and left at the end", async () => {
  await using server = sessionsServer()
  await using world = scene({ kind: "http", url: server.url })
  expect(await world.call("echo", { n: 1 })).toBe('{"n":1}')
  expect(await world.call("echo", { n: 2 })).toBe('{"n":2}')
  expect(world.server.status).toMatchObject({ facts: { protocol: "2025-11-25", title: "sessions" } })
  await until(() => server.requests.includes("GET"))
  await world.server.close()
  expect(server.requests.filter((request) => request !== "GET")).toEqual([
    "POST server/discover",
    "POST initialize",
    "POST notifications/initialized",
    "POST tools/call",
    "POST tools/call",
    "DELETE",
  ])
  const calls = server.headers.slice(-2)
  const id = calls[0]?.get("mcp-session-id")
  expect(id).toMatch(/^[0-9a-f-]{36}$/)
  expect(calls.map((one) => [one.get("mcp-session-id"), one.get("mcp-protocol-version")])).toEqual([
    [id ?? "", "2025-11-25"],
    [id ?? "", "2025-11-25"],
  ])
})

test("a call to a server that forgot the session is made in a new one", async () => {
  await using server = sessionsServer()
  await using world = scene({ kind: "http", url: server.url })
  await world.call("echo")
  server.forget()
  expect(await world.call("echo", { n: 2 })).toBe('{"n":2}')
  expect(server.requests.filter((request) => request === "POST initialize").length).toBe(2)
  expect(server.requests.filter((request) => request === "POST server/discover").length).toBe(1)
})

test(
  "a server that is gone during a call is told soon, and its next call begins it anew",
  async () => {
    const server = sessionsServer()
    await using world = scene({ kind: "http", url: server.url })
    await world.call("echo")
    const from = performance.now()
    const call = world.call("hang").catch(messageOf)
    await Bun.sleep(100)
    await server.die()
    expect(await call).toMatch(/^The MCP server fake .* Its next call begins it anew\.$/)
    expect(performance.now() - from).toBeLessThan(5_000)
    expect(world.server.status.kind).toBe("reconnecting")
    expect(await world.call("echo").catch(messageOf)).toBe("The MCP server fake cannot be reached.")
  },
  HANG_MS,
)

test("one that wants a login says so, and is asked with the token of whoever logs in", async () => {
  const isKnown = (request: Request) => request.headers.get("authorization") === "Bearer let-me-in"
  await using server = sessionsServer((request) =>
    isKnown(request) ? undefined : new Response("no", { status: 401, headers: { "www-authenticate": "Bearer" } }),
  )
  await using outside = scene({ kind: "http", url: server.url })
  expect(await outside.call("echo").catch(messageOf)).toBe(
    "The MCP server fake wants a login. A person can log in: skein mcp login fake.",
  )
  expect(outside.server.status).toEqual({ kind: "login", why: "The MCP server fake wants a login." })
  expect(await outside.call("echo").catch(messageOf)).toBe(
    "The MCP server fake wants a login. A person can log in: skein mcp login fake.",
  )

  await using inside = scene({ kind: "http", url: server.url }, { auth: { token: async () => "let-me-in" } })
  expect(await inside.call("echo", { n: 1 })).toBe('{"n":1}')
})

test("headers are made with the person's variables, and are not shown when the server says them back", async () => {
  const key = "k-0123456789"
  await using server = sessionsServer((request) => {
    if (request.headers.get("x-key") === key) return undefined
    return new Response(`bad key ${request.headers.get("x-key")}`, { status: 400 })
  })
  const headers = { "X-Key": "${THE_KEY}" }
  await using world = scene({ kind: "http", url: server.url, headers }, { env: { THE_KEY: key } })
  expect(await world.call("echo")).toBe("{}")

  await using other = scene({ kind: "http", url: server.url, headers }, { env: { THE_KEY: "wrong-9876543210" } })
  const said = await other.call("echo").catch(messageOf)
  expect(said).toContain("bad key [secret]")
  expect(`${said} ${JSON.stringify(other.server.status)} ${other.logged.join("\n")}`).not.toContain("wrong-9876543210")

  await using none = scene({ kind: "http", url: server.url, headers }, { env: {} })
  expect(await none.call("echo").catch(messageOf)).toBe(
    "The MCP server fake cannot be used. The header X-Key of the MCP server fake names ${THE_KEY}, " +
      "which is not set in the environment. Set it, and start skein anew.",
  )
})

test("a redirect to another origin is not followed", async () => {
  await using elsewhere = sessionsServer()
  await using server = sessionsServer(() => Response.redirect(elsewhere.url, 307))
  await using world = scene({ kind: "http", url: server.url, headers: { "X-Key": "secret-key" } })
  expect(await world.call("echo").catch(messageOf)).toStartWith("The MCP server fake answered HTTP 307")
  expect(elsewhere.requests).toEqual([])
})

test("one that is asked in the clear over a network is warned of, once; over loopback it is not", async () => {
  await using server = sessionsServer()
  await using near = scene({ kind: "http", url: server.url })
  await near.call("echo")
  expect(near.warned).toEqual([])

  const away = (_url: string, init?: RequestInit) => fetch(server.url, init)
  await using far = scene({ kind: "http", url: "http://tools.example/mcp" }, { fetch: away })
  expect(await far.call("echo", { n: 1 })).toBe('{"n":1}')
  await far.server.disconnect()
  await far.call("echo")
  expect(far.warned).toEqual([
    "The MCP server fake is asked over http: what is said to it can be read on the way. Use https.",
  ])
})

test("what is no address is told", async () => {
  await using world = scene({ kind: "http", url: "ftp://tools.example" })
  expect(await world.call("echo").catch(messageOf)).toBe(
    "The MCP server fake cannot be used. The address of the MCP server fake must begin with https:// or http://.",
  )
  await using other = scene({ kind: "http", url: "not an address" })
  expect(await other.call("echo").catch(messageOf)).toStartWith("The MCP server fake cannot be used. ")
})

test("a stream that ends before it brought the answer fails the call at once", async () => {
  const stream = () =>
    new ReadableStream({
      async start(to) {
        to.enqueue(": here it begins\n\n")
        await Bun.sleep(50)
        to.close()
      },
    })
  const isCall = (request: Request) => server.requests.at(-1) === "POST tools/call" && request.method === "POST"
  await using server = sessionsServer((request) =>
    isCall(request) ? new Response(stream(), { headers: { "content-type": "text/event-stream" } }) : undefined,
  )
  await using world = scene({ kind: "http", url: server.url })
  const from = performance.now()
  expect(await world.call("echo").catch(messageOf)).toBe(
    "The MCP server fake closed the connection before it answered. Its next call begins it anew.",
  )
  expect(performance.now() - from).toBeLessThan(5_000)
})

/** A server over SSE without a library. `drop` ends its streams. */
function sseServer() {
  const streams = new Map<string, ReadableStreamDefaultController<string>>()
  const event = (name: string, data: string) => `event: ${name}\ndata: ${data}\n\n`
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url)
      if (request.method === "GET") {
        const id = crypto.randomUUID()
        const start = (stream: ReadableStreamDefaultController<string>) => {
          streams.set(id, stream)
          stream.enqueue(event("endpoint", `/m/${id}`))
        }
        return new Response(new ReadableStream({ start }), { headers: { "content-type": "text/event-stream" } })
      }
      const { id, method, params } = (await request.json()) as { id?: number; method: string; params: object }
      const answers: Record<string, object> = {
        initialize: {
          protocolVersion: "2025-06-18",
          capabilities: { tools: {} },
          serverInfo: { name: "old", version: "1" },
        },
        "tools/call": { content: [{ type: "text", text: JSON.stringify(params) }] },
      }
      const result = answers[method]
      const stream = streams.get(pathname.slice("/m/".length))
      if (result !== undefined) stream?.enqueue(event("message", JSON.stringify({ jsonrpc: "2.0", id, result })))
      return new Response(null, { status: 202 })
    },
  })
  const drop = () => {
    for (const stream of streams.values()) stream.close()
    streams.clear()
  }
  return { url: `${server.url}sse`, drop, [Symbol.asyncDispose]: () => server.stop(true) }
}

test("over SSE the end of the stream is the end of the connection, and the next call begins another", async () => {
  await using server = sseServer()
  await using world = scene({ kind: "sse", url: server.url })
  expect(await world.call("echo", { n: 1 })).toContain('"n":1')
  server.drop()
  await until(() => world.server.status.kind === "reconnecting")
  expect(await world.call("echo", { n: 2 })).toContain('"n":2')
})
