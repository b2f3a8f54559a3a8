import { afterEach, expect, test } from "bun:test"
import type { NestedResult } from "@skein/core/ports"
import { type ToolSession, textOf, toolSession } from "./session.ts"

let session: ToolSession | undefined
afterEach(() => session?.close())

/** A batch of calls, each answered as a test says. */
async function batched(calls: readonly unknown[], answer: (name: string) => NestedResult) {
  session = toolSession({}, { call: async (name) => answer(name) })
  return session.call("batch", { calls })
}

const said = (text: string, outcome: NestedResult["outcome"] = "success"): NestedResult => ({
  outcome,
  forModel: [{ type: "text", text }],
})

test("results come in the order of the calls, each with how it ended", async () => {
  const result = await batched(
    [
      { tool: "read", input: { path: "a" } },
      { tool: "grep", input: { pattern: "x" } },
    ],
    (name) => (name === "read" ? said("one") : said("no such thing", "error")),
  )
  expect(result.forModel).toEqual([
    { type: "text", text: "1. read (success):\none" },
    { type: "text", text: "2. grep (error):\nno such thing" },
  ])
  expect(result.forHuman).toEqual({ kind: "text", body: "1. read: success\n2. grep: error", summary: "1 of 2 failed" })
  expect(result.isError).toBeUndefined()
})

test("a result that is long leaves the others their share", async () => {
  const calls = Array.from({ length: 10 }, () => ({ tool: "read", input: {} }))
  const result = await batched(calls, () => said("x".repeat(64_000)))
  expect(result.forModel.length).toBe(10)
  expect(textOf(result).length).toBeLessThan(62_000)
})

test("where every call failed, so did the batch", async () => {
  expect((await batched([{ tool: "read" }], () => said("no", "cancelled"))).isError).toBe(true)
})

test("more than ten calls, or none, are refused, and so is a batch within a batch", async () => {
  const many = Array.from({ length: 11 }, () => ({ tool: "read", input: {} }))
  await expect(batched(many, () => said(""))).rejects.toThrow("calls")
  await expect(batched([], () => said(""))).rejects.toThrow("calls")
  const { say, close } = toolSession()
  expect(await say("batch", { calls: [{ tool: "read", input: {} }] })).toContain("A batch makes no batch")
  close()
})
