import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { chmodSync, lstatSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { connect as connectSocket, type Socket } from "node:net"
import { join } from "node:path"
import { describeBinary } from "../ground/binary.ts"
import { type Answered, head, raw } from "../ground/raw-http.ts"
import { Scene } from "../ground/scene.ts"
import { type ServingSkein, serving, tokenOf } from "../ground/serving.ts"

setDefaultTimeout(120_000)

let at: Scene
let server: ServingSkein
let port = 0
let token = ""

const QUERY = JSON.stringify({ type: "sessions.list" })
/** What a client of this server sends, but for what is told otherwise. */
const asked = (more: Readonly<Record<string, string | undefined>> = {}, body = QUERY, line = "POST /v1/queries") =>
  head(line, {
    Host: `127.0.0.1:${port}`,
    Authorization: `Bearer ${token}`,
    "Content-Type": "application/json",
    "Content-Length": String(Buffer.byteLength(body)),
    ...more,
  }) + body
const get = (path: string, more: Readonly<Record<string, string | undefined>> = {}) =>
  head(`GET ${path}`, { Host: `127.0.0.1:${port}`, Authorization: `Bearer ${token}`, ...more })
const upgrade = (more: Readonly<Record<string, string | undefined>> = {}) =>
  get("/v1/socket", {
    ...{ Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13" },
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...more,
  })
const statuses = async (requests: readonly string[]) => {
  const answered = await Promise.all(requests.map((request) => raw(port, [request])))
  return answered.map(({ status }) => status)
}

describeBinary("skein serve over HTTP", () => {
  beforeAll(async () => {
    at = new Scene()
    server = await serving(at, ["--port", "0"])
    port = Number(new URL(server.addresses[0] ?? "").port)
    token = tokenOf(at)
  })
  afterAll(async () => {
    await server.end("SIGTERM")
    at.remove()
  })

  test("T52: nothing but /health is answered without the token, whatever is sent in its place", async () => {
    expect(await statuses([asked(), get("/v1/sessions/ses_a/events"), upgrade()])).toEqual([200, 404, 101])
    const wrong = [
      undefined,
      "",
      "Bearer",
      "Bearer ",
      `Bearer ${token}x`,
      `Bearer ${token.slice(0, -1)}`,
      `Basic ${token}`,
    ]
    const more = [
      `Bearer ${"x".repeat(token.length)}`,
      token,
      `Bearer ${token} ${token}`,
      "Bearer undefined",
      "Bearer null",
    ]
    for (const Authorization of [...wrong, ...more]) {
      const requests = [
        asked({ Authorization }),
        get("/v1/sessions/ses_a/events", { Authorization }),
        upgrade({ Authorization }),
      ]
      const others = ["/", "/v1/openapi.json", "/v1/schema.json", "/v1/nothing", "/health/", "/health?x", "//health"]
      const all = [...requests, ...others.map((path) => get(path, { Authorization }))]
      expect({ Authorization, statuses: await statuses(all) }).toEqual({ Authorization, statuses: all.map(() => 401) })
    }
    expect(await statuses([get("/health", { Authorization: undefined })])).toEqual([200])
  })

  test("T52: without a token, or with one that others can read, no server is begun", async () => {
    const file = join(at.root, "token")
    const begun = async (text: string, mode = 0o600) => {
      writeFileSync(file, text)
      chmodSync(file, mode)
      const { code, err } = await at.run(["serve", "--port", "0", "--token-file", file])
      return [code, err]
    }
    for (const none of ["", "\n", "   \n", "short"])
      expect(await begun(none)).toEqual([2, expect.stringContaining("16 to 512")])
    expect(await begun("a token with spaces in it")).toEqual([2, expect.stringContaining("16 to 512")])
    expect(await begun("a-token-of-a-person", 0o640)).toEqual([2, expect.stringContaining("chmod 600")])
    const kept = join(at.data, "serve", "token")
    expect([(lstatSync(kept).mode & 0o777).toString(8), token.length]).toEqual(["600", 64])
  })

  test("T53: a page of a browser gets nothing, by a name of its own for this address or from its own origin", async () => {
    const names = [
      "evil.example",
      `evil.example:${port}`,
      `127.0.0.1.evil.example:${port}`,
      "127.0.0.1",
      `0.0.0.0:${port}`,
    ]
    const hosts = [
      ...names,
      undefined,
      "",
      `127.0.0.1:${port + 1}`,
      `localhost:${port}@evil.example`,
      `[::1]:${port}.evil.example`,
    ]
    for (const Host of hosts) {
      const refused = await statuses([
        asked({ Host }),
        upgrade({ Host }),
        get("/health", { Host, Authorization: undefined }),
      ])
      for (const status of refused)
        expect({ Host, status: [400, 403].includes(status) }).toEqual({ Host, status: true })
    }
    expect(await statuses([asked().replace("\r\n", `\r\nHost: evil.example:${port}\r\n`)])).not.toContain(200)
    const origins = [
      "http://evil.example",
      "null",
      `http://localhost:${port + 1}`,
      `http://127.0.0.1:${port}`,
      "vscode-webview://x",
    ]
    for (const Origin of origins) {
      const all = [asked({ Origin }), upgrade({ Origin }), get("/health", { Origin, Authorization: undefined })]
      expect({ Origin, statuses: await statuses(all) }).toEqual({ Origin, statuses: [403, 403, 403] })
    }
    expect(await statuses([asked({ Host: `localhost:${port}` }), asked({ Host: `[::1]:${port}` })])).toEqual([200, 200])
    const answer = await raw(port, [
      head("OPTIONS /v1/ops", { Host: `127.0.0.1:${port}`, Origin: "http://evil.example" }),
    ])
    expect([answer.status, /access-control/i.test(answer.text)]).toEqual([403, false])
  })

  test("T53: what a form of a page could send is not taken", async () => {
    const types = [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      undefined,
      "application/jsonp",
    ]
    const sent = types.map((type) => asked({ "Content-Type": type }))
    expect(await statuses(sent)).toEqual(types.map(() => 415))
    expect(await statuses([asked({ "Content-Type": "Application/JSON; charset=utf-8" })])).toEqual([200])
  })

  test("T54: every answer forbids a browser to run, guess at, frame or keep it", async () => {
    const requests = [
      asked(),
      get("/health"),
      get("/nothing"),
      asked({ Authorization: undefined }),
      asked({ Host: "evil.example" }),
    ]
    for (const request of requests) {
      const { text } = await raw(port, [request])
      const said = text.toLowerCase()
      for (const header of [
        "content-security-policy: default-src 'none'",
        "x-content-type-options: nosniff",
        "cache-control: no-store",
      ]) {
        expect(said).toContain(header)
      }
      expect(said).not.toContain("text/html")
    }
  })

  test("T55: what is too long is refused before it is kept: headers, bodies, frames", async () => {
    const long = await raw(port, [get("/health", { "X-Long": "a".repeat(100_000) })])
    expect([431, 0]).toContain(long.status)
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`X-${index}`, "a"]))
    expect([431, 0]).toContain((await raw(port, [get("/health", many)])).status)
    const declared = asked({ "Content-Length": String(40 * 1024 * 1024) })
    expect((await raw(port, [declared])).status).toBe(413)
    const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`
    const chunked = asked({ "Content-Length": undefined, "Transfer-Encoding": "chunked" }, "")
    const before = residentKb()
    expect([413, 0]).toContain((await raw(port, [chunked, ...Array.from({ length: 1_000 }, () => chunk)])).status)
    // One frame of 4 GB is announced, and a little of it sent.
    const frame = Buffer.from([0x81, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 1, 2, 3, 4])
    const announced = await raw(port, [upgrade(), frame], { pauseMs: 100, isEnough: () => false })
    expect([announced.status, announced.ms < 60_000]).toEqual([101, true])
    expect(residentKb() - before).toBeLessThan(256 * 1024)
    expect(await statuses([asked()])).toEqual([200])
  })

  test("T55: whoever sends slowly is sent away, and keeps nobody waiting meanwhile", async () => {
    const trickle = Array.from({ length: 600 }, (_, index) => `X-${index}: a\r\n`)
    const slowHead = raw(port, [`GET /health HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`, ...trickle], { pauseMs: 100 })
    const silent = raw(port, ["G"])
    expect(await statuses([asked(), asked()])).toEqual([200, 200])
    const ended: Answered[] = await Promise.all([slowHead, silent])
    for (const { status, ms } of ended) expect([[0, 408].includes(status), ms < 60_000]).toEqual([true, true])
  })

  test("T55: connections are bounded, and there is room again when they are gone", async () => {
    const open = Array.from({ length: 700 }, () => connectSocket(port, "127.0.0.1"))
    const closed = new Set<Socket>()
    const some = Promise.withResolvers<void>()
    for (const socket of open) {
      socket.on("error", () => undefined)
      socket.on("close", () => {
        closed.add(socket)
        if (closed.size >= 100) some.resolve()
      })
      socket.resume()
      socket.write("GET /health HTTP/1.1\r\nX-Wait")
    }
    await some.promise
    expect(readdirSync(`/proc/${server.pid}/fd`).length).toBeLessThan(700)
    for (const socket of open) socket.destroy()
    let status = 0
    while (status !== 200) status = (await raw(port, [asked()])).status
    expect(server.said()).not.toContain("skein: ")
  })

  test("T55: the token is in its file alone: not in the arguments, not in what is said or logged, not in an address", async () => {
    const command = readFileSync(`/proc/${server.pid}/cmdline`, "utf8")
    expect([command.includes(token), server.said().includes(token)]).toEqual([false, false])
    const inAddress = [
      get(`/v1/sessions/ses_a/events?token=${token}`, { Authorization: undefined }),
      get(`/?access_token=${token}`, { Authorization: undefined }),
    ]
    expect(await statuses(inAddress)).toEqual([401, 401])
    await statuses([asked({}, "{"), asked({}, JSON.stringify({ type: token })), get(`/${token}`)])
    const holding = at.files(at.root).filter((file) => readFileSync(file, "latin1").includes(token))
    expect(holding).toEqual([join(at.data, "serve", "token")])
    expect(server.said()).not.toContain(token)
  })

  test("T55: it listens on this machine's own address, and another takes a word and a warning", async () => {
    const listening = readFileSync("/proc/net/tcp", "utf8")
    const hex = port.toString(16).toUpperCase().padStart(4, "0")
    expect([listening.includes(`0100007F:${hex}`), listening.includes(`00000000:${hex}`)]).toEqual([true, false])
    const remote = await serving(at, ["--listen", "http://0.0.0.0:0", "--allow-remote", "--server-name", "my-machine"])
    expect(remote.said()).toContain("nothing is encrypted")
    await remote.end("SIGTERM")
  })
})

function residentKb(): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))?.[1] ?? 0)
}
