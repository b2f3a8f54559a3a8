import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test"
import { createHmac } from "node:crypto"
import { mkdirSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs"
import { connect } from "node:net"
import { join } from "node:path"
import { codex } from "./codex-program.ts"
import { type Ground, ground, isMissing, program } from "./program.ts"
import { idOf } from "./talk.ts"
import { listening, overSocket, type Wired } from "./wires.ts"

// A guard against hanging, on a machine that may be busy.
setDefaultTimeout(60_000)

let at: Ground
beforeAll(() => {
  at = ground((prompt) =>
    prompt.startsWith("run: ")
      ? { text: "I will.", call: { name: "bash", input: { command: prompt.slice("run: ".length) } } }
      : { text: `You said: ${prompt}` },
  )
})
afterAll(() => at.remove())

function serving(listen: string, ...flags: readonly string[]) {
  const model = ["-c", `openai_base_url="${at.provider.url}"`, "-c", "model=gpt-5.5"]
  const env = { ...at.env, OPENAI_API_KEY: "sk-client" }
  return listening([program, "app-server", "--listen", listen, ...model, ...flags], { env, cwd: at.folder })
}

async function greeted(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Wired> {
  const host = await overSocket(url, headers)
  await host.handshake({ experimentalApi: true })
  return host
}

const http = (url: string) => url.replace(/^ws/, "http")

describe.skipIf(isMissing)("over WebSocket", () => {
  test("its health is told, a page of a browser is refused, and what is no WebSocket too", async () => {
    const server = await serving("ws://127.0.0.1:0")
    const status = async (path: string, headers: Record<string, string> = {}) =>
      (await fetch(`${http(server.url)}${path}`, { headers })).status
    const page = { Origin: "http://127.0.0.1" }
    expect(await Promise.all([status("/readyz"), status("/healthz"), status("/")])).toEqual([200, 200, 400])
    expect(await Promise.all([status("/readyz", page), status("/", page)])).toEqual([403, 403])
    await expect(overSocket(server.url, page)).rejects.toThrow()
    expect(server.said.join("\n")).toContain("--ws-auth asks for a token")
    expect(await server.stop()).toBe(143)
  })

  test("two clients see one thread, the first answer to an approval counts, and one that goes takes nothing along", async () => {
    const server = await serving("ws://127.0.0.1:0")
    const [one, two, three] = await Promise.all([greeted(server.url), greeted(server.url), greeted(server.url)])
    const threadId = await one.thread({ approvalPolicy: "untrusted", sandbox: "workspace-write" })
    await two.request("thread/resume", { threadId, approvalPolicy: "untrusted" })
    const { result } = await one.turn(threadId, "run: echo shared > shared.txt")
    const turnId = idOf(result?.turn)
    const [asked, also] = await Promise.all(
      [one, two].map((host) => host.next("item/commandExecution/requestApproval")),
    )
    const foreign = await three.request("turn/interrupt", { threadId, turnId })
    two.say({ id: also?.id, result: { decision: "accept" } })
    const resolved = await one.next("serverRequest/resolved")
    await two.end()
    const completed = await one.next("turn/completed")
    await one.end()
    await three.end()
    await server.stop()

    expect(foreign.error?.message).toContain("thread not found")
    expect(resolved.params).toMatchObject({ threadId, requestId: asked?.id })
    expect(completed.params).toMatchObject({ threadId, turn: { status: "completed" } })
    expect(three.messages.some(({ method }) => method?.startsWith("turn/"))).toBe(false)
  })

  test("more requests than can wait are told to come again, and the rest is answered", async () => {
    const server = await serving("ws://127.0.0.1:0")
    const host = await greeted(server.url)
    const answers = await Promise.all(
      Array.from({ length: 2_000 }, () => host.request("fs/readDirectory", { path: at.folder })),
    )
    const refused = answers.filter(({ error }) => error?.code === -32001)
    const other = await host.request("thread/loaded/list")
    await host.end()
    await server.stop()
    expect(refused.length).toBeGreaterThan(0)
    expect(refused[0]?.error?.message).toBe("Server overloaded; retry later.")
    expect(answers.length - refused.length).toBeGreaterThanOrEqual(128)
    expect(other.result).toBeDefined()
  })

  test("a client that reads nothing is let go, and nobody waits for it", async () => {
    const server = await serving("ws://127.0.0.1:0")
    const big = join(at.folder, "big")
    writeFileSync(big, Buffer.alloc(16 * 1024 * 1024))
    const slow = await notReading(server.url)
    slow.say({ id: 0, method: "initialize", params: { clientInfo: { name: "slow", version: "1" } } })
    for (let id = 1; id <= 8; id++) slow.say({ id, method: "fs/readFile", params: { path: big } })
    const host = await greeted(server.url)
    const answer = await host.request("thread/loaded/list")
    await server.until("does not read what it is told was let go")
    slow.end()
    const later = await host.request("thread/loaded/list")
    await host.end()
    await server.stop()
    expect([answer.error, later.error]).toEqual([undefined, undefined])
  })

  test("of fifty clients one dies and one reads nothing, and every other is told all of a turn they share", async () => {
    const server = await serving("ws://127.0.0.1:0")
    const hosts = await Promise.all(Array.from({ length: 48 }, () => greeted(server.url)))
    const [first] = hosts
    if (first === undefined) throw new Error("There is no client")
    const threadId = await first.thread()
    await Promise.all(hosts.slice(1).map((host) => host.request("thread/resume", { threadId })))
    const [slow, dead] = [await notReading(server.url), await notReading(server.url)]
    for (const host of [slow, dead]) {
      host.say({ id: 0, method: "initialize", params: { clientInfo: { name: "quiet", version: "1" } } })
      host.say({ id: 1, method: "thread/resume", params: { threadId } })
    }
    dead.end()
    await first.turn(threadId, "hello to all of you")
    const ends = await Promise.all(hosts.map((host) => host.next("turn/completed")))
    const outlines = hosts.map(({ messages }) =>
      messages.flatMap(({ method }) => (method?.startsWith("item/") ? [method] : [])),
    )
    slow.end()
    await Promise.all(hosts.map((host) => host.end()))
    await server.stop()
    expect(ends.every(({ params }) => params?.threadId === threadId)).toBe(true)
    expect(new Set(outlines.map((outline) => outline.join(" "))).size).toBe(1)
    expect(outlines[0]).toContain("item/completed")
  })

  test("a token is asked for where one is set, and it must be that one", async () => {
    const file = join(at.folder, "token")
    writeFileSync(file, "a-capability-token\n", { mode: 0o600 })
    const server = await serving("ws://127.0.0.1:0", "--ws-auth", "capability-token", "--ws-token-file", file)
    for (const headers of [
      {},
      bearer("another"),
      bearer("a-capability-token2"),
      { Authorization: "a-capability-token" },
    ]) {
      await expect(overSocket(server.url, headers)).rejects.toThrow()
    }
    const host = await greeted(server.url, bearer("a-capability-token"))
    await host.end()
    expect((await fetch(`${http(server.url)}/readyz`)).status).toBe(200)
    await server.stop()
  })

  test("a signed token is taken while it holds, from and for whom it is meant", async () => {
    const file = join(at.folder, "secret")
    const secret = "0123456789abcdef0123456789abcdef"
    writeFileSync(file, `${secret}\n`, { mode: 0o600 })
    const flags = [
      "--ws-auth",
      "signed-bearer-token",
      "--ws-shared-secret-file",
      file,
      "--ws-issuer",
      "me",
      "--ws-audience",
      "you",
    ]
    const server = await serving("ws://127.0.0.1:0", ...flags)
    const now = Math.floor(Date.now() / 1000)
    const good = { iss: "me", aud: ["they", "you"], exp: now + 600 }
    const bad = [
      jwt({ ...good, exp: now - 600 }, secret),
      jwt({ ...good, nbf: now + 600 }, secret),
      jwt({ iss: "me", aud: "you" }, secret),
      jwt({ ...good, iss: "other" }, secret),
      jwt({ ...good, aud: "they" }, secret),
      jwt(good, `${secret}!`),
      jwt(good, secret, "none"),
    ]
    for (const token of bad) await expect(overSocket(server.url, bearer(token))).rejects.toThrow()
    const host = await greeted(server.url, bearer(jwt(good, secret)))
    await host.end()
    await server.stop()
  })

  test("an address of other machines without a token, and flags that do not go together, are refused", async () => {
    const cases = [
      ["ws://0.0.0.0:0", [], "without auth"],
      ["ws://localhost:1", [], "expected `ws://IP:PORT`"],
      ["tcp://x", [], "unsupported --listen URL"],
      ["off", [], "no transport"],
      ["ws://127.0.0.1:0", ["--ws-token-file", "/x"], "needs --ws-auth"],
      ["ws://127.0.0.1:0", ["--ws-auth", "capability-token"], "needs --ws-token-file or --ws-token-sha256"],
      ["ws://127.0.0.1:0", ["--ws-auth", "capability-token", "--ws-token-sha256", "abc"], "64-character hex"],
      ["ws://127.0.0.1:0", ["--ws-auth", "signed-bearer-token", "--ws-token-file", "/x"], "does not go with"],
    ] as const
    for (const [listen, flags, why] of cases) await expect(serving(listen, ...flags)).rejects.toThrow(why)
  })
})

describe.skipIf(isMissing)("over a Unix socket", () => {
  test("it is its owner's alone, a second server does not take it, and it is gone with its server", async () => {
    const server = await serving("unix://")
    const path = server.url.replace("unix://", "")
    expect([statSync(path).mode & 0o777, statSync(join(path, "..")).mode & 0o777]).toEqual([0o600, 0o700])
    await expect(serving("unix://")).rejects.toThrow("somebody serves there already")
    const host = await greeted(`ws+unix://${path}`)
    const threadId = await host.thread()
    await host.turn(threadId, "hello")
    expect((await host.next("turn/completed")).params).toMatchObject({ turn: { status: "completed" } })
    await host.end()
    await server.stop()
    expect(() => statSync(path)).toThrow()
  })

  test("what a server that was killed left is taken over, and what is no socket is left alone", async () => {
    const folder = realpathSync(at.folder)
    const path = join(folder, "s", "left.sock")
    mkdirSync(join(folder, "s"), { mode: 0o700 })
    const left = Bun.spawn(
      [process.execPath, "-e", `Bun.listen({unix:${JSON.stringify(path)},socket:{data(){}}});console.log(1)`],
      { stdout: "pipe" },
    )
    await left.stdout.getReader().read()
    left.kill("SIGKILL")
    await left.exited
    expect(statSync(path).isSocket()).toBe(true)
    const server = await serving("unix://s/left.sock")
    await (await greeted(`ws+unix://${path}`)).end()
    await server.stop()
    writeFileSync(path, "mine")
    await expect(serving("unix://s/left.sock")).rejects.toThrow("which is no socket")
    rmSync(path)
  })

  const relays = [
    ["skein app-server proxy", () => [program, "app-server", "proxy"]],
    ["skein stdio-to-uds", (path: string) => [program, "stdio-to-uds", path]],
    ["codex app-server proxy", (path: string) => [codex ?? "", "app-server", "proxy", "--sock", path]],
  ] as const
  for (const [name, argv] of relays) {
    test.skipIf(name.startsWith("codex") && codex === undefined)(`${name} copies bytes to it and back`, async () => {
      const server = await serving("unix://")
      const words = argv(server.url.replace("unix://", ""))
      const child = Bun.spawn([...words], { env: at.env, stdin: "pipe", stdout: "pipe", stderr: "pipe" })
      child.stdin.write("GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
      await child.stdin.end()
      const said = await child.stdout.text()
      expect(said).toStartWith("HTTP/1.1 200 OK")
      expect(await child.exited).toBe(0)
      await server.stop()
    })
  }

  test("proxy says what is missing where nobody listens", async () => {
    const child = Bun.spawn([program, "app-server", "proxy", "--sock", "/no/such.sock"], {
      env: at.env,
      stdin: "pipe",
      stderr: "pipe",
    })
    expect(await child.stderr.text()).toContain("Is the server running? skein app-server --listen unix://")
    expect(await child.exited).toBe(1)
  })
})

function bearer(token: string) {
  return { Authorization: `Bearer ${token}` }
}

function jwt(claims: object, secret: string, alg = "HS256"): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
  const signed = `${part({ alg, typ: "JWT" })}.${part(claims)}`
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`
}

/** A client in a WebSocket that says things and reads nothing. */
async function notReading(url: string) {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on("error", () => undefined)
  const key = Buffer.from("0123456789abcdef").toString("base64")
  socket.write(
    `GET / HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
  )
  await new Promise((resolve) => socket.once("data", resolve))
  socket.pause()
  return {
    end: () => socket.destroy(),
    /** Masked with zeros, which changes nothing. */
    say(message: object) {
      const text = Buffer.from(JSON.stringify(message))
      const head = Buffer.from([0x81, 0x80 | 126, text.length >> 8, text.length & 0xff, 0, 0, 0, 0])
      socket.write(Buffer.concat([head, text]))
    },
  }
}
