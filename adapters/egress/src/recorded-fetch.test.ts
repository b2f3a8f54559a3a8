import { afterAll, describe, expect, test } from "bun:test"
import type { LedgerEntry } from "@skein/core/ports"
import { recordedFetch } from "./recorded-fetch.ts"

const PIECES = ["data: one\n\n", "data: two\n\n"]
function inPieces(): ReadableStream<Uint8Array> {
  const left = PIECES.map((piece) => Buffer.from(piece))
  return new ReadableStream({
    pull(to) {
      const piece = left.shift()
      if (piece === undefined) to.close()
      else to.enqueue(piece)
    },
  })
}

let strayed = 0
const elsewhere = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response(String(++strayed)) })
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch(request) {
    if (request.url.endsWith("/away")) return Response.redirect(String(elsewhere.url))
    if (request.url.endsWith("/endless"))
      return new Response(new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(9)) }))
    return new Response(inPieces(), { headers: { "x-a": "b" } })
  },
})
afterAll(() => Promise.all([server.stop(true), elsewhere.stop(true)]))
const url = `${server.url}v1/messages?key=canary`

function recorded() {
  const entries: LedgerEntry[] = []
  const ledger = { record: (entry: LedgerEntry) => void entries.push(entry) }
  const asking = recordedFetch((to, init) => fetch(to, init), ledger, { purpose: "model", now: () => 5 })
  return { entries, asking }
}

const about = { sessionId: "ses_1" }
const to = {
  at: 5,
  host: "127.0.0.1",
  port: server.port ?? 0,
  purpose: "model",
  decision: "allowed",
  ...about,
} as const

test("a request is in the ledger when it leaves, by size and hash and never by content; its answer when it was read", async () => {
  const { entries, asking } = recorded()
  const response = await asking(url, { method: "POST", headers: { "x-key": "canary" }, body: "canary" }, about)
  const head = "POST /v1/messages?key=canary HTTP/1.1\r\n\r\nx-key: canary\r\n"
  const sha256 = new Bun.CryptoHasher("sha256").update("canary").digest("hex")
  expect(entries).toEqual([{ ...to, bytesOut: head.length + 6, bytesIn: 0, sha256 }])
  const reader = response.body?.getReader()
  let text = ""
  for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read())
    text += new TextDecoder().decode(piece.value)
  expect(text).toBe(PIECES.join(""))
  expect(entries.length).toBe(2)
  expect(entries[1]).toMatchObject({ ...to, bytesOut: 0 })
  expect(entries[1]?.bytesIn).toBeGreaterThan(PIECES.join("").length + "x-a: b\r\n".length)
  expect(JSON.stringify(entries)).not.toContain("canary")
})

describe("however an answer is read, it is the same and counted:", () => {
  const ways: Readonly<Record<string, (response: Response) => Promise<string>>> = {
    text: (response) => response.text(),
    bytes: async (response) => new TextDecoder().decode(await response.bytes()),
    arrayBuffer: async (response) => new TextDecoder().decode(await response.arrayBuffer()),
    blob: async (response) => await (await response.blob()).text(),
    "async iteration": async (response) => Buffer.concat(await Array.fromAsync(response.body ?? [])).toString(),
    pipeThrough: async (response) =>
      (await Array.fromAsync(response.body?.pipeThrough(new TextDecoderStream()) ?? [])).join(""),
    tee: async (response) => await new Response(response.body?.tee()[0]).text(),
  }
  for (const [name, read] of Object.entries(ways)) {
    test(name, async () => {
      const { entries, asking } = recorded()
      expect(await read(await asking(url))).toBe(PIECES.join(""))
      expect(entries.length).toBe(2)
      expect(entries[1]?.bytesIn).toBeGreaterThan(PIECES.join("").length)
    })
  }
})

test("an answer that is given up is counted as far as it came", async () => {
  const { entries, asking } = recorded()
  const abort = new AbortController()
  const response = await asking(`${server.url}endless`, { signal: abort.signal })
  const reader = response.body?.getReader()
  await reader?.read()
  abort.abort()
  await reader?.read().catch(() => undefined)
  expect(entries.length).toBe(2)
  expect(entries[1]?.bytesIn).toBeGreaterThan(8)
})

test("a redirect is an error unless the caller takes it by hand, so that no host is reached without a line", async () => {
  const { entries, asking } = recorded()
  await expect(asking(`${server.url}away`)).rejects.toThrow()
  const taken = await asking(`${server.url}away`, { redirect: "manual" })
  expect([taken.status, taken.headers.get("location")]).toEqual([302, String(elsewhere.url)])
  expect(strayed).toBe(0)
  expect(new Set(entries.map(({ port }) => port))).toEqual(new Set([server.port ?? 0]))
})

test("a request that fails stands in the ledger all the same", async () => {
  const { entries, asking } = recorded()
  await expect(asking("http://127.0.0.1:9/")).rejects.toThrow()
  expect(entries).toMatchObject([{ host: "127.0.0.1", port: 9 }])
})
