import { expect, test } from "bun:test"
import { ROWS } from "../providers/rows.ts"
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
