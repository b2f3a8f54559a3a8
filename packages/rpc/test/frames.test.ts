import { expect, test } from "bun:test"
import { scriptedModel, testEngine } from "@skein/testkit"
import { listenHttp, serveEngine } from "../src/index.ts"
import { MessageTooLong } from "../src/transports/transport.ts"
import { closing, FrameReader, frame, type Said } from "../src/websocket/frames.ts"
import { TOKEN } from "./far.ts"

const MASK = Buffer.from([7, 200, 33, 91])
const RULES = { isMasked: true, messageBytesMax: 100_000 }
const read = (bytes: Buffer, cut: (left: number) => number, rules = RULES): Said[] => {
  const reader = new FrameReader(rules)
  const said: Said[] = []
  for (let at = 0; at < bytes.length; ) {
    const size = Math.max(1, cut(bytes.length - at))
    said.push(...reader.push(bytes.subarray(at, at + size)))
    at += size
  }
  return said
}

test("messages of every length come whole, however their bytes are cut", () => {
  const texts = [0, 1, 125, 126, 127, 65_535, 65_536, 99_999].map(
    (length) => "é".repeat(length / 2) + "x".repeat(length % 2),
  )
  const bytes = Buffer.concat([
    ...texts.map((text) => frame("text", Buffer.from(text), MASK)),
    frame("ping", Buffer.from("p"), MASK),
    frame("close", closing(1000, "bye"), MASK),
  ])
  const expected: Said[] = [
    ...texts.map((text) => ({ kind: "text", text }) as const),
    { kind: "ping", payload: Buffer.from("p") },
    { kind: "close" },
  ]
  for (const size of [3, 1_000, 70_000, bytes.length]) expect(read(bytes, () => size)).toEqual(expected)
  for (let round = 0; round < 10; round++) expect(read(bytes, () => Math.ceil(Math.random() * 5_000))).toEqual(expected)
})

test("a message in several frames is one, with a ping in between", () => {
  const [start, middle, end] = ["a", "b", "c"].map((text) => frame("text", Buffer.from(text), MASK))
  if (start === undefined || middle === undefined || end === undefined) throw new Error("Three frames")
  start[0] = 0x01
  middle[0] = 0x00
  end[0] = 0x80
  const ping = frame("ping", Buffer.alloc(0), MASK)
  expect(read(Buffer.concat([start, ping, middle, end]), () => 1)).toEqual([
    { kind: "ping", payload: Buffer.alloc(0) },
    { kind: "text", text: "abc" },
  ])
})

test("what is no frame of a client is refused, with the status that says why", () => {
  const wrong = (change: (bytes: Buffer) => Buffer, payload = Buffer.from("text")) => {
    try {
      read(change(frame("text", payload, MASK)), () => 1)
    } catch (error) {
      return error instanceof Error && "status" in error ? error.status : (error as Error).name
    }
    return undefined
  }
  const first = (byte: number) => (bytes: Buffer) => {
    bytes[0] = byte
    return bytes
  }
  expect(wrong((bytes) => bytes)).toBeUndefined()
  expect(wrong(() => frame("text", Buffer.from("bare"), undefined))).toBe(1002)
  expect(wrong(first(0xc1))).toBe(1002)
  expect(wrong(first(0x80))).toBe(1002)
  expect(wrong(first(0x82))).toBe(1003)
  expect(wrong(first(0x83))).toBe(1003)
  expect(wrong(first(0x09))).toBe(1002)
  expect(wrong(first(0x89), Buffer.alloc(126))).toBe(1002)
  expect(wrong((bytes) => bytes, Buffer.from([0xff, 0xfe]))).toBe(1007)
  expect(wrong((bytes) => bytes, Buffer.alloc(100_001))).toBe("MessageTooLong")
  // Refused by what it announces, before it comes.
  const huge = Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])
  expect(wrong(() => Buffer.concat([huge, MASK]))).toBe("MessageTooLong")
  const parts = Buffer.concat(
    Array.from({ length: 3 }, (_, at) => {
      const part = frame("text", Buffer.alloc(50_000, 120), MASK)
      part[0] = at === 0 ? 0x01 : 0x00
      return part
    }),
  )
  expect(wrong(() => parts)).toBe("MessageTooLong")
})

test("a client by another hand is served: long messages both ways, pings, and an end in order", async () => {
  const engine = testEngine(scriptedModel())
  const server = serveEngine(engine, { server: { name: "skein", version: "1" }, onDefect: () => undefined })
  const listener = await listenHttp(server, { hostname: "127.0.0.1", port: 0, token: TOKEN, onDefect: () => undefined })
  const headers = { Authorization: `Bearer ${TOKEN}` }
  const socket = new WebSocket(`${listener.address.replace("http", "ws")}/v1/socket`, {
    headers,
  } as unknown as string[])
  const answers: { id: unknown; result?: unknown; error?: { message: string } }[] = []
  const all = Promise.withResolvers<void>()
  socket.onmessage = ({ data }) => {
    answers.push(JSON.parse(String(data)))
    if (answers.length === 2) all.resolve()
  }
  socket.onerror = () => all.reject(new Error("The socket failed"))
  socket.onopen = () => {
    socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: {} }))
    socket.ping()
    socket.send(JSON.stringify({ jsonrpc: "2.0", id: "x".repeat(200_000), method: "none", params: {} }))
  }
  await all.promise
  expect(answers[0]?.result).toMatchObject({ protocol: 1 })
  expect(String(answers[1]?.id).length).toBe(200_000)
  const closed = new Promise<number>((resolve) => {
    socket.onclose = ({ code }) => resolve(code)
  })
  await server.close()
  expect(await closed).toBe(1001)
  await listener.close()
  await engine.close()
})

test("frames of nothing are not kept without end: a message that never ends is refused in the time of those that do", () => {
  const [start, more] = [frame("text", Buffer.alloc(0), MASK), frame("text", Buffer.alloc(0), MASK)]
  start[0] = 0x01
  more[0] = 0x00
  const reader = new FrameReader(RULES)
  const all = Buffer.concat([start, ...Array.from({ length: 100_000 }, () => more)])
  expect(() => [...reader.push(all)]).toThrow(MessageTooLong)
})
