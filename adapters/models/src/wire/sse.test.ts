import { expect, test } from "bun:test"
import { sseDecoder } from "./sse.ts"
import type { ServerSentEvent } from "./wire.ts"

const FILE =
  '\uFEFF: a comment\nevent: one\ndata: {"a":1}\n\ndata:no space\n\ndata: first\ndata:  second\ndata\n\n' +
  "event: only-named\n\nid: 7\nretry: 10\ndata: Ünï 🧵\n\n:\n\ndata:\n\n"
const WHOLE: readonly ServerSentEvent[] = [
  { event: "one", data: '{"a":1}' },
  { event: "", data: "no space" },
  { event: "", data: "first\n second\n" },
  { event: "", data: "Ünï 🧵" },
  { event: "", data: "" },
]

function read(text: string, cuts: readonly number[]): ServerSentEvent[] {
  const bytes = new TextEncoder().encode(text)
  const decoder = sseDecoder()
  const edges = [0, ...cuts, bytes.length]
  const events = edges.slice(1).flatMap((edge, i) => decoder.feed(bytes.subarray(edges[i], edge)))
  return [...events, ...decoder.end()]
}

for (const [name, newline] of [
  ["LF", "\n"],
  ["CRLF", "\r\n"],
  ["CR", "\r"],
] as const) {
  test(`lines that end in ${name} are read whole, cut in two at every byte, and byte by byte`, () => {
    const text = FILE.replaceAll("\n", newline)
    const size = new TextEncoder().encode(text).length

    expect(read(text, [])).toEqual([...WHOLE])
    for (let cut = 0; cut <= size; cut++) expect(read(text, [cut])).toEqual([...WHOLE])
    expect(
      read(
        text,
        Array.from({ length: size }, (_, i) => i),
      ),
    ).toEqual([...WHOLE])
  })
}

test("line ends of all three kinds mix", () => {
  expect(read("data: a\r\ndata: b\rdata: c\n\r\ndata: d\r\r", [])).toEqual([
    { event: "", data: "a\nb\nc" },
    { event: "", data: "d" },
  ])
})

test("an event that lacks its blank line, or its last line end, comes at the end", () => {
  expect(read("data: a\n\nevent: x\ndata: b", [])).toEqual([
    { event: "", data: "a" },
    { event: "x", data: "b" },
  ])
})

test("a line of 8 MB that comes in small pieces is read once", () => {
  const long = "x".repeat(8_000_000)
  const size = long.length + 8
  const cuts = Array.from({ length: Math.floor(size / 4096) }, (_, i) => (i + 1) * 4096)

  expect(read(`data: ${long}\n\n`, cuts)[0]?.data.length).toBe(long.length)
})

test("an event without end is refused before it fills the memory", () => {
  const decoder = sseDecoder()
  const piece = new TextEncoder().encode(`data: ${"x".repeat(1 << 20)}`)
  const flood = () => {
    for (let i = 0; i < 80; i++) decoder.feed(piece)
  }

  expect(flood).toThrow("one event longer than")
})
