import { expect, test } from "bun:test"
import type { ModelInfo } from "@skein/protocol"
import { typed } from "./commanded.ts"

const INFO: ModelInfo = {
  ...{ provider: "test", id: "one", reasoning: true, images: false, tools: true, isReady: true },
  search: { isCacheable: true, isBoundable: true },
}
const WORLD = { "models.list": [INFO], "cache.forecast": { tokens: 12_000, microUsd: 36_000 } }

for (const line of ["model test/two", "effort high", "effort default", "web-search live"]) {
  test(`/${line} says what it makes the provider read anew`, async () => {
    expect(await typed(line, WORLD)).toMatchObject({
      done: expect.stringMatching(/\. This breaks the cache: 12,000 tokens are read anew, about \$0\.0360\.$/),
    })
  })
}

test("a search that is set as it is, or that the model has not, breaks nothing", async () => {
  expect(await typed("web-search disabled", WORLD)).toMatchObject({ done: "The web search is disabled." })
  const { search: _, ...blind } = INFO
  expect(await typed("web-search live", { ...WORLD, "models.list": [blind] })).not.toMatchObject({
    done: expect.stringContaining("cache"),
  })
})
