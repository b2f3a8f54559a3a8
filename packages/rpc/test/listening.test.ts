import { afterEach, beforeEach, expect, test } from "bun:test"
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { connect as connectSocket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Engine } from "@skein/protocol"
import { scriptedModel, testEngine } from "@skein/testkit"
import { connect, dialing, listenHttp, listenUnix, serveEngine } from "../src/index.ts"
import { CLIENT, lock, TOKEN } from "./far.ts"

const onDefect = () => undefined
let folder = ""
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "skein-rpc-"))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const engines = (engine: Engine = testEngine(scriptedModel())) =>
  serveEngine(engine, { server: { name: "", version: "" }, onDefect })
const listen = (name = "s") => listenUnix(engines(), { path: join(folder, name), lock, onDefect })

test("the socket is its owner's alone; links, files and folders that others enter are refused and left as they are", async () => {
  const listener = await listen()
  expect((lstatSync(join(folder, "s")).mode & 0o777).toString(8)).toBe("600")
  await listener.close()
  const made = await listen("new/s")
  expect((lstatSync(join(folder, "new")).mode & 0o777).toString(8)).toBe("700")
  await made.close()
  writeFileSync(join(folder, "file"), "kept")
  symlinkSync(join(folder, "nowhere"), join(folder, "link"))
  symlinkSync(join(folder, "new"), join(folder, "linked"))
  mkdirSync(join(folder, "open"))
  chmodSync(join(folder, "open"), 0o755)
  const refusals = {
    file: "no socket",
    link: "is a link",
    "linked/s": "is a link",
    "open/s": "Take a folder that is yours alone",
    ["x".repeat(120)]: "at most",
  }
  for (const [name, why] of Object.entries(refusals)) {
    await expect(listen(name)).rejects.toMatchObject({ code: "config.invalid", message: expect.stringContaining(why) })
  }
  expect(readdirSync(folder).toSorted()).toEqual(["file", "link", "linked", "new", "open", "s.lock"])
})

test("a message beyond its bound ends the connection with a word", async () => {
  const server = engines()
  const listener = await listenUnix(server, { path: join(folder, "s"), lock, onDefect, messageBytesMax: 1_000 })
  const socket = connectSocket(join(folder, "s"))
  socket.write("x".repeat(100_000))
  let said = ""
  for await (const bytes of socket) said += bytes
  expect(JSON.parse(said)).toMatchObject({ id: null, error: { message: "A message is longer than 1000 bytes." } })
  await server.close()
  await listener.close()
})

test("a client that takes nothing of what waits for it is let go of", async () => {
  const endless: Engine = { ...testEngine(scriptedModel()), ask: async () => "x".repeat(8_000_000) as never }
  const server = engines(endless)
  const gone = Promise.withResolvers<void>()
  const counted = {
    ...server,
    accept: (transport: Parameters<typeof server.accept>[0]) => server.accept(transport).finally(() => gone.resolve()),
  }
  const listener = await listenUnix(counted, { path: join(folder, "s"), lock, onDefect, stallMs: 50 })
  const socket = connectSocket(join(folder, "s"))
  socket.on("error", () => undefined)
  socket.pause()
  const say = (message: object) => socket.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`)
  say({ id: 1, method: "initialize", params: {} })
  say({ id: 2, method: "ask", params: { query: { type: "sessions.list" } } })
  await gone.promise
  socket.destroy()
  await server.close()
  await listener.close()
})

test("over HTTP: what is slow is sent away, what is too much at once is told so, and events end with their session", async () => {
  const hold = Promise.withResolvers<void>()
  const base = testEngine(scriptedModel())
  const engine: Engine = { ...base, ask: (query) => hold.promise.then(() => base.ask(query)) }
  const server = engines(engine)
  const limits = { headerMs: 200, requestMs: 400, requestsMax: 2, bodyBytesMax: 1_000 }
  const listener = await listenHttp(server, { hostname: "127.0.0.1", port: 0, token: TOKEN, limits, onDefect })
  const headers = { Authorization: `Bearer ${TOKEN}`, "Content-Type": "application/json" }
  const post = (path: string, body: string) => fetch(`${listener.address}${path}`, { method: "POST", headers, body })
  const query = JSON.stringify({ type: "sessions.list" })
  const waiting = [post("/v1/queries", query), post("/v1/queries", query)]
  let status = 0
  while (status !== 429) status = (await fetch(`${listener.address}/v1/nothing`, { headers })).status
  hold.resolve()
  expect(await Promise.all(waiting.map(async (answer) => (await answer).status))).toEqual([200, 200])
  expect((await post("/v1/ops", `"${"x".repeat(2_000)}"`)).status).toBe(413)
  const port = Number(new URL(listener.address).port)
  for (const text of [
    "GET / HTTP/1.1\r\nX",
    `POST /v1/ops HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{`,
  ]) {
    const socket = connectSocket(port, "127.0.0.1")
    socket.write(text)
    let said = ""
    for await (const bytes of socket) said += bytes
    expect(said).toStartWith("HTTP/1.1 408")
  }
  const created = await base.submit({ type: "session.create", cwd: "/repo" })
  if (created.status === "rejected") throw new Error(created.message)
  const { sessionId } = created
  const stream = await fetch(`${listener.address}/v1/sessions/${sessionId}/events?from=1`, { headers })
  // Longer than a request may take to come: an answer may take any time.
  await Bun.sleep(600)
  await base.submit({ type: "session.close", sessionId })
  expect(await stream.text()).toMatch(
    /^id: 1\ndata: \{.*\n\ndata: \{.*"session\.snapshot".*\n\nevent: ended\ndata: \{\}\n\n$/,
  )
  for (const [path, code] of [
    ["/v1/sessions/ses_none/events", 404],
    ["/v1/sessions/ses_a/events?from=x", 400],
    ["/v1/socket", 426],
    ["/v1/ops", 405],
    ["/", 404],
  ] as const) {
    expect([path, (await fetch(`${listener.address}${path}`, { headers })).status]).toEqual([path, code])
  }
  await server.close()
  await listener.close()
  await base.close()
})

test("a document that cannot be made, and paths that only look like one, are answered and not left waiting", async () => {
  const base = testEngine(scriptedModel())
  const server = engines(base)
  const documents = {
    "/v1/broken.json": () => {
      throw new Error("It cannot be made.")
    },
  }
  const listener = await listenHttp(server, { hostname: "127.0.0.1", port: 0, token: TOKEN, documents, onDefect })
  const port = Number(new URL(listener.address).port)
  const status = async (line: string) => {
    const socket = connectSocket(port, "127.0.0.1")
    socket.write(
      `${line} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${TOKEN}\r\nConnection: close\r\n\r\n`,
    )
    let said = ""
    for await (const bytes of socket) said += bytes
    return [line, Number(said.split(" ")[1])]
  }
  const wanted = {
    ...{ "GET /v1/broken.json": 500, "GET //": 404, "GET //health": 404, "GET http://x:y:z/": 404 },
    ...{ "GET x:constructor": 400, "HEAD /v1/sessions/ses_a/events": 405, "HEAD /health": 200 },
  }
  for (const [line, code] of Object.entries(wanted)) expect(await status(line)).toEqual([line, code])
  await server.close()
  await listener.close()
  await base.close()
})

test("a server that ends lets nobody in again: its listener ends too, though a client dials anew at once", async () => {
  const base = testEngine(scriptedModel())
  const server = engines(base)
  const listener = await listenUnix(server, { path: join(folder, "s"), lock, onDefect })
  const lost = Promise.withResolvers<void>()
  const dial = dialing(listener.address)
  const remote = await connect(dial, { ...CLIENT, onState: (state) => state === "lost" && lost.resolve() })
  await server.close()
  await lost.promise
  // As a client does by itself: it is in before the listener is gone.
  const again = await dial()
  await listener.close()
  for await (const message of again.messages) throw new Error(message)
  remote.close()
  await base.close()
})
