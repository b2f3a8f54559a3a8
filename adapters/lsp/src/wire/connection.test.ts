import { expect, test } from "bun:test"
import { type Connection, connection, type Handlers } from "./connection.ts"
import { encodeFrame, FrameDefect, frameDecoder } from "./frames.ts"

const bytes = (text: string) => new TextEncoder().encode(text)

function decoded(pieces: readonly Uint8Array[]): readonly string[] {
  const messages: string[] = []
  const take = frameDecoder((text) => messages.push(text))
  for (const piece of pieces) take(piece)
  return messages
}

/** A conversation, what was sent in it, and what a server says in it. */
function talk(given: Partial<Handlers> = {}) {
  const sent: unknown[] = []
  const defects: string[] = []
  const made: Connection = connection({
    send: (frame) => sent.push(...decoded([frame]).map((text) => JSON.parse(text))),
    onTold() {},
    answer: () => undefined,
    onDefect: (defect) => defects.push(defect.message),
    ...given,
  })
  return { sent, defects, ...made, says: (message: unknown) => made.take(encodeFrame(message)) }
}

test("messages are whole however their bytes are cut, and two in one piece are two", () => {
  const all = Buffer.concat([encodeFrame({ text: "é€😀" }), encodeFrame({ n: 2 })])
  const expected = ['{"text":"é€😀"}', '{"n":2}']
  for (const size of [1, 2, 7, all.length]) {
    const pieces = Array.from({ length: Math.ceil(all.length / size) }, (_, at) =>
      all.subarray(at * size, (at + 1) * size),
    )
    expect(decoded(pieces)).toEqual(expected)
  }
  expect(decoded([bytes("Content-Type: x\r\ncontent-length: 2\r\n\r\n{}")])).toEqual(["{}"])
})

test("what is no message, or a message that is too long, is a defect before it is held in memory", () => {
  const defect = (text: string) => () => decoded([bytes(text)])
  expect(defect("Content-Length: 99999999999\r\n\r\n")).toThrow(FrameDefect)
  expect(defect("Content-Length: -1\r\n\r\n")).toThrow(FrameDefect)
  expect(defect("Hello, I am a server\r\n\r\n")).toThrow(FrameDefect)
  expect(defect("x".repeat(5_000))).toThrow(FrameDefect)
})

test("an answer finds its question, a refusal is told in the server's words, and one that nobody asked is nothing", async () => {
  const { ask, says, sent } = talk()
  const signal = new AbortController().signal
  const [one, two] = [ask("a", { x: 1 }, signal), ask("b", null, signal)]
  says({ id: 77, result: "nobody" })
  says({ id: 2, error: { code: -3, message: "no" } })
  says({ id: 1, result: [1] })
  expect(await one).toEqual([1])
  expect(two).rejects.toMatchObject({ name: "ServerError", code: -3, message: "no" })
  expect(sent).toEqual([
    { jsonrpc: "2.0", id: 1, method: "a", params: { x: 1 } },
    { jsonrpc: "2.0", id: 2, method: "b", params: null },
  ])
})

test("who gives up cancels the question, and a late answer is nothing", async () => {
  const { ask, says, sent } = talk()
  const stop = new AbortController()
  const asked = ask("slow", {}, stop.signal)
  stop.abort(new Error("enough"))
  expect(asked).rejects.toThrow("enough")
  says({ id: 1, result: "late" })
  expect(sent.at(-1)).toEqual({ jsonrpc: "2.0", method: "$/cancelRequest", params: { id: 1 } })
})

test("what the server asks is answered, also that it is not offered", () => {
  const { says, sent } = talk({ answer: (method) => (method === "known" ? null : undefined) })
  says({ id: "x", method: "known" })
  says({ id: 5, method: "other" })
  expect(sent).toEqual([
    { jsonrpc: "2.0", id: "x", result: null },
    { jsonrpc: "2.0", id: 5, error: { code: -32_601, message: "other is not offered here" } },
  ])
})

test("who waits when the server goes is told why, and nothing is taken or asked after that", async () => {
  const { ask, close, says, defects, closed } = talk()
  const signal = new AbortController().signal
  const waiting = ask("a", {}, signal)
  says("not an object")
  expect(defects).toEqual(["It sent something that is no JSON object."])
  close(new Error("gone"))
  expect(waiting).rejects.toThrow("gone")
  expect(ask("b", {}, signal)).rejects.toThrow("gone")
  expect((await closed).message).toBe("gone")
})
