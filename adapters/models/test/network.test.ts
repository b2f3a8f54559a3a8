import { afterAll, beforeAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { selfSigned } from "@skein/testkit"
import { type Fetch, models } from "../src/index.ts"
import { requestFor } from "./cases.ts"

const REPLY = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: "hi" }, finish_reason: "stop" }] })}\n\n`
const folder = mkdtempSync(join(tmpdir(), "skein-network-"))
const caFile = join(folder, "ca.pem")
let secure: ReturnType<typeof Bun.serve>
let plain: ReturnType<typeof Bun.serve>
let proxy: ReturnType<typeof tunnel>

/** An origin that only a private authority vouches for, and a proxy that leads every name to it. */
beforeAll(() => {
  const { key, certificate } = selfSigned(["api.example.test", "localhost"])
  writeFileSync(caFile, certificate)
  const answer = () => new Response(REPLY, { headers: { "content-type": "text/event-stream" } })
  secure = Bun.serve({ port: 0, tls: { key, cert: certificate }, fetch: answer })
  plain = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: answer })
  proxy = tunnel(secure.port ?? 0)
})
afterAll(async () => {
  proxy.stop()
  await Promise.all([secure.stop(true), plain.stop(true)])
  rmSync(folder, { recursive: true })
})

/** A proxy for CONNECT. Keeps the first line of every request. */
function tunnel(port: number) {
  const lines: string[] = []
  type Data = { origin?: Promise<{ write(bytes: Uint8Array): void; end(): void }> }
  const listener = Bun.listen<Data>({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open(socket) {
        socket.data = {}
      },
      data(socket, bytes) {
        if (socket.data.origin !== undefined) {
          // The socket may reuse its buffer before the origin is connected.
          const copy = bytes.slice()
          void socket.data.origin.then((origin) => origin.write(copy))
          return
        }
        lines.push(bytes.toString().split("\r\n")[0] ?? "")
        socket.data.origin = Bun.connect({
          hostname: "127.0.0.1",
          port,
          socket: { data: (_, back) => void socket.write(back), close: () => void socket.end() },
        })
        void socket.data.origin.then(() => socket.write("HTTP/1.1 200 Connection established\r\n\r\n"))
      },
      close(socket) {
        void socket.data.origin?.then((origin) => origin.end())
      },
    },
  })
  return { lines, url: `http://127.0.0.1:${listener.port}`, stop: () => listener.stop(true) }
}

const clock = { now: () => 0, sleep: () => new Promise<void>(() => {}) }

async function ask(
  baseUrl: string,
  network: { proxy?: string; caFile?: string },
  own: { proxy?: string } = {},
): Promise<string> {
  const providers = [{ id: "far", wire: "openai-chat", baseUrl, ...own }] as const
  const port = models({ env: {}, key: () => undefined, clock, network: { ...network, through: fetch }, providers })
  try {
    const chunks = await Array.fromAsync(port.stream(requestFor("far/m", "hello"), new AbortController().signal))
    return chunks
      .flat()
      .map((chunk) => (chunk.type === "text" ? chunk.text : ""))
      .join("")
  } catch (error) {
    return String(error)
  }
}

test("a server of a private authority is reached with its certificate file, and refused without", async () => {
  const url = `https://localhost:${secure.port}/v1`

  expect(await ask(url, { caFile })).toBe("hi")
  expect(await ask(url, {})).toContain("SkeinError")
})

test("through a proxy that stands before it, with a private authority, a provider answers", async () => {
  expect(await ask("https://api.example.test/v1", { proxy: proxy.url, caFile })).toBe("hi")
  expect(proxy.lines.at(-1)).toBe("CONNECT api.example.test:443 HTTP/1.1")
})

test("a provider's own proxy goes before the common one", async () => {
  expect(await ask("https://api.example.test/v1", { proxy: "http://127.0.0.1:9", caFile }, { proxy: proxy.url })).toBe(
    "hi",
  )
})

test("a recording is on the way out and not beside it: it is told of the proxy", async () => {
  const told: unknown[] = []
  const fetch: Fetch = async (_, init) => {
    told.push(init)
    return new Response("", { status: 500 })
  }
  const providers = [{ id: "far", wire: "openai-chat", baseUrl: "https://api.example.test/v1" }] as const
  const network = { proxy: "http://127.0.0.1:9" }
  const port = models({ env: {}, key: () => undefined, clock, network, providers, fetch })
  await Array.fromAsync(port.stream(requestFor("far/m", "hello"), new AbortController().signal)).catch(() => undefined)

  expect(told).toMatchObject([network])
})

test("a server on this machine is asked directly, whatever proxy is set", async () => {
  expect(await ask(`http://127.0.0.1:${plain.port}/v1`, { proxy: "http://127.0.0.1:9" })).toBe("hi")
})

test("certificates that cannot be read are named", async () => {
  const url = "https://api.example.test/v1"
  const empty = join(folder, "empty.pem")
  writeFileSync(empty, "nothing")

  expect(await ask(url, { caFile: join(folder, "none.pem") })).toContain(
    "Cannot read the certificates of network.caFile",
  )
  expect(await ask(url, { caFile: empty })).toContain("holds no PEM certificate")
})

/** What the environment says is read by the runtime when it starts, so it is tried in a process of its own. */
async function inProcess(baseUrl: string, env: Record<string, string>): Promise<string> {
  const script = `
    import { models } from ${JSON.stringify(join(import.meta.dirname, "../src/index.ts"))}
    const clock = { now: () => 0, sleep: () => new Promise(() => {}) }
    const port = models({ env: {}, key: () => undefined, clock, network: { through: fetch }, providers: [{ id: "far", wire: "openai-chat", baseUrl: ${JSON.stringify(baseUrl)} }] })
    const request = { model: "far/m", system: [], messages: [{ role: "user", content: [{ type: "text", text: "hi" }] }], tools: [], cacheKey: "k" }
    try {
      const chunks = (await Array.fromAsync(port.stream(request, new AbortController().signal))).flat()
      console.log(chunks.map((chunk) => chunk.type === "text" ? chunk.text : "").join(""))
    } catch (error) { console.log(String(error)) }
    process.exit(0)`
  const child = Bun.spawn([process.execPath, "-e", script], {
    env: { PATH: "/usr/bin:/bin", ...env },
    stdout: "pipe",
    stderr: "pipe",
  })
  return (await new Response(child.stdout).text()).trim()
}

test("HTTPS_PROXY and NODE_EXTRA_CA_CERTS in the environment are enough", async () => {
  const count = proxy.lines.length
  const url = "https://api.example.test/v1"

  expect(await inProcess(url, { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: caFile })).toBe("hi")
  expect(proxy.lines.length).toBe(count + 1)
  expect(await inProcess(url, { HTTPS_PROXY: proxy.url })).toContain("SkeinError")
})

test("no variable switches the verification of certificates off", async () => {
  const said = await inProcess(`https://localhost:${secure.port}/v1`, { NODE_TLS_REJECT_UNAUTHORIZED: "0" })

  expect(said).toContain("The certificate of far")
})

test("NO_PROXY leads past the proxy, and this machine needs none", async () => {
  const count = proxy.lines.length
  const dead = "http://127.0.0.1:9"

  expect(await inProcess(`http://127.0.0.1:${plain.port}/v1`, { HTTP_PROXY: dead })).toBe("hi")
  expect(
    await inProcess("https://api.example.test/v1", { HTTPS_PROXY: proxy.url, NO_PROXY: ".example.test" }),
  ).toContain("SkeinError")
  expect(proxy.lines.length).toBe(count)
})
