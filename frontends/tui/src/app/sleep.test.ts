import { expect, test } from "bun:test"
import { Sleep } from "./sleep.ts"

function key(chord: string, text?: string) {
  return { kind: "key", chord, text } as const
}

test("behind a key that waits all wait in order, but for those that leave or stop", () => {
  const sleep = new Sleep(() => {})
  expect(sleep.waits(key("escape"), true)).toBe(false)
  const typed = [key("/", "/"), key("h", "h"), key("escape"), key("ctrl+l"), key("up")]
  expect(typed.map((input) => sleep.waits(input, true))).toEqual(typed.map(() => true))
  expect([key("ctrl+d"), key("ctrl+z")].map((input) => sleep.waits(input, true))).toEqual([false, false])
  expect(sleep.over()).toEqual(typed)
})

test("Ctrl+C takes back what waits", () => {
  const sleep = new Sleep(() => {})
  for (const input of [key("/", "/"), key("h", "h")]) sleep.waits(input, true)
  expect(sleep.waits(key("ctrl+c"), true)).toBe(false)
  expect(sleep.waits(key("a", "a"), true)).toBe(false)
  expect(sleep.over()).toEqual([])
})
