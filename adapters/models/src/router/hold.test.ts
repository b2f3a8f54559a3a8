import { expect, test } from "bun:test"
import type { ModelChunk } from "@skein/core/ports"
import { held } from "./hold.ts"

const tools = [{ name: "list", description: "Lists.", inputSchema: { type: "object", properties: {} } }]
const request = { model: "own/plain", system: [], messages: [], tools, cacheKey: "ses_test" }

test("a reply that breaks off in what may be a call keeps what was said of it", async () => {
  async function* broken(): AsyncGenerator<readonly ModelChunk[]> {
    yield [{ type: "text", index: 0, text: "I look.\n<tool_call>{" }]
    throw new Error("cut")
  }
  const seen: ModelChunk[] = []
  const reading = async () => {
    for await (const burst of held(broken(), { request, onFound: () => {} })) seen.push(...burst)
  }
  expect(reading()).rejects.toThrow("cut")
  await reading().catch(() => undefined)
  const text = seen.flatMap((chunk) => (chunk.type === "text" ? [chunk.text] : [])).join("")
  expect(text.endsWith("I look.\n<tool_call>{")).toBe(true)
})
