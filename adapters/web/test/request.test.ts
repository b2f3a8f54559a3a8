import { afterAll, expect, test } from "bun:test"
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from "node:zlib"
import { ToolFailure, type WebRequest } from "@skein/core/ports"
import { requested } from "../src/request/request.ts"
import { caller, openWay } from "./ground.ts"

const seen: { readonly method: string; readonly path: string; readonly headers: Headers; readonly body: string }[] = []
const BOMB_BYTES = 256 * 1024 * 1024
const BOMB = gzipSync(Buffer.alloc(BOMB_BYTES))
const BOMB_IN_BOMB = gzipSync(BOMB)

/** Answers by its path. */
const answers: Readonly<Record<string, (path: string) => Response>> = {
  "/again": () => Response.redirect("/again", 302),
  "/to-other": () => new Response("", { status: 302, headers: { location: `http://localhost:${server.port}/end` } }),
  "/see-other": () => new Response("", { status: 303, headers: { location: "/end" } }),
  "/same-again": () => new Response("", { status: 307, headers: { location: "/end" } }),
  "/to-file": () => new Response("", { status: 302, headers: { location: "file:///etc/passwd" } }),
  "/gzip": () => packed(gzipSync("hello"), "gzip"),
  "/br": () => packed(brotliCompressSync("hello"), "br"),
  "/deflate": () => packed(deflateSync("hello"), "deflate"),
  "/raw-deflate": () => packed(deflateRawSync("hello"), "deflate"),
  "/bomb": () => packed(BOMB, "gzip"),
  "/bomb-in-bomb": () => packed(BOMB_IN_BOMB, "gzip, gzip"),
  "/three-times": () => packed(gzipSync(gzipSync(gzipSync("x"))), "gzip, gzip, gzip"),
  "/lie": () => packed(Buffer.from("not packed at all"), "gzip"),
  "/unknown": () => packed(Buffer.from("x"), "compress"),
  "/cookie": () => new Response("", { status: 302, headers: { location: "/end", "set-cookie": "id=1" } }),
  "/endless": () =>
    new Response(
      new ReadableStream({
        async pull(stream) {
          stream.enqueue(new Uint8Array(64 * 1024).fill(97))
          await Bun.sleep(1)
        },
      }),
    ),
  "/silent": () => new Response(new ReadableStream({ start: (stream) => stream.enqueue(new Uint8Array(1)) })),
}

function packed(bytes: Uint8Array, encoding: string): Response {
  return new Response(new Uint8Array(bytes), { headers: { "content-encoding": encoding } })
}

const server = Bun.serve({
  port: 0,
  hostname: "localhost",
  idleTimeout: 0,
  async fetch(request) {
    const { pathname: path } = new URL(request.url)
    seen.push({ method: request.method, path, headers: request.headers, body: await request.text() })
    return answers[path]?.(path) ?? new Response(`end of ${path}`, { headers: { "content-type": "text/plain" } })
  },
})
afterAll(() => server.stop(true))
const origin = `http://127.0.0.1:${server.port}`

function get(path: string, more: Partial<WebRequest> = {}, signal?: AbortSignal) {
  seen.length = 0
  const asked: string[] = []
  const request = { url: `${origin}${path}`, bytesMax: 1_000_000, timeoutMs: 20_000, redirectsMax: 3, ...more }
  const options = { open: openWay(asked), now: () => performance.now(), userAgent: "skein-test" }
  return requested(request, caller(signal), options)
}

const textOf = async (path: string) => new TextDecoder().decode((await get(path)).bytes)
const failure = async (work: Promise<unknown>) => {
  const error = await work.catch((cause: unknown) => cause)
  return error instanceof ToolFailure ? error.message : `no failure: ${String(error)}`
}

test("bodies are unpacked as their servers say, in the ways that servers really use", async () => {
  for (const path of ["/gzip", "/br", "/deflate", "/raw-deflate"]) expect(await textOf(path)).toBe("hello")
})

test("a bomb is unpacked to the bound and no further, one in another too", async () => {
  Bun.gc(true)
  const before = process.memoryUsage().rss
  for (const path of ["/bomb", "/bomb-in-bomb"]) {
    const { bytes, isCut } = await get(path, { bytesMax: 200_000 })
    expect([bytes.length, isCut]).toEqual([200_000, true])
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(BOMB_BYTES / 4)
  expect(await failure(get("/three-times"))).toContain("packed 3 times over")
})

test("what is not packed as it says is told, and never handed on as if it were", async () => {
  expect(await failure(get("/lie"))).toBe("The answer says it is gzip, and is not.")
  expect(await failure(get("/unknown"))).toContain("was not asked for")
})

test("an answer without an end is cut at the bound, and one that stalls is given up in time", async () => {
  const { bytes, isCut } = await get("/endless", { bytesMax: 300_000 })
  expect([bytes.length, isCut]).toEqual([300_000, true])
  expect(await failure(get("/silent", { timeoutMs: 200 }))).toContain("did not answer within 0.2 s")
})

test("an interrupt ends it with its own reason", async () => {
  const stop = new AbortController()
  setTimeout(() => stop.abort("enough"), 50)
  expect(await get("/silent", {}, stop.signal).catch((error: unknown) => error)).toBe("enough")
})

test("redirects are followed to their bound and told; each is asked for as if it had been asked for first", async () => {
  const { url, redirects } = await get("/to-other")
  expect([url, redirects]).toEqual([`http://localhost:${server.port}/end`, [`${origin}/to-other`]])
  expect(await failure(get("/again"))).toContain("sends on and on: more than 3 times")
  expect((await get("/to-other", { redirectsMax: 0 })).status).toBe(302)
  expect(await failure(get("/to-file"))).toBe("Only http and https are asked for, not file://.")
})

test("what was meant for one server is not told to another, and no cookie is kept", async () => {
  await get("/to-other", { headers: { authorization: "Bearer k", "x-key": "k", "accept-language": "de" } })
  const names = seen.map(({ headers }) =>
    ["authorization", "x-key", "accept-language"].filter((name) => headers.has(name)),
  )
  expect(names).toEqual([["authorization", "x-key", "accept-language"], ["accept-language"]])
  await get("/cookie")
  expect(seen.map(({ headers }) => headers.get("cookie"))).toEqual([null, null])
})

test("a redirect asks with the method that it is for", async () => {
  const post = { method: "POST", body: "{}", headers: { "content-type": "application/json" } }
  await get("/see-other", post)
  expect(seen.map(({ method, body }) => [method, body])).toEqual([
    ["POST", "{}"],
    ["GET", ""],
  ])
  expect(seen[1]?.headers.get("content-type")).toBeNull()
  await get("/same-again", post)
  expect(seen.map(({ method, body }) => [method, body])).toEqual([
    ["POST", "{}"],
    ["POST", "{}"],
  ])
})

test("addresses that are no page's are never asked for", async () => {
  const refused = [
    "file:///etc/passwd",
    "ftp://a.test/",
    "javascript:alert(1)",
    "data:text/plain,x",
    "http://",
    "nonsense",
  ]
  for (const url of [...refused, "http://me:secret@a.test/", `http://a.test/${"x".repeat(9_000)}`]) {
    expect(await failure(get("", { url }))).not.toContain("no failure")
    expect(await failure(get("", { url }))).not.toContain("secret")
  }
  expect(seen).toEqual([])
})

test("a server that is not there is told by its address", async () => {
  const gone = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() })
  const { port } = gone
  await gone.stop(true)
  expect(await failure(get("", { url: `http://127.0.0.1:${port}/` }))).toStartWith(
    `Cannot get http://127.0.0.1:${port}: `,
  )
})
