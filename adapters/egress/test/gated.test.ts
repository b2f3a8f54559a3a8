import { afterAll, afterEach, expect, test } from "bun:test"
import { gzipSync } from "node:zlib"
import type { LedgerEntry, NetworkGate } from "@skein/core/ports"
import { ToolFailure } from "@skein/core/ports"
import { selfSigned } from "@skein/testkit"
import { egress } from "../src/index.ts"
import { allowing, endAll, kept, temporary, told } from "./scene.ts"

afterAll(endAll)
const before = { ...process.env }
afterEach(() => {
  for (const name of ["NO_PROXY", "HTTP_PROXY", "HTTPS_PROXY"]) {
    if (before[name] === undefined) delete process.env[name]
    else process.env[name] = before[name]
  }
})

interface Options {
  readonly names?: Readonly<Record<string, readonly (readonly string[])[]>>
  readonly gate?: NetworkGate
  readonly caFile?: string
  readonly proxy?: string
}

/** A call's way out; a name leads to the next of its lists with each look-up. */
async function wayOut({ names = {}, gate = allowing, caFile, proxy }: Options = {}) {
  const entries: LedgerEntry[] = []
  const lookups: string[] = []
  const port = egress({
    ledger: { record: (entry) => void entries.push(entry) },
    now: () => 1_000,
    onDefect: (error) => {
      throw error
    },
    folders: [temporary()],
    upstream: { env: {}, proxy },
    caFile,
    through: (url, init) => fetch(url, init),
    resolve: async (host) => {
      const at = lookups.filter((name) => name === host).length
      lookups.push(host)
      const found = names[host]?.[at] ?? names[host]?.at(-1)
      if (found === undefined) throw Object.assign(new Error("no such name"), { code: "ENOTFOUND" })
      return found
    },
  })
  kept({ stop: () => port.close() })
  return { way: await port.gated(gate, { sessionId: "ses_1", callId: "cal_1", purpose: "web" }), entries, lookups }
}

const server = (answer: (request: Request) => Response | Promise<Response>) =>
  kept(Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: answer }))

const failure = async (work: Promise<unknown>) => {
  const error = await work.catch((cause: unknown) => cause)
  return error instanceof ToolFailure ? error.message : `no failure: ${String(error)}`
}

test("a request goes to the host that was decided about, says its name, and stands in the record by its purpose", async () => {
  const { port } = server((request) => new Response(`${request.headers.get("host")} ${new URL(request.url).pathname}`))
  const { way, entries } = await wayOut({ names: { "a.test": [["127.0.0.1"]] } })
  const answer = await way.ask(`http://a.test:${port}/x`, {})
  expect(await answer.text()).toBe(`a.test:${port} /x`)
  expect(told(way.close())).toEqual([`allowed a.test:${port}: it is on the list`])
  const [first, last] = entries
  expect(first).toMatchObject({ purpose: "web", host: "a.test", sessionId: "ses_1", callId: "cal_1" })
  expect([Number(last?.bytesOut) > 20, Number(last?.bytesIn) > 20]).toEqual([true, true])
})

test("no variable of the environment leads a request around the decision or to somebody else", async () => {
  let strangers = 0
  const other = server(() => new Response(String(strangers++)))
  const { port } = server(() => new Response("reached"))
  for (const env of [{ NO_PROXY: "*" }, { HTTP_PROXY: `http://127.0.0.1:${other.port}` }]) {
    Object.assign(process.env, env)
    const { way } = await wayOut({ gate: async () => ({ isAllowed: false, reason: "not this one" }) })
    expect(await failure(way.ask(`http://127.0.0.1:${port}/`, {}))).toBe(
      `May not reach 127.0.0.1:${port}: not this one`,
    )
    const { way: open } = await wayOut()
    expect(await (await open.ask(`http://127.0.0.1:${port}/`, {})).text()).toBe("reached")
  }
  expect(strangers).toBe(0)
})

test("a name that leads to a private address is not reached, whatever it led to before", async () => {
  let reached = 0
  const { port } = server(() => new Response(String(reached++)))
  const gate: NetworkGate = async () => ({ isAllowed: true, reason: "a person said so" })
  for (const address of ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "::ffff:127.0.0.1", "fd00:ec2::254"]) {
    const { way, lookups } = await wayOut({ gate, names: { "evil.test": [[address]] } })
    expect(await failure(way.ask(`http://evil.test:${port}/`, {}))).toContain("May not reach evil.test")
    expect(lookups).toEqual(["evil.test"])
  }
  expect(reached).toBe(0)
})

test("a name is looked up once for each connection, and what was checked is what is connected to", async () => {
  const { port } = server(() => new Response("mine"))
  // The first look-up is what was allowed; a second one would lead elsewhere.
  const { way, lookups } = await wayOut({ names: { "rebind.test": [["127.0.0.1"], ["127.0.0.2"]] } })
  expect(await (await way.ask(`http://rebind.test:${port}/`, {})).text()).toBe("mine")
  expect(lookups).toEqual(["rebind.test"])
})

test("TLS is held to the name in the address, and to the certificates of the person's file", async () => {
  const { key, certificate } = selfSigned(["tls.test"])
  const tls = kept(
    Bun.serve({ port: 0, hostname: "127.0.0.1", tls: { key, cert: certificate }, fetch: () => new Response("secure") }),
  )
  const names = { "tls.test": [["127.0.0.1"]], "other.test": [["127.0.0.1"]] }
  const caFile = `${temporary()}/ca.pem`
  await Bun.write(caFile, certificate)
  const { way } = await wayOut({ names, caFile })
  expect(await (await way.ask(`https://tls.test:${tls.port}/`, {})).text()).toBe("secure")
  await expect(way.ask(`https://other.test:${tls.port}/`, {})).rejects.toThrow()
  const { way: strict } = await wayOut({ names })
  await expect(strict.ask(`https://tls.test:${tls.port}/`, {})).rejects.toThrow()
})

test("a redirect is handed over, not followed, and a packed body stays packed", async () => {
  const packed = gzipSync("x".repeat(1_000_000))
  const { port } = server((request) =>
    request.url.endsWith("/away")
      ? Response.redirect("http://elsewhere.test/", 302)
      : new Response(packed, { headers: { "content-encoding": "gzip" } }),
  )
  const { way } = await wayOut()
  const away = await way.ask(`http://127.0.0.1:${port}/away`, {})
  expect([away.status, away.headers.get("location")]).toEqual([302, "http://elsewhere.test/"])
  expect((await (await way.ask(`http://127.0.0.1:${port}/`, {})).bytes()).length).toBe(packed.length)
})

test("when a way is closed what is under way ends, and nothing more goes", async () => {
  const { port } = server(() => new Response(new ReadableStream({ start: (stream) => stream.enqueue("begun") })))
  const { way } = await wayOut()
  const answer = await way.ask(`http://127.0.0.1:${port}/`, {})
  way.close()
  const whole = await answer.text().catch(() => "cut")
  expect(["cut", "begun"]).toContain(whole)
  expect(await failure(way.ask(`http://127.0.0.1:${port}/`, {}))).toContain("The command is over")
})
