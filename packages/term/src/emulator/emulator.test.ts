import { expect, test } from "bun:test"
import { emulator } from "./emulator.ts"

const SIZE = { columns: 10, rows: 4 }

test("text wraps at the last column, not before the next character", () => {
  expect(after("0123456789").caret()).toEqual({ row: 0, column: 9, isShown: true })
  expect(after("0123456789", "A").lines()).toEqual(["0123456789", "A", "", ""])
})

test("what leaves through the top is in the scrollback once, on the main screen alone", () => {
  expect(after("a\r\nb\r\nc\r\nd\r\ne").scrollback()).toEqual(["a"])
  expect(after("\x1b[?1049h", "a\r\nb\r\nc\r\nd\r\ne").scrollback()).toEqual([])
  expect(after("main", "\x1b[?1049hother", "\x1b[?1049l").lines()).toEqual(["main", "", "", ""])
})

test("rows scroll within a region, and only there", () => {
  expect(after("a\r\nb\r\nc\r\nd", "\x1b[2;3r\x1b[3;1H\nX").lines()).toEqual(["a", "c", "X", "d"])
})

test("a wide character takes two cells, a combining one none, and half of one never stays", () => {
  expect(after("漢e\u0301x").lines()[0]).toBe("漢e\u0301x")
  expect(after("漢e\u0301x").caret().column).toBe(4)
  expect(after("漢字", "\x1b[1;2Hx").lines()[0]).toBe(" x字")
  expect(after("a漢字x", "\r漢字").lines()[0]).toBe("漢字 x")
  expect(after("012345678漢").lines()).toEqual(["012345678", "漢", "", ""])
})

test("half of a wide character that is erased, pushed or pulled is gone with the other half", () => {
  const first = (...pieces: readonly string[]) => after("漢字x", ...pieces).lines()[0]
  expect(first("\x1b[1;2H\x1b[K")).toBe("")
  expect(first("\x1b[1;3H\x1b[1K")).toBe("    x")
  expect(first("\x1b[1;2H\x1b[2X")).toBe("    x")
  expect(first("\x1b[1;2H\x1b[P")).toBe("  字x".slice(1))
  expect(first("\x1b[1;4H\x1b[@")).toBe("漢   x")
  expect(after("\x1b[1;9H漢\x1b[H\x1b[@").lines()[0]).toBe("")
})

test("where rows do not wrap the last column is written over, and a wide character that does not fit is left out", () => {
  expect(after("\x1b[?7l012345678AB漢", "\x1b[?7h", "cd").lines()).toEqual(["012345678c", "d", "", ""])
})

test("a character is repeated while nothing came after it", () => {
  expect(after("a\x1b[3b\x1b[3b", "漢\x1b[b").lines()[0]).toBe("aaaa漢漢")
})

test("a character that comes in two reads is one, and wide if the whole is", () => {
  const woman = "\u{1f469}\u200d\u{1f467}"
  expect([after("\u{1f469}", "\u200d\u{1f467}", "x").lines()[0], after(woman, "x").caret().column]).toEqual([
    `${woman}x`,
    3,
  ])
  expect(after("\u{1f469}\u200d", "\u{1f467}x").lines()[0]).toBe(`${woman}x`)
  expect(after("\u{1f1e9}", "\u{1f1ea}", "x").caret().column).toBe(3)
  expect(after("012345678\u2601", "\ufe0f").lines().slice(0, 2)).toEqual(["012345678", "\u2601\ufe0f"])
})

test("a sequence that comes in pieces is one", () => {
  const bytes = Buffer.from("\x1b[2;3Hé\x1b]0;title\x1b\\")
  const whole = emulator({ size: SIZE })
  for (const byte of bytes) whole.write(Uint8Array.of(byte))
  expect([whole.lines()[1], whole.title]).toEqual(["  é", "title"])
})

test("colors and marks are in the cells", () => {
  const cells = after("\x1b[1;38;2;1;2;3ma\x1b[0;41mb\x1b[38;5;196mc\x1b[m\x1b]8;;file:///x\x1b\\d").cells()[0]
  expect(cells?.slice(0, 4).map(({ style }) => style)).toEqual([
    { isBold: true, foreground: "#010203" },
    { background: "red" },
    { background: "red", foreground: "#ff0000" },
    { link: "file:///x" },
  ])
})

test("it answers what programs ask at their start", () => {
  const answers: string[] = []
  const screen = emulator({ size: SIZE, answer: (text) => answers.push(text) })
  screen.write(Buffer.from("ab\x1b[6n\x1b[c\x1b[?2026$p\x1b]11;?\x07"))
  expect(answers).toEqual(["\x1b[1;3R", "\x1b[?62;22c", "\x1b[?2026;2$y", "\x1b]11;rgb:1111/1111/1111\x1b\\"])
})

test("a smaller screen drops blank rows first, then keeps what leaves through the top", () => {
  const screen = after("a\r\nb\r\nc")
  screen.resize({ columns: 10, rows: 3 })
  expect([screen.lines(), screen.scrollback()]).toEqual([["a", "b", "c"], []])
  screen.resize({ columns: 10, rows: 2 })
  expect([screen.lines(), screen.scrollback(), screen.caret().row]).toEqual([["b", "c"], ["a"], 1])
})

function after(...pieces: readonly string[]) {
  const screen = emulator({ size: SIZE })
  for (const piece of pieces) screen.write(Buffer.from(piece))
  return screen
}
