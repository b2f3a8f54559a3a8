import { afterAll, expect, test } from "bun:test"
import { existsSync, rmSync, statSync } from "node:fs"
import { dirname } from "node:path"
import { selfSigned } from "@skein/testkit"
import { relay } from "./relay.ts"
import { allowing, echoServer, endAll, exchange, httpServer, kept, scene, statusOf, told } from "./scene.ts"

afterAll(endAll)

const { key, certificate } = selfSigned(["tls.test", "other.test"])

function secureServer() {
  return kept(
    Bun.serve({ port: 0, hostname: "127.0.0.1", tls: { key, cert: certificate }, fetch: () => new Response("secure") }),
  )
}

/** A program with the proxy of one command, as its environment says. */
async function run(argv: readonly string[], port: number, token: string) {
  const proxy = `http://skein:${token}@127.0.0.1:${port}`
  const names = ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"]
  const env = { PATH: process.env.PATH ?? "", ...Object.fromEntries(names.map((name) => [name, proxy])) }
  const child = Bun.spawn([...argv], { env, stdout: "pipe", stderr: "pipe" })
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return { out, err, code: await child.exited }
}

test("TLS goes through as it is, to a server that curl and Python themselves trust", async () => {
  const secure = secureServer()
  const { way } = await scene({ names: { "tls.test": ["127.0.0.1"] } })
  const port = relay(way.socketPath)
  const ca = `${dirname(way.socketPath)}/ca.pem`
  await Bun.write(ca, certificate)
  const url = `https://tls.test:${secure.port}/`
  expect(await run(["curl", "-sS", "--cacert", ca, url], port, way.token)).toEqual({ out: "secure", err: "", code: 0 })
  const python = `import ssl,urllib.request as u; print(u.urlopen(${JSON.stringify(url)}, context=ssl.create_default_context(cafile=${JSON.stringify(ca)})).read().decode())`
  expect(await run(["python3", "-c", python], port, way.token)).toMatchObject({ out: "secure\n", code: 0 })
})

test("plain requests of curl and Python go through, with bodies and to their end", async () => {
  const { port: web } = httpServer()
  const { way } = await scene({ names: { "web.test": ["127.0.0.1"] } })
  const port = relay(way.socketPath)
  const url = `http://web.test:${web}/x`
  expect((await run(["curl", "-sS", url], port, way.token)).out).toBe("GET /x HTTP/1.1 0")
  expect((await run(["curl", "-sS", "-d", "hello", url], port, way.token)).out).toBe("POST /x HTTP/1.1 5")
  const chunked = ["curl", "-sS", "-H", "Transfer-Encoding: chunked", "-d", "hello", url]
  expect((await run(chunked, port, way.token)).out).toBe("POST /x HTTP/1.1 15")
  const python = `import urllib.request as u; print(u.urlopen(${JSON.stringify(url)}, b"hello").read().decode())`
  expect((await run(["python3", "-c", python], port, way.token)).out).toBe("POST /x HTTP/1.1 5\n")
})

test("a program that waits to be asked for the password is served, as git is", async () => {
  const agents: string[] = []
  const fetch = (request: Request) => {
    agents.push(request.headers.get("user-agent")?.split("/")[0] ?? "")
    return new Response("secure")
  }
  const secure = kept(Bun.serve({ port: 0, hostname: "127.0.0.1", tls: { key, cert: certificate }, fetch }))
  const { way } = await scene({ names: { "tls.test": ["127.0.0.1"] } })
  const port = relay(way.socketPath)
  const ca = `${dirname(way.socketPath)}/ca.pem`
  await Bun.write(ca, certificate)
  const url = `https://tls.test:${secure.port}/`
  expect((await run(["curl", "-sS", "--proxy-anyauth", "--cacert", ca, url], port, way.token)).out).toBe("secure")
  await run(["git", "-c", `http.sslCAInfo=${ca}`, "ls-remote", url], port, way.token)
  expect([...new Set(agents)]).toEqual(["curl", "git"])
  expect((await way.close()).map(({ decision, bytesIn }) => [decision, bytesIn > 0])).toEqual([["allowed", true]])
})

test("what is refused is told to the program in a sentence", async () => {
  const { way } = await scene({ gate: async () => ({ isAllowed: false, reason: "evil.test is on no list" }) })
  const port = relay(way.socketPath)
  expect((await run(["curl", "-s", "http://evil.test/"], port, way.token)).out).toBe("skein: evil.test is on no list\n")
  expect((await run(["curl", "-sS", "https://evil.test/"], port, way.token)).err).toContain("403")
})

test("a tunnel whose TLS asks for another host carries nothing to it", async () => {
  const secure = secureServer()
  const { way } = await scene({ names: { "tls.test": ["127.0.0.1"] } })
  const port = relay(way.socketPath)
  const fronting = ["openssl", "s_client", "-proxy", `127.0.0.1:${port}`, "-proxy_user", "skein", "-proxy_pass"]
  const asking = (name: string) =>
    run([...fronting, `pass:${way.token}`, "-connect", `tls.test:${secure.port}`, "-servername", name], port, way.token)
  expect((await asking("tls.test")).out).toContain("BEGIN CERTIFICATE")
  expect((await asking("other.test")).out).not.toContain("BEGIN CERTIFICATE")
  expect(told(await way.close())).toEqual([
    `allowed tls.test:${secure.port}: it is on the list`,
    `refused tls.test:${secure.port}: Its TLS asks for another host than the one that was allowed.`,
  ])
})

test("a server that speaks first is heard before the command says anything", async () => {
  const greeting = kept(
    Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: { open: (socket) => void socket.end("SSH-2.0-test\r\n"), data() {} },
    }),
  )
  const { raw, head } = await scene({ names: { "git.test": ["127.0.0.1"] } })
  expect(await raw(head(`CONNECT git.test:${greeting.port} HTTP/1.1`))).toEndWith("\r\n\r\nSSH-2.0-test\r\n")
})

test("a hundred connections at once are one question, and each gets its own bytes", async () => {
  const echo = echoServer()
  const answer = Promise.withResolvers<{ isAllowed: boolean; reason: string; isPrivateAllowed: boolean }>()
  const { raw, head, asked, way } = await scene({ names: { "echo.test": ["127.0.0.1"] }, gate: () => answer.promise })
  const all = Array.from({ length: 100 }, (_, index) =>
    raw(`${head(`CONNECT echo.test:${echo.port} HTTP/1.1`)}hello ${index}`, { isHalfClosed: true }),
  )
  while (asked.length === 0) await Bun.sleep(1)
  answer.resolve({ isAllowed: true, reason: "a person said so", isPrivateAllowed: true })
  expect((await Promise.all(all)).map((text) => text.split("\r\n\r\n")[1])).toEqual(
    Array.from({ length: 100 }, (_, index) => `hello ${index}`),
  )
  expect(asked.length).toBe(1)
  expect(await way.close()).toMatchObject([{ host: "echo.test", bytesOut: 790, bytesIn: 790 }])
})

const MB = 1_000_000

test("50 MB go through to a reader that looks away, and what it does not take waits at its source", async () => {
  const piece = Buffer.alloc(64 * 1024, 7)
  let sent = 0
  const feed = (socket: Bun.Socket<undefined>) => {
    while (sent < 50 * MB) {
      const taken = socket.write(piece.subarray(0, Math.min(piece.length, 50 * MB - sent)))
      if (taken <= 0) return
      sent += taken
    }
    socket.end()
  }
  const source = kept(Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data: feed, drain: feed } }))
  const { way, head } = await scene({ names: { "big.test": ["127.0.0.1"] } })
  let bytes = 0
  let waiting = 0
  const over = Promise.withResolvers<void>()
  const reader = await Bun.connect({
    unix: way.socketPath,
    socket: {
      data(socket, data) {
        const isTurn = Math.floor(bytes / (10 * MB)) !== Math.floor((bytes + data.length) / (10 * MB))
        bytes += data.length
        if (!isTurn) return
        socket.pause()
        // Until nothing more is taken from the source.
        let last = -1
        const look = setInterval(() => {
          if (sent !== last && sent < 50 * MB) {
            last = sent
            return
          }
          clearInterval(look)
          waiting = Math.max(waiting, sent - bytes)
          socket.resume()
        }, 20)
      },
      close: () => over.resolve(),
      end: () => over.resolve(),
    },
  })
  reader.write(`${head(`CONNECT big.test:${source.port} HTTP/1.1`)}go`)
  await over.promise
  reader.end()
  expect(bytes).toBe(50 * MB + "HTTP/1.1 200 Connection established\r\n\r\n".length)
  // The system's own buffers of both connections, and a quarter of a megabyte.
  expect(waiting).toBeLessThan(16 * MB)
  expect(await way.close()).toMatchObject([{ bytesOut: 2, bytesIn: 50 * MB }])
})

test("closing the way ends what is open and what still waits for an answer, and tells all of it", async () => {
  const echo = echoServer()
  let isStopped = false
  const { way, raw, head, asked, entries } = await scene({
    names: { "echo.test": ["127.0.0.1"] },
    gate: (target, signal) =>
      target.host === "echo.test"
        ? allowing(target, signal)
        : new Promise((resolve) => {
            signal.addEventListener("abort", () => {
              isStopped = true
              resolve({ isAllowed: false, reason: "over" })
            })
          }),
  })
  const openOne = raw(`${head(`CONNECT echo.test:${echo.port} HTTP/1.1`)}hello`)
  const waiting = raw(head("CONNECT slow.test:443 HTTP/1.1"))
  while (entries.length === 0 || asked.length < 2) await Bun.sleep(1)
  const attempts = await way.close()
  expect([(await openOne).includes("bye"), await waiting, isStopped]).toEqual([false, "", true])
  expect(attempts).toMatchObject([{ host: "echo.test", decision: "allowed" }])
  expect(await way.close()).toBe(attempts)
})

test("the socket is its owner's alone, in a folder of its own, and goes with the proxy", async () => {
  const { way, port } = await scene()
  const folder = dirname(way.socketPath)
  expect([statSync(folder).mode & 0o777, statSync(way.socketPath).mode & 0o777]).toEqual([0o700, 0o600])
  const second = await port.open(allowing, {})
  expect(second.socketPath).toBe(way.socketPath)
  expect(second.token).not.toBe(way.token)
  port.close()
  while (existsSync(folder)) await Bun.sleep(1)
  await expect(port.open(allowing, {})).rejects.toMatchObject({ code: "sandbox.unavailable" })
})

test("a socket that something took away is made anew, once for all that ask", async () => {
  const { port, way } = await scene()
  rmSync(dirname(way.socketPath), { recursive: true })
  const ways = await Promise.all(Array.from({ length: 5 }, () => port.open(allowing, {})))
  const paths = new Set(ways.map(({ socketPath }) => socketPath))
  expect([paths.size, paths.has(way.socketPath), [...paths].every((path) => existsSync(path))]).toEqual([
    1,
    false,
    true,
  ])
})

test("a folder that cannot be written is said, and the command is not started without a way", async () => {
  const { port, way } = await scene({ folders: ["/proc/none"] }).catch((error: unknown) => ({
    port: undefined,
    way: error,
  }))
  expect(port).toBeUndefined()
  expect(way).toMatchObject({ code: "sandbox.unavailable" })
})

test("a server that is not there is a 502 that says which", async () => {
  const { raw, head, way } = await scene({ names: { "gone.test": ["127.0.0.1"] } })
  const answers = [await raw(head("CONNECT gone.test:9 HTTP/1.1")), await raw(head("CONNECT none.test:443 HTTP/1.1"))]
  expect(answers.map(statusOf)).toEqual(Array(2).fill("HTTP/1.1 502 Bad Gateway"))
  expect(answers[0]).toContain("Cannot connect to 127.0.0.1 on port 9")
  expect(answers[1]).toContain("There is no address for none.test: ENOTFOUND.")
  expect((await way.close()).map(({ decision }) => decision)).toEqual(["allowed", "allowed"])
})

test("the first address that answers serves, whatever the others do", async () => {
  const echo = echoServer()
  const { raw, head } = await scene({ names: { "many.test": ["::1", "127.0.0.2", "127.0.0.1"] } })
  const answer = await raw(`${head(`CONNECT many.test:${echo.port} HTTP/1.1`)}hi`, { isHalfClosed: true })
  expect(answer).toEndWith("\r\n\r\nhi")
})

test("an answer that was begun before the body was whole reaches the command", async () => {
  const early = kept(
    Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: { data: (socket) => void socket.end("HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n") },
    }),
  )
  const { way, head } = await scene({ names: { "a.test": ["127.0.0.1"] } })
  const request = head(`POST http://a.test:${early.port}/ HTTP/1.1`, "Content-Length: 1000000")
  expect(statusOf(await exchange(way.socketPath, `${request}begun`))).toBe("HTTP/1.1 413 Too Large")
})
