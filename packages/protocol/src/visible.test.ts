import { expect, test } from "bun:test"
import { jsonLine, jsonPage, visible } from "./visible.ts"

test("what moves a cursor, sets a title, a clipboard or a link is shown, however it begins", () => {
  expect(visible("\u001b]52;c;eA==\u0007")).toBe("\\e]52;c;eA==\\u{7}")
  expect(visible("\u009d8;;http://x\u009cx\u0090q\u009c")).toBe("\\u{9d}8;;http://x\\u{9c}x\\u{90}q\\u{9c}")
  expect(visible("\u001b[8mhidden\u001b[2J\b\u007f")).toBe("\\e[8mhidden\\e[2J\\u{8}\\u{7f}")
})

test("what turns, hides or splits words is shown", () => {
  for (const code of [
    ...[0xad, 0x34f, 0x61c, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202e],
    ...[0x2060, 0x2066, 0x2069, 0x2800, 0x3164, 0xfe00, 0xfe0f, 0xfeff, 0xffa0, 0xfff9, 0xe0001, 0xe0041, 0xe007f],
    ...[0xe0100, 0xe01ef, 0x10eeee],
  ]) {
    const hidden = String.fromCodePoint(code)
    expect(visible(`rm${hidden} x`)).toBe(`rm\\u{${code.toString(16)}} x`)
    expect(visible(hidden)).toBe(`\\u{${code.toString(16)}}`)
  }
})

test("what people write stays as they wrote it", () => {
  for (const text of ["tab\tline\n", "ümläut é 漢字 한국어 שלום", "👩‍👩‍👧‍👦 🏳️‍🌈 👩🏽‍💻 ❤️ 1️⃣ ❤︎", "می‌خواهم", "क्‍ष नेपाली"]) {
    expect(visible(text)).toBe(text)
  }
})

test("what is visible stays as it is", () => {
  for (let code = 0; code < 0xe1000; code += code < 0x3000 ? 1 : 7) {
    const once = visible(`a${String.fromCodePoint(code)}b`)
    expect(visible(once)).toBe(once)
  }
})

test("JSON shows nothing hidden either, and is read back as what it was", () => {
  // Each of them by itself is the test above; here that JSON goes the same way.
  for (let code = 0; code < 0xe1000; code += code < 0x3000 ? 3 : 997) {
    const value = { [`k${String.fromCodePoint(code)}`]: [`a${String.fromCodePoint(code)}b`, 1, null] }
    for (const text of [jsonLine(value), jsonPage(value)]) {
      expect(visible(text)).toBe(text)
      expect(JSON.parse(text)).toEqual(value)
    }
  }
  expect(jsonLine("\u009b2J\u202e\u{e0041}")).toBe('"\\u009b2J\\u202e\\udb40\\udc41"')
  expect(jsonLine("👩‍👩‍👧‍👦 می‌خواهم")).toBe('"👩‍👩‍👧‍👦 می‌خواهم"')
})
