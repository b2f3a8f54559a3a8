import { expect, test } from "bun:test"
import { type Feed, fed, lastOf, NOTHING_FED } from "./feed.ts"

function told(...newest: readonly string[]): { readonly feed: Feed; readonly text: string } {
  let feed = NOTHING_FED
  let text = ""
  for (const part of newest) {
    const next = fed(feed, part)
    feed = next.feed
    text += next.more
  }
  return { feed, text }
}

test("each look at the newest lines of an output gives what is new in them", () => {
  expect(told("one\n", "one\ntwo\n", "two\nthree\n", "two\nthree\n").text).toBe("one\ntwo\nthree\n")
})

test("lines that were never looked at are a gap, which is shown", () => {
  expect(told("one\n", "eight\n").text).toBe("one\n\n…\neight\n")
})

test("at the end comes the rest, whole or from where it is known", () => {
  expect(lastOf(told("one\n").feed, "one\ntwo\n")).toBe("two\n")
  expect(lastOf(NOTHING_FED, "all\n")).toBe("all\n")
  expect(lastOf(told("one\n", "eight\n").feed, "one\n…\neight\nnine\n")).toContain("nine\n")
  expect(lastOf(told("one\ntwo\n").feed, "one\ntwo\n")).toBe("")
  const long = "line\n".repeat(20_000)
  expect(lastOf(told(long).feed, `head\n…\n${long.slice(-5_000)}end\n`)).toBe("end\n")
})
