import { expect, test } from "bun:test"
import { cut, type Line, pad, textOf, widthOf, wrap } from "../index.ts"
import { columnsOf, graphemes, simpleColumns } from "./graphemes.ts"

/** What each has to cover, by the tables that terminals of today use, and how many characters a person sees. */
const CONFORMANCE: readonly (readonly [string, number, number])[] = [
  ["a", 1, 1],
  ["é", 1, 1],
  ["e\u0301", 1, 1],
  ["o\u0302\u0323", 1, 1],
  ["日本", 4, 2],
  ["한국", 4, 2],
  ["\u1112\u1161\u11ab", 2, 1],
  ["ｱ", 1, 1],
  ["Ａ", 2, 1],
  ["👍", 2, 1],
  ["👍🏽", 2, 1],
  ["👨‍👩‍👧‍👦", 2, 1],
  ["🏳️‍🌈", 2, 1],
  ["🇩🇪🇫🇷", 4, 2],
  ["❤️", 2, 1],
  ["❤", 1, 1],
  ["1️⃣", 2, 1],
  ["⌚", 2, 1],
  ["✓✗●◌›▎┊⋯⠋─", 10, 10],
  ["नमस्ते", 4, 3],
  ["লক্ষ্মী", 4, 4],
  ["लक्ष्म्य!", 6, 6],
  ["ক্ষ্মতা!", 5, 5],
  ["ស្ត្រី!", 4, 4],
  ["က္ကြ", 3, 3],
  ["শ্রী", 2, 1],
  ["ᄒᄒᄒ", 6, 3],
  ["שלום", 4, 4],
  ["مرحبا", 5, 5],
  ["a\u200bb", 2, 2],
  ["a\u202eb", 2, 2],
  ["\u00ad", 0, 0],
]

test("every kind of character covers the cells that terminals give it", () => {
  const measured = CONFORMANCE.map(([text]) => [text, columnsOf(text), graphemes(text).length])
  expect(measured).toEqual(CONFORMANCE.map((row) => [...row]))
})

test("the characters that are measured without tables are as wide as the tables say", () => {
  const different: string[] = []
  for (let code = 0x20; code <= 0xffff; code++) {
    const columns = simpleColumns(code)
    if (columns !== 0 && columns !== Bun.stringWidth(String.fromCharCode(code))) different.push(code.toString(16))
  }
  expect(different).toEqual([])
})

test("none of them joins with another of them", () => {
  const all = Array.from({ length: 0xffff }, (_, code) => code).filter((code) => simpleColumns(code) !== 0)
  const segments = new Intl.Segmenter("en", { granularity: "grapheme" }).segment(String.fromCharCode(...all))
  expect([...segments].length).toBe(all.length)
})

test("no byte of a text is a control: each is shown as a character of one cell", () => {
  const controls = [...Array(32).keys(), 0x7f, 0x80, 0x85, 0x9b, 0x9f, 0x2028].map((code) => String.fromCodePoint(code))
  const shown = graphemes(`${controls.join("")}\ud800`).map(({ text }) => text)
  expect(shown).toHaveLength(controls.length + 1)
  expect(shown.join("")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028]/)
  expect(columnsOf("\u001b[2J")).toBe(4)
})

const line: Line = [{ text: "ab" }, { text: "日本", style: { isBold: true } }, { text: "c" }]

test("a cut never splits a character, and says where it cut if it is asked to", () => {
  expect(widthOf(line)).toBe(7)
  expect([7, 6, 5, 4, 3, 0].map((columns) => textOf(cut(line, columns)))).toEqual([
    "ab日本c",
    "ab日本",
    "ab日",
    "ab日",
    "ab",
    "",
  ])
  expect(cut(line, 6, "⋯")).toEqual([
    { text: "ab" },
    { text: "日", style: { isBold: true } },
    { text: "⋯", style: { isBold: true } },
  ])
  expect(textOf(cut([{ text: "👨‍👩‍👧x" }], 1))).toBe("")
})

test("padding fills up to the width and leaves what is wider", () => {
  expect(textOf(pad(line, 9))).toBe("ab日本c  ")
  expect(pad(line, 3)).toBe(line)
})

const rows = (text: string, columns: number, indent = 0) => wrap([{ text }], columns, { indent }).map(textOf)

test("wrapping breaks at blanks, at wide characters, and within a word only where it is longer than a row", () => {
  expect(rows("the quick brown fox", 10)).toEqual(["the quick", "brown fox"])
  expect(rows("the quick brown fox", 9)).toEqual(["the quick", "brown fox"])
  expect(rows("supercalifragilistic is", 8)).toEqual(["supercal", "ifragili", "stic is"])
  expect(rows("日本語の文章", 5)).toEqual(["日本", "語の", "文章"])
  expect(rows("ab 👨‍👩‍👧👨‍👩‍👧 c", 5)).toEqual(["ab 👨‍👩‍👧", "👨‍👩‍👧 c"])
  expect(rows("", 5)).toEqual([""])
})

test("blanks that lead a line stay, and rows that go on are indented", () => {
  expect(rows("  one two three", 9)).toEqual(["  one two", "three"])
  expect(rows("- one two three", 9, 2)).toEqual(["- one two", "  three"])
  expect(rows("    supercalifragilistic", 8)).toEqual(["    supe", "rcalifra", "gilistic"])
})

test("every span of a wrapped row keeps its look", () => {
  const styled: Line = [{ text: "one " }, { text: "two three", style: { isDim: true } }]
  expect(wrap(styled, 7)).toEqual([
    [{ text: "one " }, { text: "two", style: { isDim: true } }],
    [{ text: "three", style: { isDim: true } }],
  ])
})

test("a row of a wrapped line is never wider than it may be, whatever the text", () => {
  const texts = ["日 a👍 bcd  efghij 🇩🇪🇩🇪", "a\u0301b ".repeat(9), "  x".repeat(20)]
  for (const text of texts)
    for (let columns = 2; columns < 30; columns++) {
      const wrapped = wrap([{ text }], columns, { indent: 1 })
      expect(wrapped.every((row) => widthOf(row) <= columns)).toBe(true)
      expect(wrapped.map(textOf).join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""))
    }
})
