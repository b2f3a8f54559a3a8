import { expect, test } from "bun:test"
import { messageLines } from "./message-lines.ts"

const bytesOf = (text: string) => new TextEncoder().encode(text)

function taken(pieces: readonly string[], bytesMax?: number): readonly string[] {
  const told: string[] = []
  const lines = messageLines(
    (line) => told.push(line),
    () => told.push("too long"),
    bytesMax,
  )
  for (const piece of pieces) lines.take(bytesOf(piece))
  return told
}

test("lines come whole however the stream is cut, and empty ones not at all", () => {
  expect(taken(['{"a":1}\n{"b"', ":", "2}\r\n\n  \n", '{"c":3}\nhalf'])).toEqual(['{"a":1}', '{"b":2}', '{"c":3}'])
})

test("a character that is cut in two is one", () => {
  const bytes = bytesOf('"ä"\n')
  const told: string[] = []
  const lines = messageLines(
    (line) => told.push(line),
    () => undefined,
  )
  lines.take(bytes.subarray(0, 2))
  lines.take(bytes.subarray(2))
  expect(told).toEqual(['"ä"'])
})

test("a line beyond the bound is told once, and nothing after it", () => {
  expect(taken(["ok\n", "12345", "6789", "0\nlate\n", "later\n"], 8)).toEqual(["ok", "too long"])
  expect(taken(["12345678\n"], 8)).toEqual(["12345678"])
  expect(taken(["123456789\n"], 8)).toEqual(["too long"])
})
