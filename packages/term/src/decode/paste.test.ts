import { expect, test } from "bun:test"
import type { Input } from "../input.ts"
import { InputDecoder } from "./decoder.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const MEGABYTE = Array.from({ length: 16_384 }, (_, at) => `${at} ${"€ü".repeat(11)}\t…`)

/** All that comes of bytes that arrive in reads of this size, the silence after them included. */
function fed(text: string, size: number): Input[] {
  const decoder = new InputDecoder()
  const all = bytes(text)
  const inputs: Input[] = []
  for (let at = 0; at < all.length; at += size) inputs.push(...decoder.feed(all.subarray(at, at + size)))
  return [...inputs, ...decoder.flush()]
}

test("a marked paste of a megabyte is whole, in reads of any size", () => {
  const text = MEGABYTE.join("\r")
  expect(bytes(text).length).toBeGreaterThan(1_000_000)
  for (const size of [977, 4_095, 65_536, 10_000_000]) {
    expect(fed(`\x1b[200~${text}\x1b[201~`, size)).toEqual([{ kind: "paste", text: MEGABYTE.join("\n") }])
  }
})

test("an unmarked paste of a megabyte is whole, and none of it is Enter", () => {
  for (const size of [4_095, 65_536]) {
    expect(fed(MEGABYTE.join("\r"), size)).toEqual([{ kind: "paste", text: MEGABYTE.join("\n") }])
  }
})

test("an unmarked paste ends with silence, or with a key that no text has", () => {
  const decoder = new InputDecoder()
  expect(decoder.feed(bytes("first line\rsecond line\r"))).toEqual([])
  expect(decoder.feed(bytes("x\r"))).toEqual([])
  expect(decoder.hasPending).toBe(true)
  expect(decoder.flush()).toEqual([{ kind: "paste", text: "first line\nsecond line\nx\n" }])
  expect(decoder.hasPending).toBe(false)
  expect(decoder.feed(bytes("first line\rsecond line\x1b[A"))).toEqual([
    { kind: "paste", text: "first line\nsecond line" },
    { kind: "key", chord: "up" },
  ])
})

test("one long line is a paste too, as its end may come with the next read", () => {
  expect(fed(`${"x".repeat(300)}\r`, 200)).toEqual([{ kind: "paste", text: `${"x".repeat(300)}\n` }])
})

test("a line that was typed while nobody read is typed", () => {
  expect(fed("y\rno\r", 10).map((input) => input.kind)).toEqual(["key", "key", "key", "key", "key"])
  expect(fed("\r\r\r\r\r\r\r\r\r\r\r\r", 20).map((input) => input.kind === "key" && input.chord)).toEqual(
    Array(12).fill("enter"),
  )
  expect(fed("npm test -- packages/term\r", 100).at(-1)).toEqual({ kind: "key", chord: "enter" })
})

test("pieces of the end mark, other marks and controls in a paste are text", () => {
  const inside = "a\x1b[201b\x1b[20\x1b\x1b[200~\x03\x1b[A\x1b[201;1~c\x1b[201"
  for (const size of [1, 2, 3, 5, 100]) {
    expect(fed(`\x1b[200~${inside}\x1b[201~z`, size)).toEqual([
      { kind: "paste", text: inside },
      { kind: "key", chord: "z", text: "z" },
    ])
  }
})

test("an empty paste is one, as terminals say so when the clipboard holds an image", () => {
  expect(fed("\x1b[200~\x1b[201~", 100)).toEqual([{ kind: "paste", text: "" }])
})

test("a newline in a paste is one character however it was written", () => {
  expect(fed("\x1b[200~a\r\nb\rc\nd\x1b[201~", 100)).toEqual([{ kind: "paste", text: "a\nb\nc\nd" }])
})

test("a paste whose end never comes gives the keyboard back", () => {
  const decoder = new InputDecoder()
  decoder.feed(bytes("\x1b[200~lost"))
  let inputs: Input[] = []
  for (let silence = 0; silence < 100 && inputs.length === 0; silence++) {
    expect(decoder.hasPending).toBe(true)
    inputs = decoder.flush()
  }
  expect(inputs).toEqual([{ kind: "paste", text: "lost" }])
  expect(decoder.feed(bytes("x"))).toEqual([{ kind: "key", chord: "x", text: "x" }])
})
