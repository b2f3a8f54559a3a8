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

/** What comes of it where something was read before, as long as silence does not come between. */
function later(text: string, size: number, isMarking: boolean): Input[] {
  const decoder = new InputDecoder()
  decoder.expectMarks(isMarking)
  decoder.feed(bytes("x"))
  decoder.flush()
  const all = bytes(text)
  const inputs: Input[] = []
  for (let at = 0; at < all.length; at += size) inputs.push(...decoder.feed(all.subarray(at, at + size)))
  return [...inputs, ...decoder.flush()]
}

/** The text that these write, keys that write none in angles. */
function written(inputs: readonly Input[]): string {
  return inputs
    .map((input) =>
      input.kind === "paste" ? input.text : input.kind === "key" ? (input.text ?? `<${input.chord}>`) : "",
    )
    .join("")
}

const LOG = Array.from({ length: 3_000 }, (_, at) => `\x1b[32mINFO\x1b[0m line ${at}`).join("\r")

test.each([
  ["two short commands", "ls\rpwd\r", 4_096],
  ["one command", "git push --force origin main\r", 4_096],
  ["a colored log", `${LOG}\r`, 4_095],
  ["pages of a manual", "NAME\r\fSYNOPSIS\r\fb\bbold\r\f".repeat(7), 4_096],
  ["a megabyte in small reads", `${MEGABYTE.join("\r")}\r`, 8],
])("where the terminal marks no pastes %s is one, and sends nothing", (_, text, size) => {
  const inputs = later(text, size, false)
  expect(inputs.at(-1)?.kind).toBe("paste")
  expect(written(inputs)).toBe(text.replace(/\x1b\[\d+m/g, "").replaceAll("\r", "\n"))
})

test.each([
  ["short", "ls\r"],
  ["long", `${"word ".repeat(200)}\r`],
  ["in pieces", "git push --force origin main\r"],
])("where it marks them a line that a program types at once is sent by its Enter: %s", (name, text) => {
  const inputs = later(text, name === "in pieces" ? 7 : 4_096, true)
  expect(inputs.map(({ kind }) => kind)).not.toContain("paste")
  expect(inputs.at(-1)).toEqual({ kind: "key", chord: "enter" })
})

test("where it marks them lines that come at once are a paste all the same", () => {
  expect(later("ls\rpwd\r", 100, true)).toEqual([{ kind: "paste", text: "ls\npwd\n" }])
  expect(written(later(`${LOG}\r`, 4_095, true))).not.toContain("<")
  expect(later("\rok", 100, true).map((input) => input.kind === "key" && input.chord)).toEqual(["enter", "o", "k"])
})

test("a key within an unmarked paste is one, and no newline behind it is Enter", () => {
  expect(later("one\rtwo\r\x1b[Ax\r", 100, true)).toEqual([
    { kind: "paste", text: "one\ntwo\n" },
    { kind: "key", chord: "up" },
    { kind: "paste", text: "x\n" },
  ])
})

test("what a terminal answers within an unmarked paste is no end of it", () => {
  const inputs = later("one\rtwo\x1b[?62;22c\rthree\r", 100, true)
  expect(inputs.map(({ kind }) => kind)).toEqual(["reply", "paste"])
  expect(inputs.at(-1)).toEqual({ kind: "paste", text: "one\ntwo\nthree\n" })
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

/** A marked paste whose rest is late. */
function stalled(): InputDecoder {
  const decoder = new InputDecoder()
  decoder.expectMarks(true)
  decoder.feed(bytes("\x1b[200~ first\r"))
  for (let silence = 0; silence < 100 && decoder.hasPending; silence++) decoder.flush()
  return decoder
}

test("the rest of a paste that stalled sends nothing, and its end ends it", () => {
  const decoder = stalled()
  expect([...decoder.feed(bytes("rm -rf x\r\x1b[201~")), ...decoder.flush()]).toEqual([
    { kind: "paste", text: "rm -rf x\n" },
  ])
  expect(decoder.feed(bytes("y\r")).at(-1)).toEqual({ kind: "key", chord: "enter" })
})

test.each([
  ["Esc", "\x1b"],
  ["Esc with a code of its own", "\x1b[27u"],
  ["Ctrl+C", "\x03"],
])("where its end never comes %s gives Enter back", (_, key) => {
  const decoder = stalled()
  expect([...decoder.feed(bytes("\r")), ...decoder.flush()]).toEqual([{ kind: "paste", text: "\n" }])
  decoder.feed(bytes(key))
  decoder.flush()
  expect(decoder.feed(bytes("\r"))).toEqual([{ kind: "key", chord: "enter" }])
})
