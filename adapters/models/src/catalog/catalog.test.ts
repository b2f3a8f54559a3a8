import { expect, test } from "bun:test"
import { COMPATIBLE } from "../providers/dialects.ts"
import type { Row } from "../providers/row.ts"
import { ROWS } from "../providers/rows.ts"
import { cacheFactsOf } from "./cache-plans.ts"
import { catalog, entryOf, infoOf } from "./catalog.ts"

test("the catalogue has a day, only known providers, and numbers that can be true", () => {
  const { date, models } = catalog()
  const entries = Object.entries(models).flatMap(([provider, own]) =>
    Object.entries(own).map(([id, entry]) => ({ ...entry, name: `${provider}/${id}` })),
  )
  const wrong = entries.filter(({ contextTokens = 1e6, outputTokensMax = 0, price }) => {
    const isSmallerOutput = outputTokensMax <= contextTokens
    const isCheaperRead = price?.cacheRead === undefined || price.cacheRead < price.input
    return (
      contextTokens < 8000 || !isSmallerOutput || !isCheaperRead || (price !== undefined && price.output < price.input)
    )
  })

  expect(date).toMatch(/^20\d\d-\d\d-\d\d$/)
  expect(Object.keys(models).filter((id) => !ROWS.some((row) => row.id === id))).toEqual([])
  expect(wrong).toEqual([])
})

test("a dated id is found under its undated name", () => {
  expect(entryOf("anthropic", "claude-haiku-4-5-20251001")?.contextTokens).toBe(200_000)
  expect(entryOf("openai", "gpt-4o-2024-08-06")?.outputTokensMax).toBe(16_384)
})

test("an unknown model has no context window rather than a guessed one", () => {
  const info = infoOf("openai", "gpt-of-next-year", entryOf("openai", "gpt-of-next-year"), undefined, true)

  expect([info.contextTokens, info.outputTokensMax, info.price]).toEqual([undefined, undefined, undefined])
  expect([info.images, info.tools, info.reasoning, info.isReady]).toEqual([false, true, false, true])
})

test("one override changes every number that is read of a model", () => {
  const entry = entryOf("anthropic", "claude-opus-5")
  const info = infoOf(
    "anthropic",
    "claude-opus-5",
    entry,
    { contextTokens: 64_000, price: { input: 1, output: 2 }, images: false },
    true,
  )

  expect(info).toMatchObject({
    contextTokens: 64_000,
    outputTokensMax: 128_000,
    price: { input: 1, output: 2 },
    images: false,
  })
  expect(info.price?.cacheRead).toBeUndefined()
})

test("the price of a model is that of the day, and all of them can be seen", () => {
  const prices = [
    { input: 5, output: 25 },
    { since: "2027-01-01", input: 4, output: 20 },
  ]
  const entry = { name: "m", images: false, reasoning: false, prices }
  const on = (today: string) => infoOf("p", "m", entry, undefined, true, { today })

  expect(on("2026-12-31")).toMatchObject({ price: { input: 5 }, prices })
  expect(on("2027-01-01").price).toEqual({ input: 4, output: 20 })
})

test("a price of the person's own holds on every day, in every band", () => {
  const price = { input: 1, output: 2 }
  const prices = [{ since: "2026-01-01", input: 5, output: 25, bands: [{ aboveTokens: 9, input: 10, output: 50 }] }]
  const entry = { name: "m", images: false, reasoning: false, prices }
  const info = infoOf("p", "m", entry, { price }, true, { today: "2026-11-21" })

  expect([info.price, info.prices]).toEqual([price, undefined])
})

test("how requests are kept is known by provider, wire and model, and of a stranger's server it is not", () => {
  const facts = (id: string, model: string) => {
    const row = ROWS.find((known) => known.id === id)
    return row && cacheFactsOf(row, model)
  }
  const own = { ...COMPATIBLE_ROW, id: "mine" }

  expect(facts("anthropic", "claude-sonnet-5-5")).toEqual({
    ...{ kind: "marks", ttlMs: 300_000, tokensMin: 1_024, isPerEffort: true },
  })
  expect(facts("openai", "gpt-5.4")).toMatchObject({ kind: "key" })
  expect(facts("deepseek", "deepseek-flash")).toEqual({ kind: "prefix", tokensMin: 64 })
  expect(facts("bedrock", "us.anthropic.claude-opus-5-5")).toMatchObject({ kind: "marks" })
  expect(facts("bedrock", "meta.llama4")).toEqual({ kind: "none" })
  expect([facts("ollama", "qwen3"), cacheFactsOf(own, "m")]).toEqual([undefined, undefined])
  expect(
    infoOf("anthropic", "x", entryOf("anthropic", "claude-haiku-4-5"), undefined, true, { cache: { kind: "marks" } })
      .cache,
  ).toEqual({ kind: "marks", tokensMin: 4_096 })
})

const COMPATIBLE_ROW: Row = {
  ...{ id: "x", name: "x", wire: "openai-chat", baseUrl: "http://localhost", keyEnv: [], baseUrlEnv: [] },
  dialect: COMPATIBLE,
}

test("parsing the whole catalogue is a matter of microseconds", async () => {
  const text = await Bun.file(new URL("models.json", import.meta.url)).text()
  const times = Array.from({ length: 20 }, () => {
    const startedAt = performance.now()
    JSON.parse(text)
    return performance.now() - startedAt
  })

  // Aimed at 0.5 ms; the guard is ten times that.
  expect(Math.min(...times)).toBeLessThan(5)
})
