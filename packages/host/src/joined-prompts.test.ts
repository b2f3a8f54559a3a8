import { expect, test } from "bun:test"
import type { PromptsPort } from "@skein/core/ports"
import { joinedPrompts } from "./joined-prompts.ts"

const of = (whose: string, names: readonly string[]): PromptsPort => ({
  list: async () => names.map((name) => ({ name, summary: whose, usage: "", kind: "command", scope: "user" })),
  expand: async (name, args) =>
    names.includes(name) ? { input: [{ type: "text", text: `${whose}: ${args}` }] } : undefined,
})

test("a name that two know is the first one's, and all are listed once, by name", async () => {
  const { list, expand } = joinedPrompts([of("mine", ["b", "a"]), of("theirs", ["c", "a"])])
  const listed = (await list({ cwd: "/w" })).map(({ name, summary }) => `${name} ${summary}`)
  expect(listed).toEqual(["a mine", "b mine", "c theirs"])
  const { signal } = new AbortController()
  expect(await expand("a", "x", { cwd: "/w" }, signal)).toEqual({ input: [{ type: "text", text: "mine: x" }] })
  expect(await expand("c", "x", { cwd: "/w" }, signal)).toEqual({ input: [{ type: "text", text: "theirs: x" }] })
  expect(await expand("d", "x", { cwd: "/w" }, signal)).toBeUndefined()
})
