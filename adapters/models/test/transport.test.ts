import { afterEach, describe, expect, test } from "bun:test"
import { createServer, type Socket } from "node:net"
import type { ModelChunk } from "@skein/core/ports"
import { SkeinError } from "@skein/protocol"
import { type Fetch, type SendOptions, send } from "../src/wire/transport.ts"
import { fold, readAll, realClock, requestOf, type TargetFacts, targetOf, WIRE_NAMES } from "./asking.ts"
import { data, REPLIES } from "./replies.ts"
import { WIRES } from "./wires.ts"

const STREAM = { "content-type": "text/event-stream" }
const HANG_GUARD_MS = 10_000
const closers: (() => void)[] = []
afterEach(() => {
  for (const close of closers.splice(0)) close()
})

describe("a reply over the network", () => {
  for (const wire of WIRE_NAMES) {
    test(`${wire}: the request arrives and the reply comes whole`, async () => {
      const seen: { path: string; body: unknown }[] = []
      const baseUrl = serve(async (request) => {
        seen.push({ path: new URL(request.url).pathname, body: await request.json() })
        return new Response(slowly(REPLIES[wire], 50), { headers: { ...STREAM, "x-request-id": "req_1" } })
      })
      const target = targetOf(wire, { baseUrl })
      const arrays = await all(ask({ baseUrl }, {}, wire))

      expect(fold(arrays.flat())).toEqual(readAll(target, REPLIES[wire]))
      expect(arrays.flat().at(-1)).toEqual({ type: "stop", reason: "calls", requestId: "req_1" })
      expect(seen).toEqual([
        {
          path: WIRES[wire].request(requestOf(), target).path.split("?")[0] ?? "",
          body: WIRES[wire].request(requestOf(), target).body,
        },
      ])
    })
  }

  test("one read of the network is one array, and pieces of one text in it are one chunk", async () => {
    const pieces = Array.from({ length: 500 }, (_, i) => ({ choices: [{ delta: { content: `${i} ` } }] }))
    const baseUrl = serve(
      () =>
        new Response(`${data(...pieces, { choices: [{ delta: {}, finish_reason: "stop" }] })}data: [DONE]\n\n`, {
          headers: STREAM,
        }),
    )
    const arrays = await all(ask({ baseUrl }))

    expect(arrays.length).toBeLessThan(10)
    expect(arrays.flat().filter(({ type }) => type === "text").length).toBeLessThanOrEqual(arrays.length)
  })

  test("a server that never closes its stream does not hold the reply up", async () => {
    const baseUrl = serve(() => new Response(endless(REPLIES["openai-chat"]), { headers: STREAM }))
    const startedAt = performance.now()

    expect((await all(ask({ baseUrl }))).flat().at(-1)?.type).toBe("stop")
    expect(performance.now() - startedAt).toBeLessThan(1000)
  })

  test("a connection serves again after a whole reply", async () => {
    const ports = new Set<number | undefined>()
    const baseUrl = serve((request, server) => {
      ports.add(server.requestIP(request)?.port)
      return new Response(closedLate(REPLIES["openai-chat"], 30), { headers: STREAM })
    })
    for (let i = 0; i < 4; i++) {
      await all(ask({ baseUrl }))
      await realClock.sleep(100)
    }

    expect(ports.size).toBe(1)
  })

  test("half characters in a conversation do not reach the provider", async () => {
    let body = ""
    const baseUrl = serve(async (request) => {
      body = await request.text()
      return new Response(REPLIES["openai-chat"], { headers: STREAM })
    })
    const target = targetOf("openai-chat", { baseUrl })
    const request = requestOf({ messages: [{ role: "user", content: [{ type: "text", text: "a\ud83e b\u{1f9f5}" }] }] })
    await all(send(WIRES["openai-chat"], request, target, options(), new AbortController().signal))

    expect(body).toContain('"a\uFFFD b🧵"')
  })
})

describe("an error", () => {
  test("of HTTP carries its class, wait, status and request id", async () => {
    const baseUrl = serve(() =>
      Response.json(
        { error: { message: "slow down" } },
        { status: 429, headers: { "retry-after": "3", "request-id": "req_9" } },
      ),
    )

    expect(await failure(ask({ baseUrl }))).toMatchObject({
      code: "provider.rate_limited",
      retryAfterMs: 3000,
      httpStatus: 429,
      requestId: "req_9",
    })
  })

  test("under status 200 is found: as JSON, as a page, as JSON or a page that call themselves a stream", async () => {
    const error = JSON.stringify({ error: { message: "quota exceeded", type: "insufficient_quota" } })
    const of = async (body: string, type: string) => {
      const baseUrl = serve(() => new Response(body, { headers: { "content-type": type } }))
      return (await failure(ask({ baseUrl }))).code
    }

    expect(await of(error, "application/json; charset=utf-8")).toBe("provider.quota")
    expect(await of("<html>log in</html>", "text/html")).toBe("provider.protocol")
    expect(await of(error, "text/event-stream")).toBe("provider.quota")
    expect(await of("<html>log in</html>", "text/event-stream")).toBe("provider.protocol")
    expect(await of("", "text/event-stream")).toBe("provider.stream_cut")
  })

  test("is not followed to another place with the key", async () => {
    let hits = 0
    const elsewhere = serve(() => {
      hits++
      return new Response(REPLIES["openai-chat"], { headers: STREAM })
    })
    const baseUrl = serve(() => Response.redirect(`${elsewhere}/chat/completions`, 307))

    expect((await failure(ask({ baseUrl }))).message).toContain(`a redirect to ${elsewhere}`)
    expect(hits).toBe(0)
  })

  test("says which host could not be reached", async () => {
    const port = await freePort()
    const error = await failure(ask({ baseUrl: `http://127.0.0.1:${port}` }))

    expect(error.code).toBe("provider.not_running")
    expect(error.message).toContain(`Could not reach Example (127.0.0.1:${port})`)
    expect(error.message).toEndWith("(ECONNREFUSED). Is the server running?")
  })

  test("names a host that does not exist, and a certificate that is not trusted", async () => {
    const failing =
      (code: string, message: string): Fetch =>
      async () => {
        throw Object.assign(new Error(message), { code })
      }
    const of = (fetch: Fetch) => failure(ask({}, { fetch }))

    expect(await of(failing("ENOTFOUND", "getaddrinfo failed"))).toMatchObject({
      code: "provider.unavailable",
      message: expect.stringContaining("Could not reach Example (api.example.test) (ENOTFOUND"),
    })
    expect(await of(failing("SELF_SIGNED_CERT_IN_CHAIN", "self signed certificate"))).toMatchObject({
      code: "provider.unavailable",
      message: expect.stringContaining("certificate of Example"),
    })
  })

  test("of a connection reset in the middle, or closed too early, is stream_cut", async () => {
    const start = REPLIES["openai-chat"].slice(0, 400)
    const reset = await rawServer((socket) => {
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n${start.length.toString(16)}\r\n${start}\r\n`,
        () => socket.resetAndDestroy(),
      )
    })
    const closed = serve(() => new Response(start, { headers: STREAM }))

    expect((await failure(ask({ baseUrl: reset }))).code).toBe("provider.stream_cut")
    expect((await failure(ask({ baseUrl: closed }))).code).toBe("provider.stream_cut")
  })

  test("of silence comes after the limit and not while bytes come", async () => {
    const silent = serve(() => new Response(endless(REPLIES["openai-chat"].slice(0, 300)), { headers: STREAM }))
    const slow = serve(() => new Response(slowly(REPLIES["openai-chat"], 100, 25), { headers: STREAM }))
    const startedAt = performance.now()

    expect(await failure(ask({ baseUrl: silent }, { idleTimeoutMs: 150 }))).toMatchObject({
      code: "provider.idle",
      message: expect.stringContaining("sent nothing for 0.15 s"),
    })
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(140)
    expect((await all(ask({ baseUrl: slow }, { idleTimeoutMs: 250 }))).length).toBeGreaterThan(3)
  })

  test("of a server that accepts and says nothing comes after the limit, which a dialect may move", async () => {
    const mute = await rawServer(() => {})
    const error = await failure(ask({ baseUrl: mute, dialect: { headersTimeoutMs: 100 } }))

    expect(error).toMatchObject({
      code: "provider.unavailable",
      message: expect.stringContaining("did not begin to answer within 0.1 s"),
    })
    expect((await failure(ask({ baseUrl: mute }, { headersTimeoutMs: 50 }))).message).toContain("within 0.05 s")
  })

  test("never holds the key, whoever says it", async () => {
    const key = "skverysecret1"
    const loud: Fetch = async () => {
      throw new TypeError(`Header 'authorization' has invalid value: 'Bearer ${key}'`)
    }
    const errors = [
      await failure(ask({ key }, { fetch: loud })),
      await failure(ask({ key: `${key}\n`, baseUrl: "http://127.0.0.1:1" })),
      await failure(ask({ key, baseUrl: serve(() => new Response(`bad key ${key}`, { status: 401 })) })),
      await failure(
        ask({
          key,
          baseUrl: serve(() => new Response(data({ error: { message: `bad key ${key}` } }), { headers: STREAM })),
        }),
      ),
      await failure(ask({ key, baseUrl: serve(() => new Response(`data: ${key}\n\n`, { headers: STREAM })) })),
    ]

    expect(errors.map(({ code }) => code)).toEqual([
      "provider.unavailable",
      "provider.auth",
      "provider.auth",
      "provider.unavailable",
      "provider.protocol",
    ])
    for (const error of errors) expect(Bun.inspect(error)).not.toContain(key)
  })
})

describe("an abort", () => {
  test("before the request sends nothing", async () => {
    const fetch: Fetch = () => Promise.reject(new Error("was asked"))
    const reason = new Error("stopped")
    const stream = send(
      WIRES["openai-chat"],
      requestOf(),
      targetOf("openai-chat"),
      options({ fetch }),
      AbortSignal.abort(reason),
    )

    expect(await all(stream).catch((error: unknown) => error)).toBe(reason)
  })

  test(
    "while waiting, while reading and while the reader is busy frees the connection at once",
    async () => {
      for (const moment of ["headers", "read", "busy"] as const) {
        const closed = Promise.withResolvers<number>()
        const arrived = Promise.withResolvers<void>()
        const baseUrl = await rawServer((socket) => {
          socket.on("close", () => closed.resolve(performance.now()))
          const start = REPLIES["openai-chat"].slice(0, 500)
          if (moment !== "headers") socket.write(`HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n${start}`)
          arrived.resolve()
        })
        const abort = new AbortController()
        const reason = new Error("stopped")
        const stream = send(
          WIRES["openai-chat"],
          requestOf(),
          targetOf("openai-chat", { baseUrl }),
          options(),
          abort.signal,
        )
        if (moment !== "headers") await stream.next()
        const pending = moment === "busy" ? undefined : stream.next().catch((error: unknown) => error)
        await arrived.promise
        const abortedAt = performance.now()
        abort.abort(reason)

        expect(await (pending ?? stream.next().catch((error: unknown) => error))).toBe(reason)
        expect({ moment, isQuick: (await closed.promise) - abortedAt < 1000 }).toEqual({ moment, isQuick: true })
      }
    },
    HANG_GUARD_MS,
  )

  test(
    "ends a fetch and a body that do not know the signal",
    async () => {
      const never: Fetch = () => new Promise(() => {})
      const mute: Fetch = async () =>
        new Response(new ReadableStream({ pull: () => new Promise(() => {}) }), { headers: STREAM })
      for (const fetch of [never, mute]) {
        const abort = new AbortController()
        const pending = all(
          send(WIRES["openai-chat"], requestOf(), targetOf("openai-chat"), options({ fetch }), abort.signal),
        ).catch((error: unknown) => error)
        await Bun.sleep(0)
        abort.abort("stopped")

        expect(await pending).toBe("stopped")
      }
    },
    HANG_GUARD_MS,
  )

  test(
    "by a reader that leaves early frees the connection too",
    async () => {
      const closed = Promise.withResolvers<void>()
      const baseUrl = await rawServer((socket) => {
        socket.on("close", () => closed.resolve())
        socket.write(
          `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n${REPLIES["openai-chat"].slice(0, 500)}`,
        )
      })
      for await (const _ of ask({ baseUrl })) break

      expect(await closed.promise).toBeUndefined()
    },
    HANG_GUARD_MS,
  )
})

function ask(facts: TargetFacts = {}, more: Partial<SendOptions> = {}, wire: keyof typeof WIRES = "openai-chat") {
  return send(WIRES[wire], requestOf(), targetOf(wire, facts), options(more), new AbortController().signal)
}

function options(more: Partial<SendOptions> = {}): SendOptions {
  return { fetch: (url, init) => fetch(url, init), clock: realClock, ...more }
}

async function all(stream: AsyncIterable<readonly ModelChunk[]>): Promise<readonly (readonly ModelChunk[])[]> {
  return Array.fromAsync(stream)
}

async function failure(stream: AsyncIterable<readonly ModelChunk[]>): Promise<SkeinError> {
  const error = await all(stream).catch((thrown: unknown) => thrown)
  if (error instanceof SkeinError) return error
  throw new Error("No SkeinError came", { cause: error })
}

function serve(handle: (request: Request, server: Bun.Server<undefined>) => Response | Promise<Response>): string {
  const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: handle })
  closers.push(() => void server.stop(true))
  return `http://127.0.0.1:${server.port}`
}

async function rawServer(onSocket: (socket: Socket) => void): Promise<string> {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on("error", () => {})
    socket.once("data", () => onSocket(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`
}

async function freePort(): Promise<string> {
  const url = await rawServer(() => {})
  closers.pop()?.()
  return url.slice(url.lastIndexOf(":") + 1)
}

function slowly(text: string, size: number, everyMs = 0): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  let at = 0
  return new ReadableStream({
    async pull(controller) {
      await Bun.sleep(everyMs)
      controller.enqueue(bytes.subarray(at, at + size))
      at += size
      if (at >= bytes.length) controller.close()
    },
  })
}

/** Whole at once, and closed some time later. */
function closedLate(text: string, ms: number): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(new TextEncoder().encode(text))
      await Bun.sleep(ms)
      controller.close()
    },
  })
}

function endless(text: string): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(text)) })
}
