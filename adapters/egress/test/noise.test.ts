import { afterAll, expect, test } from "bun:test"
import { addressOf } from "../src/address.ts"
import { headOf } from "../src/head.ts"
import { openingOf } from "../src/hello.ts"
import { Refusal } from "../src/refusal.ts"
import { askedOf } from "../src/request.ts"
import { endAll, scene, statusOf } from "./scene.ts"

afterAll(endAll)

/** The same numbers each time. */
function chance(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const ROUNDS = process.env.SKEIN_SOAK === "1" ? 200_000 : 20_000
const PARTS = [
  ...[
    "CONNECT ",
    "GET ",
    "POST ",
    "http://",
    "https://",
    "a.test",
    "evil.test",
    "127.0.0.1",
    "[::1]",
    "[::ffff:1.2.3.4]",
  ],
  ...[
    ":443",
    ":80",
    ":",
    "/",
    "@",
    "\\",
    "%00",
    "\0",
    "\r\n",
    "\n",
    "\r",
    " ",
    "\t",
    ".",
    "..",
    "0x7f",
    "xn--",
    "\xc3\xbc",
  ],
  ...[
    " HTTP/1.1",
    " HTTP/1.0",
    "Host: ",
    "Host:",
    "Content-Length: ",
    "Transfer-Encoding: chunked",
    "3",
    "#",
    "?",
    "*",
    "ﬀ",
  ],
  ...["Connection: ", "Proxy-Authorization: Basic ", "localhost", "1", "01", "a".repeat(70), "\u00ad", "。", "１"],
]
const PLAIN_HOST = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/

test("whatever is sent, it is refused or has a host in its one form, and what leaves for it is one request", () => {
  const next = chance(7)
  let read = 0
  for (let round = 0; round < ROUNDS; round++) {
    const isLikely = next(2) === 0
    const pieces = Array.from({ length: 1 + next(isLikely ? 3 : 9) }, () => PARTS[next(PARTS.length)] ?? "").join("")
    const text = !isLikely ? pieces : next(2) === 0 ? `CONNECT ${pieces}:443 HTTP/1.1` : `GET http://${pieces} HTTP/1.1`
    try {
      const asked = askedOf(headOf(text))
      read++
      const { host, port } = asked.target
      expect(addressOf(host)?.text === host || PLAIN_HOST.test(host)).toBe(true)
      if (/(^|\.)(\d+|0x[0-9a-f]*)$/.test(host)) expect(addressOf(host)?.text).toBe(host)
      expect(Number.isInteger(port) && port > 0 && port < 65_536).toBe(true)
      if (asked.kind === "tunnel") continue
      const [line = "", ...lines] = asked.head("direct").split("\r\n")
      expect(line).toMatch(/^[^ ]+ \/[!-~]* HTTP\/1\.[01]$/)
      expect(lines.filter((one) => one.startsWith("host:"))).toHaveLength(1)
      expect(lines.slice(0, -2).every((one) => /^[^\r\n\0]+$/.test(one))).toBe(true)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      expect(error.status).toBe(400)
    }
  }
  // Not everything is refused, or nothing was tried.
  expect(read).toBeGreaterThan(ROUNDS / 100)
})

test("whatever is sent, the proxy itself holds", async () => {
  const next = chance(11)
  const { raw, head } = await scene({ gate: async () => ({ isAllowed: false, reason: "no" }) })
  for (let round = 0; round < 200; round++) {
    const pieces = Array.from({ length: 1 + next(9) }, () => PARTS[next(PARTS.length)] ?? "")
    const answer = statusOf(await raw(head(pieces.join("")), { isHalfClosed: true }))
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d |^$/)
  }
})

test("whatever a tunnel begins with, it is read without harm and never past its bounds", () => {
  const next = chance(13)
  for (let round = 0; round < ROUNDS; round++) {
    const bytes = Uint8Array.from({ length: next(120) }, () => next(256))
    if (next(4) > 0) bytes.set([22, 3, 1, 0, next(110), 1, 0, 0, next(110)].slice(0, bytes.length))
    const opening = openingOf(bytes)
    if (opening.kind === "named") expect(opening.host.length).toBeLessThan(bytes.length)
  }
})
