import { afterAll, describe, expect, test } from "bun:test"
import { allowing, echoServer, endAll, httpServer, kept, scene, statusOf, told } from "./scene.ts"

afterAll(endAll)

/** One character for each byte. */
function bytesOf(text: string): string {
  return Buffer.from(text).toString("latin1")
}

/** Another host on the same machine: what must never be reached. */
function victim() {
  let connections = 0
  const server = kept(
    Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: {
        open: () => void connections++,
        data: (socket) => void socket.end("secret"),
      },
    }),
  )
  return { port: server.port, count: () => connections }
}

describe("a host that two programs could read in two ways is refused, and nobody is asked or looked up:", () => {
  const hosts: Readonly<Record<string, string>> = {
    "a NUL": "evil.test\0.allowed.test",
    "an escaped NUL": "evil.test%00.allowed.test",
    "an escape": "%65vil.test",
    "a name and password": "allowed.test@evil.test",
    "a password with a port": "allowed.test:443@evil.test",
    "a backslash": "evil.test\\.allowed.test",
    "a slash": "evil.test/.allowed.test",
    "a fragment": "evil.test#.allowed.test",
    "a question mark": "evil.test?.allowed.test",
    "a tab": "evil.test\t.allowed.test",
    "a carriage return": "evil.test\r.allowed.test",
    "an empty label": "evil..test",
    "two final dots": "evil.test..",
    "only a dot": ".",
    "a decimal address": "2130706433",
    "an octal address": "0177.0.0.1",
    "a hexadecimal address": "0x7f000001",
    "a hexadecimal part": "127.0.0.0x1",
    "a short address": "127.1",
    "a leading zero": "127.000.000.001",
    "an address in wide digits": bytesOf("１２７.0.0.1"),
    "an address with a wide dot": bytesOf("127。0。0。1"),
    "a number at the end": "a.1",
    "a number out of range": "256.256.256.256",
    "a zone": "[fe80::1%25eth0]",
    "an address in brackets that is none": "[127.0.0.1]",
    "an address without brackets": "::1",
    "a broken international name": "xn--a",
    "letters that are not UTF-8": "\xff\xfe.test",
    "a soft hyphen and nothing": bytesOf("\u00ad"),
    "a name that is too long": `${"a".repeat(64)}.test`,
  }
  for (const [what, host] of Object.entries(hosts)) {
    test(what, async () => {
      const { raw, head, asked, resolved, way } = await scene()
      const connect = await raw(Buffer.from(head(`CONNECT ${host}:443 HTTP/1.1`), "latin1"))
      const plain = await raw(Buffer.from(head(`GET http://${host}/ HTTP/1.1`), "latin1"))
      const given = [connect, plain].map(statusOf)
      // What stands after a slash, `?` or `#` is a path in a URL: then the host before it is what counts.
      const isPath = /[/?]/.test(host)
      expect(given).toEqual([
        "HTTP/1.1 400 Bad Request",
        isPath ? "HTTP/1.1 502 Bad Gateway" : "HTTP/1.1 400 Bad Request",
      ])
      expect(asked).toEqual(isPath ? [{ host: "evil.test", port: 80 }] : [])
      expect(resolved).toEqual(isPath ? ["evil.test"] : [])
      expect(told(await way.close())[0]).toStartWith("refused (unreadable):0: ")
    })
  }
})

test("what is read in one way has one form: that is what is decided about", async () => {
  const forms: Readonly<Record<string, string>> = {
    "EXAMPLE.Test.:443": "example.test:443",
    "xn--bcher-kva.test:8443": "xn--bcher-kva.test:8443",
    "b\xc3\xbccher.test:443": "xn--bcher-kva.test:443",
    "[2001:0DB8::0001]:443": "2001:db8::1:443",
    "[::ffff:127.0.0.1]:443": "127.0.0.1:443",
    "[::ffff:7f00:1]:443": "127.0.0.1:443",
    "a_b.test:65535": "a_b.test:65535",
  }
  const { raw, head, asked } = await scene({ gate: async () => ({ isAllowed: false, reason: "no" }) })
  for (const given of Object.keys(forms)) await raw(Buffer.from(head(`CONNECT ${given} HTTP/1.1`), "latin1"))
  expect(asked.map(({ host, port }) => `${host}:${port}`)).toEqual(Object.values(forms))
})

test("a port is a plain number from 1 to 65535", async () => {
  const { raw, head, asked } = await scene()
  for (const port of ["", ":", ":0", ":65536", ":0443", ":+443", ":44 3", ":4e2", ":99999999999999999999"]) {
    expect(statusOf(await raw(head(`CONNECT a.test${port} HTTP/1.1`)))).toBe("HTTP/1.1 400 Bad Request")
  }
  expect(asked).toEqual([])
})

describe("a request that says two things is refused before anything is asked:", () => {
  const length = "Content-Length: 3"
  const requests: Readonly<Record<string, readonly string[]>> = {
    "another Host than the URL's": ["GET http://a.test/ HTTP/1.1", "Host: evil.test"],
    "another Host than the tunnel's": ["CONNECT a.test:443 HTTP/1.1", "Host: evil.test:443"],
    "another port in Host": ["GET http://a.test/ HTTP/1.1", "Host: a.test:81"],
    "two Hosts": ["GET http://a.test/ HTTP/1.1", "Host: a.test", "Host: evil.test"],
    "a Host with a name and password": ["GET http://a.test/ HTTP/1.1", "Host: a.test@evil.test"],
    "length and chunks": ["POST http://a.test/ HTTP/1.1", length, "Transfer-Encoding: chunked"],
    "two lengths": ["POST http://a.test/ HTTP/1.1", length, "Content-Length: 4"],
    "the same length twice": ["POST http://a.test/ HTTP/1.1", length, length],
    "a list of lengths": ["POST http://a.test/ HTTP/1.1", "Content-Length: 3, 3"],
    "a length with a sign": ["POST http://a.test/ HTTP/1.1", "Content-Length: +3"],
    "two codings": ["POST http://a.test/ HTTP/1.1", "Transfer-Encoding: gzip, chunked"],
    "an unknown coding": ["POST http://a.test/ HTTP/1.1", "Transfer-Encoding: xchunked"],
    "a coding twice": ["POST http://a.test/ HTTP/1.1", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"],
    "chunks in HTTP/1.0": ["POST http://a.test/ HTTP/1.0", "Transfer-Encoding: chunked"],
    "a folded header": ["GET http://a.test/ HTTP/1.1", "X-A: 1", " Host: evil.test"],
    "a blank before the colon": ["GET http://a.test/ HTTP/1.1", "Host : evil.test"],
    "a header without a name": ["GET http://a.test/ HTTP/1.1", ": evil"],
    "a bare line feed": ["GET http://a.test/ HTTP/1.1", "X-A: 1\nHost: evil.test"],
    "a bare carriage return": ["GET http://a.test/ HTTP/1.1", "X-A: 1\rHost: evil.test"],
    "a NUL in a header": ["GET http://a.test/ HTTP/1.1", "X-A: 1\0"],
    "a length that is a connection's own": ["POST http://a.test/ HTTP/1.1", length, "Connection: content-length"],
    "a tunnel with a body": ["CONNECT a.test:443 HTTP/1.1", length],
    "a path alone": ["GET / HTTP/1.1", "Host: a.test"],
    "another scheme": ["GET https://a.test/ HTTP/1.1"],
    "a file": ["GET file:///etc/passwd HTTP/1.1"],
    "a fragment": ["GET http://a.test/#x HTTP/1.1"],
    "no version": ["GET http://a.test/"],
    "version 0.9": ["GET http://a.test/ HTTP/0.9"],
    "version 2": ["PRI * HTTP/2.0"],
    "three words": ["GET http://a.test/ http://evil.test/ HTTP/1.1"],
    "an empty line first": ["", "GET http://a.test/ HTTP/1.1"],
  }
  for (const [what, [first = "", ...headers]] of Object.entries(requests)) {
    test(what, async () => {
      const { raw, head, asked, resolved } = await scene({ names: { "a.test": ["127.0.0.1"] } })
      const answer = statusOf(await raw(head(first, ...headers)))
      expect(answer).toMatch(/^HTTP\/1\.1 4(00|07) /)
      expect([asked, resolved]).toEqual([[], []])
    })
  }
})

test("bytes after a request's body reach nobody, so that no second request hides there", async () => {
  const { heads, port } = httpServer()
  const { raw, head, asked } = await scene({ names: { "a.test": ["127.0.0.1"] } })
  const second = head("GET http://evil.test/ HTTP/1.1", "Host: evil.test")
  const url = `http://a.test:${port}/`
  await raw(`${head(`POST ${url} HTTP/1.1`, "Content-Length: 2")}ok${second}`)
  await raw(`${head(`POST ${url} HTTP/1.1`, "Transfer-Encoding: chunked")}2\r\nok\r\n0\r\n\r\n${second}`)
  await raw(`${head(`GET ${url} HTTP/1.1`)}${second}`)
  expect(asked).toEqual(Array(3).fill({ host: "a.test", port }))
  expect(heads.join("\n")).not.toContain("evil")
})

test("chunks whose framing is broken end the connection before anything after them goes on", async () => {
  const bodies = [
    "2;x=1\r\nok",
    "+2\r\nok",
    "0x2\r\nok",
    "2\nok",
    "2\r\nokay\r\n0\r\n\r\n",
    "\r\nok",
    "0\r\nHost: evil\r\n\r\n",
  ]
  for (const body of bodies) {
    const { heads, port } = httpServer()
    const { raw, head } = await scene({ names: { "a.test": ["127.0.0.1"] } })
    const answer = await raw(`${head(`POST http://a.test:${port}/ HTTP/1.1`, "Transfer-Encoding: chunked")}${body}`)
    expect([answer, heads]).toEqual(["", []])
  }
})

test("a name that is not allowed is never looked up", async () => {
  const { raw, head, resolved, way, entries } = await scene({
    gate: async () => ({ isAllowed: false, reason: "it is on no list" }),
  })
  const answer = await raw(head("CONNECT c2VjcmV0.evil.test:443 HTTP/1.1"))
  expect(statusOf(answer)).toBe("HTTP/1.1 403 Forbidden")
  expect(answer).toEndWith("\r\n\r\nskein: it is on no list\n")
  expect(answer).not.toMatch(/sandbox|--|disable|unset|proxy/i)
  expect(resolved).toEqual([])
  expect(told(await way.close())).toEqual(["refused c2vjcmv0.evil.test:443: it is on no list"])
  expect(entries.map(({ host, decision }) => `${decision} ${host}`)).toEqual(["refused c2vjcmv0.evil.test"])
})

describe("an allowed name that leads to this machine, its networks or a cloud's secrets is refused:", () => {
  const PRIVATE = ["127.0.0.1", "10.1.2.3", "172.31.0.1", "192.168.0.1", "100.64.0.1", "198.18.0.1", "::1", "fd12::1"]
  const SPECIAL = [
    ...["0.0.0.0", "169.254.169.254", "169.254.170.2", "192.0.0.192", "100.100.100.200", "168.63.129.16"],
    ...[
      "224.0.0.1",
      "255.255.255.255",
      "240.0.0.1",
      "192.0.2.1",
      "fe80::1",
      "fd00:ec2::254",
      "fd20:ce::254",
      "ff02::1",
    ],
    ...[
      "::",
      "::7f00:1",
      "64:ff9b::a9fe:a9fe",
      "64:ff9b:1::1",
      "2002:7f00:1::",
      "2001:0:1::1",
      "2001:db8::1",
      "fec0::1",
    ],
  ]
  for (const address of [...PRIVATE, ...SPECIAL, "::ffff:127.0.0.1", "64:ff9b::10.0.0.1"]) {
    test(address, async () => {
      const { raw, head, way } = await scene({
        names: { "rebound.test": ["93.184.215.14", address] },
        gate: async () => ({ isAllowed: true, reason: "listed" }),
      })
      expect(statusOf(await raw(head("CONNECT rebound.test:443 HTTP/1.1")))).toBe("HTTP/1.1 403 Forbidden")
      expect(told(await way.close())[0]).toMatch(/^refused rebound\.test:443: rebound\.test leads to /)
    })
  }
  for (const address of SPECIAL) {
    test(`${address}, though the name was meant to be private`, async () => {
      const { raw, head } = await scene({ names: { "rebound.test": [address] }, gate: allowing })
      expect(statusOf(await raw(head("CONNECT rebound.test:443 HTTP/1.1")))).toBe("HTTP/1.1 403 Forbidden")
    })
  }
  test("and so is the address itself, unless it was named", async () => {
    const near = victim()
    const { raw, head, resolved } = await scene({ gate: async () => ({ isAllowed: true, reason: "on" }) })
    for (const host of ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]"])
      expect(statusOf(await raw(head(`CONNECT ${host}:${near.port} HTTP/1.1`)))).toBe("HTTP/1.1 403 Forbidden")
    expect(statusOf(await raw(head("CONNECT 169.254.169.254:80 HTTP/1.1")))).toBe("HTTP/1.1 403 Forbidden")
    expect([near.count(), resolved]).toEqual([0, []])
  })
})

test("what was looked up and checked is what is connected to: a name that changes its mind gains nothing", async () => {
  const near = victim()
  let lookups = 0
  const { raw, head } = await scene({
    gate: async () => ({ isAllowed: true, reason: "listed" }),
    resolve: async () => (lookups++ === 0 ? ["192.0.2.255"] : ["127.0.0.1"]),
    bounds: { connectTimeoutMs: 50 },
  })
  // The first address is refused for what it is; were the name looked up again to connect, the second would answer.
  expect(statusOf(await raw(head(`CONNECT flips.test:${near.port} HTTP/1.1`)))).toBe("HTTP/1.1 403 Forbidden")
  expect([lookups, near.count()]).toEqual([1, 0])
})

test("one command's password opens nothing once it is over, and nothing of another's", async () => {
  const echo = echoServer()
  const first = await scene({ names: { "echo.test": ["127.0.0.1"] } })
  const second = await first.port.open(async () => ({ isAllowed: false, reason: "this one may not" }), {})
  const connect = `CONNECT echo.test:${echo.port} HTTP/1.1`
  const other = `Proxy-Authorization: Basic ${Buffer.from(`skein:${second.token}`).toString("base64")}`
  expect(statusOf(await first.raw(`${connect}\r\n${other}\r\n\r\n`))).toBe("HTTP/1.1 403 Forbidden")
  await first.way.close()
  expect(statusOf(await first.raw(first.head(connect)))).toBe("HTTP/1.1 407 Proxy Authentication Required")
  expect(told(await second.close())).toEqual([`refused echo.test:${echo.port}: this one may not`])
})

test("a gate that fails decides no", async () => {
  const { raw, head } = await scene({ gate: () => Promise.reject(new Error("broken")) })
  expect(statusOf(await raw(head("CONNECT a.test:443 HTTP/1.1")))).toBe("HTTP/1.1 403 Forbidden")
})

test("a head that is too long, too slow or never whole is refused and let go", async () => {
  const { raw, head, way } = await scene({ bounds: { bytesMax: 1_000, timeoutMs: 60 } })
  expect(statusOf(await raw(head("CONNECT a.test:443 HTTP/1.1", `X-A: ${"a".repeat(2_000)}`)))).toBe(
    "HTTP/1.1 431 Request Header Fields Too Large",
  )
  expect(statusOf(await raw("CONNECT a.test:443 HTTP/1.1\r\nX-A: "))).toBe("HTTP/1.1 408 Request Timeout")
  expect(statusOf(await raw("CONNECT a.test:443 HT", { isHalfClosed: true }))).toBe("HTTP/1.1 400 Bad Request")
  expect(await way.close()).toEqual([])
})

test("a command that tries a thousand hosts fills neither the record nor the ledger", async () => {
  const { raw, head, way, entries } = await scene({ gate: async () => ({ isAllowed: false, reason: "no" }) })
  for (let index = 0; index < 300; index++) await raw(head(`CONNECT h${index}.test:443 HTTP/1.1`))
  const attempts = await way.close()
  expect([attempts.length, entries.length]).toEqual([257, 257])
  expect(attempts.at(-1)).toMatchObject({ host: "(others)", decision: "refused" })
})

test("connections that say nothing take no more than their share, and others are served when they are gone", async () => {
  const { way, raw } = await scene({ bounds: { timeoutMs: 5_000 } })
  const silent: { end(): void }[] = []
  let refused = 0
  for (let index = 0; index < 600; index++) {
    const socket = { data() {}, close: () => void refused++, error() {} }
    silent.push(await Bun.connect({ unix: way.socketPath, socket }).catch(() => ({ end() {} })))
  }
  while (refused < 88) await Bun.sleep(1)
  expect(refused).toBe(88)
  for (const socket of silent) socket.end()
  let answer = ""
  while (answer === "") answer = await raw("CONNECT a.test:443 HTTP/1.1\r\n\r\n").catch(() => "")
  expect(statusOf(answer)).toBe("HTTP/1.1 407 Proxy Authentication Required")
})

test("a command cannot bury a person in questions", async () => {
  const { raw, head, asked, way } = await scene({ gate: () => new Promise(() => {}) })
  let refused = 0
  const answers = Array.from({ length: 40 }, async (_, index) => {
    if ((await raw(head(`CONNECT h${index}.test:443 HTTP/1.1`))).includes("Too many hosts")) refused++
  })
  while (asked.length + refused < 40) await Bun.sleep(1)
  expect([asked.length, refused]).toEqual([32, 8])
  await way.close()
  await Promise.all(answers)
})

test("an answer of a server that says two things is not passed on as it is", async () => {
  const bad = kept(
    Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: { data: (socket) => void socket.end("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\nsecret") },
    }),
  )
  const { raw, head } = await scene({ names: { "a.test": ["127.0.0.1"] } })
  expect(statusOf(await raw(head(`GET http://a.test:${bad.port}/ HTTP/1.1`)))).toBe("HTTP/1.1 502 Bad Gateway")
})
