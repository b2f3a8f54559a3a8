import { expect, test } from "bun:test"
import { shown, withoutSecret } from "./wording.ts"

const said = (text: string, key: string) =>
  shown(text, { provider: { id: "mock", name: "Mock" }, baseUrl: "", key } as Parameters<typeof shown>[1])

test("a key is taken out of what a provider says, whole and in pieces", () => {
  expect(said("Bad key abcdef!", "abcdef")).toBe("Bad key [key]!")
  expect(said("Bad key sk-12345678901…", "sk-12345678901234567890")).toBe("Bad key [key]…")
})

test("a word of a few letters that stands for a key tears no other words", () => {
  expect(said("mock refuses: none of five", "k")).toBe("mock refuses: none of five")
  expect(said("mock refuses: none of five", "none")).toBe("mock refuses: none of five")
  expect(["k", "abcdef"].reduce(withoutSecret, "mock abcdef")).toBe("mock [key]")
})
