import { afterAll, beforeAll, expect, test } from "bun:test"
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { SkeinError } from "@skein/protocol"
import { recording } from "./recording.ts"
import { replaying } from "./replaying.ts"
import { type Fetch, readTape } from "./tape.ts"

const KEY = "sk-canary-0123456789"
const folder = mkdtempSync(join(tmpdir(), "skein-tape-"))
let server: ReturnType<typeof Bun.serve>
let files = 0

/** Streams its answer in three reads, of which the first ends inside a character and the last repeats the key. */
beforeAll(() => {
  server = Bun.serve({
    port: 0,
    async fetch(request) {
      if (new URL(request.url).pathname === "/v1/limited") {
        return new Response("{}", { status: 429, headers: { "retry-after": "3", "content-type": "application/json" } })
      }
      const { model } = (await request.json()) as { model: string }
      const euro = new TextEncoder().encode(`data: ${model} costs 3 €\n\n`)
      const body = async function* () {
        yield euro.slice(0, euro.length - 4)
        await Bun.sleep(15)
        yield euro.slice(euro.length - 4)
        await Bun.sleep(15)
        yield `data: your key is ${KEY}\n\n`
      }
      const headers = {
        "content-type": "text/event-stream",
        "set-cookie": `session=${KEY}`,
        "openai-organization": "acme",
      }
      return new Response(body, { headers: { ...headers, "x-request-id": "req_1" } })
    },
  })
})
afterAll(async () => {
  await server.stop(true)
  rmSync(folder, { recursive: true })
})

const live: Fetch = (url, init) => fetch(url, init)

function tapeFile(): string {
  return join(folder, `${files++}.json`)
}

function ask(
  fetch: Fetch,
  text: string,
  more: { path?: string; model?: string; origin?: string } = {},
): Promise<Response> {
  const { path = "/v1/messages", model = "m-1", origin = String(server.url).replace(/\/$/, "") } = more
  return fetch(`${origin}${path}`, {
    method: "POST",
    headers: { "x-api-key": KEY, "content-type": "application/json" },
    body: JSON.stringify({
      model,
      system: `the key is ${KEY}`,
      messages: [{ role: "user", content: [{ type: "text", text }] }],
    }),
  })
}

test("what was recorded is replayed byte for byte, without network or key", async () => {
  const file = tapeFile()
  const recorded = await (await ask(recording(live, file, { source: "live", label: "two words" }), "hello")).text()
  const replayed = await ask(replaying(file), "hello", { origin: "http://nowhere.invalid" })

  expect(recorded).toContain("m-1 costs 3 €")
  expect(await replayed.text()).toBe(recorded.replace(KEY, "[stripped]"))
  expect([replayed.status, replayed.headers.get("x-request-id")]).toEqual([200, "req_1"])
})

test("no secret reaches the tape, from headers, addresses, bodies or answers", async () => {
  const file = tapeFile()
  const tape = recording(live, file, { source: "live", label: "secrets", secrets: () => ["a secret said aloud"] })
  await (await ask(tape, "this is a secret said aloud", { path: `/v1/messages?key=${KEY}&alt=sse` })).text()

  const text = readFileSync(file, "utf8")
  expect(text).not.toContain("canary")
  expect(text).not.toContain("said aloud")
  expect(text).not.toContain("acme")
  expect(readTape(file).exchanges[0]?.request.path).toBe("/v1/messages?alt=sse")
})

test("a secret that two reads share is found too", async () => {
  const file = tapeFile()
  const split: Fetch = async () => new Response(piecewise("before ", KEY.slice(0, 9), KEY.slice(9), " after"))
  await (await ask(recording(split, file, { source: "live", label: "split" }), "hello")).text()

  expect(readFileSync(file, "utf8")).not.toContain(KEY.slice(9))
  expect(await (await ask(replaying(file), "hello")).text()).toBe("before [stripped] after")
})

test("the tape is labelled, private, whole after each exchange, and leaves nothing beside it", async () => {
  const file = tapeFile()
  const tape = recording(live, file, { source: "scripted", label: "a stand-in" })
  await (await ask(tape, "one")).text()
  const afterOne = readTape(file).exchanges.length
  await (await ask(tape, "two")).text()

  expect(readTape(file)).toMatchObject({ version: 1, source: "scripted", label: "a stand-in" })
  expect([afterOne, readTape(file).exchanges.length]).toEqual([1, 2])
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([])
})

test("exchanges of one path are replayed in their order, and those of other paths beside them", async () => {
  const file = tapeFile()
  const tape = recording(live, file, { source: "live", label: "order" })
  for (const model of ["m-1", "m-2"]) await (await ask(tape, "go on", { model })).text()
  await (await ask(tape, "go on", { path: "/v1/limited" })).text()
  const replay = replaying(file)

  expect((await ask(replay, "go on", { path: "/v1/limited" })).headers.get("retry-after")).toBe("3")
  expect(await (await ask(replay, "go on", { model: "m-1" })).text()).toContain("m-1 costs")
  expect(await (await ask(replay, "go on", { model: "m-2" })).text()).toContain("m-2 costs")
})

test("a request that does not fit is refused, and told what differs", async () => {
  const file = tapeFile()
  await (await ask(recording(live, file, { source: "live", label: "one question" }), "hello")).text()

  expect(await failure(ask(replaying(file), "goodbye", { model: "m-9" }))).toBe(
    'tape.mismatch: The tape "one question" does not fit this request to /v1/messages: the model is m-9, on the tape m-1; the last user text is "goodbye", on the tape "hello". Record it again.',
  )
  const replay = replaying(file)
  await ask(replay, "hello")
  expect(await failure(ask(replay, "hello"))).toContain("has no exchange left (of 1) for /v1/messages")
  expect(await failure(ask(replaying(file), "hello", { path: "/v1/other" }))).toContain(
    "holds no exchange for /v1/other",
  )
})

test("a replay waits as the recording did when it is asked to, and not otherwise", async () => {
  const file = tapeFile()
  // The request, its headers and three reads happen at these moments.
  const moments = [1000, 1040, 1100, 1160, 1300]
  const streamed: Fetch = async () => new Response(piecewise("one", "two", "three"))
  const tape = recording(streamed, file, { source: "live", label: "timing", now: () => moments.shift() ?? 1300 })
  await (await ask(tape, "hello")).text()
  const waited: number[] = []
  const sleep = async (ms: number) => void waited.push(ms)

  await (await ask(replaying(file), "hello")).text()
  expect(waited).toEqual([])
  await (await ask(replaying(file, { pace: { speed: 2, sleep } }), "hello")).text()
  expect(waited).toEqual([20, 30, 30, 70])
})

test("a broken answer and an answer that never came are replayed as such", async () => {
  const file = tapeFile()
  let isFirst = true
  const broken: Fetch = async () => {
    if (!isFirst) throw new TypeError("Unable to connect")
    isFirst = false
    let reads = 0
    return new Response(
      new ReadableStream({
        pull(controller) {
          if (reads++ > 0) throw new TypeError("socket closed")
          controller.enqueue(new TextEncoder().encode("half an ans"))
        },
      }),
    )
  }
  const tape = recording(broken, file, { source: "live", label: "broken" })
  await (await ask(tape, "one")).text().catch(() => undefined)
  await ask(tape, "two").catch(() => undefined)
  await tape.saved()
  const replay = replaying(file)

  const response = await ask(replay, "one")
  expect(await failure(response.text())).toContain("closed before the answer was whole")
  expect(await failure(ask(replay, "two"))).toContain("Unable to connect")
})

test("an answer the reader gave up is on the tape as far as it was read", async () => {
  const file = tapeFile()
  const tape = recording(live, file, { source: "live", label: "given up" })
  const reader = (await ask(tape, "hello")).body?.getReader()
  await reader?.read()
  await reader?.cancel()
  await tape.saved()

  expect(readTape(file).exchanges[0]?.response).toMatchObject({ kind: "answer", isWhole: false, chunks: [{}] })
})

test("a missing file, and a file that is no tape, say so", () => {
  const file = tapeFile()
  writeFileSync(file, '{"version": 7}')

  expect(() => replaying(join(folder, "none.json"))).toThrow(/Cannot read the cassette .*none.json/)
  expect(() => replaying(file)).toThrow(/no tape of version 1/)
})

/** A body that gives one piece for each read. */
function piecewise(...pieces: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      const piece = pieces.shift()
      if (piece === undefined) controller.close()
      else controller.enqueue(new TextEncoder().encode(piece))
    },
  })
}

async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return "no failure"
  } catch (error) {
    return error instanceof SkeinError ? `${error.code}: ${error.message}` : String(error)
  }
}
