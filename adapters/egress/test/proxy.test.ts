import { afterAll, expect, test } from "bun:test"
import { echoServer, endAll, httpServer, scene, statusOf, told } from "./scene.ts"

afterAll(endAll)

test("a tunnel carries both directions until both sides have said all", async () => {
  const echo = echoServer()
  const { way, raw, head, entries } = await scene({ names: { "echo.test": ["127.0.0.1"] } })
  const answer = await raw(`${head(`CONNECT echo.test:${echo.port} HTTP/1.1`, `Host: echo.test:${echo.port}`)}hello`, {
    isHalfClosed: true,
  })
  expect(answer).toBe("HTTP/1.1 200 Connection established\r\n\r\nhello")
  expect(await way.close()).toEqual([
    { host: "echo.test", port: echo.port, decision: "allowed", reason: "it is on the list", bytesOut: 5, bytesIn: 5 },
  ])
  const entry = { at: 1_000, purpose: "command", host: "echo.test", port: echo.port, decision: "allowed" } as const
  const about = { sessionId: "ses_1", callId: "cal_1" }
  expect(entries).toEqual([
    { ...entry, ...about, bytesOut: 0, bytesIn: 0 },
    { ...entry, ...about, bytesOut: 5, bytesIn: 5 },
  ])
})

test("a plain request leaves with the checked host and without what is the proxy's; the answer says it is the last", async () => {
  const { heads, port } = httpServer()
  const { raw, head, way } = await scene({ names: { "web.test": ["127.0.0.1"] } })
  const answer = await raw(
    head(
      `GET http://WEB.test.:${port}/a?b=c HTTP/1.1`,
      `Host: web.TEST:${port}`,
      "Proxy-Connection: keep-alive",
      "Connection: keep-alive, X-Hop",
      "Upgrade: websocket",
      "X-Hop: 1",
      "X-Kept: 2",
    ),
  )
  expect(heads).toEqual([`GET /a?b=c HTTP/1.1\r\nhost: web.test:${port}\r\nx-kept: 2\r\nconnection: close|`])
  expect(answer).toBe(
    "HTTP/1.1 200 OK\r\ncontent-length: 23\r\nconnection: close\r\n\r\nGET /a?b=c HTTP/1.1 0".replace("23", "21"),
  )
  expect(told(await way.close())).toEqual([`allowed web.test:${port}: it is on the list`])
})

test("bodies pass byte for byte, by length and in chunks", async () => {
  const { heads, port } = httpServer()
  const { raw, head } = await scene({ names: { "web.test": ["127.0.0.1"] } })
  const url = `http://web.test:${port}/`
  await raw(`${head(`POST ${url} HTTP/1.1`, "Content-Length: 5")}hello`)
  await raw(`${head(`POST ${url} HTTP/1.1`, "Transfer-Encoding: chunked")}5\r\nhello\r\n0\r\n\r\n`)
  expect(heads.map((one) => one.split("|")[1])).toEqual(["hello", "5\r\nhello\r\n0\r\n\r\n"])
})

test("without the password of a command there is nothing", async () => {
  const { raw, head, entries, asked } = await scene()
  const wrong = `Proxy-Authorization: Basic ${Buffer.from("skein:wrong").toString("base64")}`
  const answers = [
    await raw("CONNECT a.test:443 HTTP/1.1\r\n\r\n"),
    await raw(`CONNECT a.test:443 HTTP/1.1\r\n${wrong}\r\n\r\n`),
    await raw(head("CONNECT a.test:443 HTTP/1.1", wrong)),
  ]
  for (const answer of answers) {
    expect(statusOf(answer)).toBe("HTTP/1.1 407 Proxy Authentication Required")
    expect(answer).toContain('proxy-authenticate: Basic realm="skein"')
  }
  expect(asked).toEqual([])
  expect(entries.map(({ host, decision }) => `${decision} ${host}`)).toEqual([
    "refused (unknown)",
    // Two passwords are none, though one of them says whose command it is.
    "refused (unreadable)",
  ])
})
