import { expect, test } from "bun:test"
import type { Input } from "../input.ts"
import { InputDecoder } from "./decoder.ts"

const bytes = (text: string) => new TextEncoder().encode(text)
const LETTER = bytes("f")

function told(inputs: readonly Input[]) {
  return inputs.map((input) => (input.kind === "key" ? input.chord : input))
}

test("what is typed a while after Esc is text, whatever sequence it would have begun", () => {
  for (const text of ["[Done] yes", "[1] see", "[200~", "]11;no"]) {
    const decoder = new InputDecoder()
    decoder.feed(bytes("\x1b"))
    expect(told(decoder.flush())).toEqual(["escape"])
    decoder.flush()
    expect(told(decoder.feed(bytes(text))).join("")).toBe(text)
  }
})

test("text that comes just after Esc keeps its beginning too, where it is no answer", () => {
  for (const text of ["[Done] yes", "[1] see"]) {
    const decoder = new InputDecoder()
    const inputs = [...decoder.feed(bytes("\x1b")), ...decoder.flush(), ...decoder.feed(bytes(text))]
    expect(told(inputs).join("")).toBe(`escape${text}`)
  }
})

test.each([
  ["a color", "\x1b]11;rgb:ffff"],
  ["a name", "\x1bP>|xterm"],
  ["a key", "\x1b[1;"],
  ["a report of the oldest mouse protocol", "\x1b[M"],
])("%s that is cut off for good takes no typing with it", (_, cut) => {
  const decoder = new InputDecoder()
  decoder.expectMarks(true)
  decoder.feed(bytes(cut))
  for (let silence = 0; decoder.hasPending; silence++) {
    expect(silence).toBeLessThan(100)
    decoder.flush()
  }
  expect(told(decoder.feed(bytes("hello\r")))).toEqual(["h", "e", "l", "l", "o", "enter"])
})

test("keys that are pressed while the rest is waited for do not make the wait longer", () => {
  const decoder = new InputDecoder()
  decoder.feed(bytes("\x1b]11;rgb:ffff"))
  for (let silence = 0; silence < 50; silence++) {
    decoder.feed(bytes("x"))
    decoder.flush()
  }
  expect(told(decoder.feed(bytes("y")))).toEqual(["y"])
})

test("the first silence behind the oldest mouse protocol's beginning ends it", () => {
  const decoder = new InputDecoder()
  decoder.feed(bytes("\x1b[M"))
  decoder.flush()
  expect(told(decoder.feed(bytes("yes")))).toEqual(["y", "e", "s"])
})

test("a string takes no longer the more pieces it comes in", () => {
  const decoder = new InputDecoder()
  const from = performance.now()
  decoder.feed(bytes("\x1b]11;"))
  for (let at = 0; at < 60_000; at++) decoder.feed(LETTER)
  expect(told(decoder.feed(bytes("\x07y")))).toEqual(["y"])
  expect(performance.now() - from).toBeLessThan(1_000)
})

test("an answer about the cursor that never comes does not keep F3 for ever", () => {
  const decoder = new InputDecoder()
  decoder.expectCursor()
  decoder.feed(bytes("a"))
  for (let silence = 0; decoder.hasPending; silence++) {
    expect(silence).toBeLessThan(200)
    decoder.flush()
  }
  expect(told(decoder.feed(bytes("\x1b[1;5R")))).toEqual(["ctrl+f3"])
})
