import { afterAll, describe, expect, test } from "bun:test"
import { join } from "node:path"
import { selfSigned } from "@skein/testkit"
import { upstreamFor } from "../src/upstream.ts"
import { echoServer, endAll, httpServer, kept, scene, statusOf, temporary, told } from "./scene.ts"

afterAll(endAll)

const listed = async () => ({ isAllowed: true, reason: "listed" })

/** A network's own proxy: keeps the heads it saw, and leads every tunnel to one port. */
function networkProxy(to: number, tls?: { key: string; cert: string }, answer = "HTTP/1.1 200 OK\r\n\r\n") {
  const heads: string[] = []
  const server = kept(
    Bun.listen<{ text: string; far?: Bun.Socket<undefined> }>({
      hostname: "127.0.0.1",
      port: 0,
      allowHalfOpen: true,
      ...(tls && { tls }),
      socket: {
        end: (near) => void (near.data.far === undefined ? near.end() : near.data.far.shutdown()),
        open(near) {
          near.data = { text: "" }
        },
        async data(near, bytes) {
          if (near.data.far !== undefined) return void near.data.far.write(bytes)
          near.data.text += bytes.toString("latin1")
          if (!near.data.text.includes("\r\n\r\n")) return
          heads.push(near.data.text)
          if (!near.data.text.startsWith("CONNECT") || !answer.includes(" 200 ")) return void near.end(answer)
          near.data.far = await Bun.connect({
            hostname: "127.0.0.1",
            port: to,
            socket: { data: (_, back) => void near.write(back), close: () => void near.end() },
          })
          near.write(answer)
        },
        // One whose handshake failed was never open.
        close: (near) => void (near.data as typeof near.data | undefined)?.far?.end(),
      },
    }),
  )
  return { port: server.port, heads }
}

test("where the machine has a proxy, a tunnel goes through it, with its own name and password and not the command's", async () => {
  const echo = echoServer()
  const proxy = networkProxy(echo.port)
  const { raw, head, way, authorization } = await scene({
    gate: listed,
    upstream: { env: { HTTPS_PROXY: `http://me:p%40ss@127.0.0.1:${proxy.port}` } },
  })
  expect(await raw(`${head("CONNECT far.test:443 HTTP/1.1")}hello`, { isHalfClosed: true })).toEndWith("\r\n\r\nhello")
  const own = `proxy-authorization: Basic ${Buffer.from("me:p@ss").toString("base64")}`
  expect(proxy.heads).toEqual([`CONNECT far.test:443 HTTP/1.1\r\nhost: far.test:443\r\n${own}\r\n\r\n`])
  expect(proxy.heads[0]).not.toContain(authorization.split(" ").at(-1) ?? "")
  expect(told(await way.close())).toEqual(["allowed far.test:443: listed"])
})

test("a plain request goes to it as a whole address, with the checked host", async () => {
  const proxy = networkProxy(0, undefined, "HTTP/1.1 204 No Content\r\n\r\n")
  const { raw, head } = await scene({ gate: listed, upstream: { env: { http_proxy: `127.0.0.1:${proxy.port}` } } })
  expect(statusOf(await raw(head("GET http://FAR.test/a HTTP/1.1")))).toBe("HTTP/1.1 204 No Content")
  expect(proxy.heads).toEqual(["GET http://far.test/a HTTP/1.1\r\nhost: far.test\r\nconnection: close\r\n\r\n"])
})

test("one that is spoken to in TLS is held to the certificates of the person's file", async () => {
  const { key, certificate } = selfSigned(["proxy.test"])
  const echo = echoServer()
  const proxy = networkProxy(echo.port, { key, cert: certificate })
  const caFile = join(temporary(), "ca.pem")
  await Bun.write(caFile, certificate)
  const env = { https_proxy: `https://proxy.test:${proxy.port}` }
  const names = { "proxy.test": ["127.0.0.1"] }
  const trusting = await scene({ gate: listed, names, caFile, upstream: { env } })
  const connect = "CONNECT far.test:443 HTTP/1.1"
  expect(await trusting.raw(`${trusting.head(connect)}hello`, { isHalfClosed: true })).toEndWith("\r\n\r\nhello")
  const other = await scene({ gate: listed, names, upstream: { env } })
  expect(statusOf(await other.raw(other.head(connect)))).toBe("HTTP/1.1 502 Bad Gateway")
  expect(proxy.heads.length).toBe(1)
})

test("names that lead to private addresses are refused behind it too, where they can be looked up", async () => {
  const proxy = networkProxy(0)
  const { raw, head } = await scene({
    gate: listed,
    names: { "rebound.test": ["169.254.169.254"], "near.test": ["10.0.0.1"] },
    upstream: { proxy: `http://127.0.0.1:${proxy.port}`, env: {} },
  })
  for (const host of ["rebound.test:80", "near.test:443", "10.0.0.1:443", "169.254.169.254:80"])
    expect(statusOf(await raw(head(`CONNECT ${host} HTTP/1.1`)))).toBe("HTTP/1.1 403 Forbidden")
  expect(proxy.heads).toEqual([])
})

test("what it refuses is told as its refusal, without its words", async () => {
  const proxy = networkProxy(0, undefined, "HTTP/1.1 407 canary\r\n\r\n")
  const { raw, head } = await scene({
    gate: listed,
    upstream: { env: { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` } },
  })
  const answer = await raw(head("CONNECT far.test:443 HTTP/1.1"))
  expect(statusOf(answer)).toBe("HTTP/1.1 502 Bad Gateway")
  expect(answer).toContain("This machine's proxy does not connect to far.test: it answered 407.")
})

test("one whose address is none is told to the command, and nothing goes out without it", async () => {
  const { raw, head, resolved } = await scene({
    gate: listed,
    upstream: { proxy: "socks5://me:canary@p.test:1", env: {} },
  })
  const answer = await raw(head("CONNECT far.test:443 HTTP/1.1"))
  expect(answer).toStartWith("HTTP/1.1 502 Bad Gateway")
  expect(answer).toContain("it is no http:// or https:// address")
  expect([answer.includes("canary"), resolved]).toEqual([false, []])
})

test("this machine is reached without it", async () => {
  const { heads, port } = httpServer()
  const { raw, head } = await scene({ upstream: { proxy: "http://127.0.0.1:9", env: {} } })
  expect(statusOf(await raw(head(`GET http://127.0.0.1:${port}/ HTTP/1.1`)))).toBe("HTTP/1.1 200 OK")
  expect(heads.length).toBe(1)
})

describe("which proxy is taken:", () => {
  const env = {
    HTTPS_PROXY: "http://tunnels.test:1",
    HTTP_PROXY: "http://plain.test:2",
    NO_PROXY: "a.test, .b.test,c.test:8443",
  }
  const taken = (host: string, port = 443, isTunnel = true, proxy?: string) =>
    upstreamFor({ host, port }, isTunnel, { env, ...(proxy && { proxy }) })?.host

  test("one for tunnels, one for plain requests, and the person's own setting before both", () => {
    expect([taken("x.test"), taken("x.test", 80, false), taken("x.test", 443, true, "https://own.test")]).toEqual([
      ...["tunnels.test", "plain.test", "own.test"],
    ])
  })
  test("NO_PROXY names hosts, all below them, and single ports", () => {
    const direct = ["a.test", "deep.a.test", "b.test", "x.b.test", "localhost", "127.0.0.1", "::1", "10.0.0.1"]
    expect(direct.map((host) => taken(host))).toEqual(direct.map(() => undefined))
    expect([taken("c.test", 8443), taken("c.test"), taken("nota.test")]).toEqual([
      undefined,
      "tunnels.test",
      "tunnels.test",
    ])
    expect(upstreamFor({ host: "x.test", port: 443 }, true, { env: { ...env, NO_PROXY: "*" } })).toBeUndefined()
  })
  test("what is no proxy's address is said, without the password in it", () => {
    for (const proxy of ["socks5://me:canary@p.test:1", "http://me:canary@p.test:99999", "ftp://canary"]) {
      const ask = () => upstreamFor({ host: "x.test", port: 443 }, true, { env: {}, proxy })
      expect(ask).toThrow("it is no http:// or https:// address")
      expect(ask).not.toThrow("canary")
    }
  })
})
