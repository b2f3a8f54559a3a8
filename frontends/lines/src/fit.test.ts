import { expect, test } from "bun:test"
import { clipped, wrapped } from "./fit.ts"

test("a line breaks between words and goes on as far in; one that fits stays as it is", () => {
  expect(wrapped("short\n  one two three four", 12)).toBe("short\n  one two\n  three four")
  expect(wrapped("create  a\n\nb", 20)).toBe("create  a\n\nb")
  expect(wrapped("averylongwordthatfitsnowhere and more", 10)).toBe("averylongwordthatfitsnowhere\nand more")
})

test("a line is shortened to the columns it has, wide letters counted as two", () => {
  expect(clipped("abcdef", 6)).toBe("abcdef")
  expect(clipped("abcdefg", 6)).toBe("abcde…")
  expect(clipped("漢字漢字", 5)).toBe("漢字…")
})
