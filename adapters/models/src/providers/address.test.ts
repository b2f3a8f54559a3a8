import { expect, test } from "bun:test"
import { baseUrlOf, ollamaUrl, wireOf } from "./address.ts"
import type { WireRow } from "./row.ts"
import { ROWS } from "./rows.ts"
import { type OwnRow, rowsWith } from "./user.ts"

function row(id: string): OwnRow {
  const found = ROWS.find((one) => one.id === id)
  if (found === undefined) throw new Error(`no row ${id}`)
  return found
}

test.each([
  ["0.0.0.0:11434", "http://127.0.0.1:11434/v1"],
  ["0.0.0.0", "http://127.0.0.1:11434/v1"],
  [":9000", "http://127.0.0.1:9000/v1"],
  ["gpu-box", "http://gpu-box:11434/v1"],
  ["gpu-box:8080", "http://gpu-box:8080/v1"],
  ["http://gpu-box:8080/", "http://gpu-box:8080/v1"],
  ["https://ollama.example.com", "https://ollama.example.com/v1"],
  ["https://example.com/ollama", "https://example.com/ollama/v1"],
  ["http://gpu-box:11434/v1", "http://gpu-box:11434/v1"],
  ["[::]:11434", "http://[::1]:11434/v1"],
  ["[::1]", "http://[::1]:11434/v1"],
])("OLLAMA_HOST=%s is asked at %s", (host, url) => {
  expect(ollamaUrl(host)).toBe(url)
})

test("the environment moves a base URL, and the user's configuration wins over it", () => {
  const env = { OPENAI_BASE_URL: " http://127.0.0.1:8080/v1/ " }
  const [own] = rowsWith([{ id: "openai", baseUrl: "https://gateway.example/v1" }]).filter(({ id }) => id === "openai")

  expect(baseUrlOf(row("openai"), {})).toBe("https://api.openai.com/v1")
  expect(baseUrlOf(row("openai"), env)).toBe("http://127.0.0.1:8080/v1")
  expect(baseUrlOf(own ?? row("openai"), env)).toBe("https://gateway.example/v1")
  expect(baseUrlOf(row("ollama"), {})).toBe("http://127.0.0.1:11434/v1")
})

test("a base URL that is no address is refused, and its variable named", () => {
  expect(() => baseUrlOf(row("anthropic"), { ANTHROPIC_BASE_URL: "gateway" })).toThrow(
    'ANTHROPIC_BASE_URL is "gateway", which is no http:// or https:// address.',
  )
})

test("openai speaks Responses wherever it points, until it is told to speak Chat", () => {
  const openai = row("openai") as WireRow
  const own = rowsWith([{ id: "openai", wire: "openai-chat" }]).find(({ id }) => id === "openai") as WireRow

  expect(wireOf(openai, { OPENAI_BASE_URL: "http://127.0.0.1:1/v1" })).toBe("openai-responses")
  expect(wireOf(openai, { SKEIN_OPENAI_WIRE: "chat" })).toBe("openai-chat")
  expect(wireOf(own, {})).toBe("openai-chat")
  expect(wireOf(row("groq") as WireRow, { SKEIN_OPENAI_WIRE: "responses" })).toBe("openai-chat")
  expect(() => wireOf(openai, { SKEIN_OPENAI_WIRE: "grpc" })).toThrow(/can be "chat" or "responses"/)
})
