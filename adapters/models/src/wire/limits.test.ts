import { expect, test } from "bun:test"
import { targetOf } from "../../test/asking.ts"
import { waitIn, waitInBody } from "./limits.ts"
import { refused } from "./refusals.ts"

const NOW = Date.UTC(2026, 10, 21)
const HOUR_MS = 3_600_000
const inAnHour = new Date(NOW + HOUR_MS)

test.each([
  ["milliseconds come first", { "retry-after-ms": "1500", "retry-after": "9" }, 1_500],
  ["seconds", { "retry-after": "7980" }, 7_980_000],
  ["a date", { "retry-after": inAnHour.toUTCString() }, HOUR_MS],
  [
    "Anthropic's limit of requests",
    { "anthropic-ratelimit-requests-remaining": "0", "anthropic-ratelimit-requests-reset": inAnHour.toISOString() },
    HOUR_MS,
  ],
  [
    "Anthropic's limit of a plan",
    { "anthropic-ratelimit-unified-status": "rejected", "anthropic-ratelimit-unified-reset": `${+inAnHour / 1_000}` },
    HOUR_MS,
  ],
  ["OpenAI's limit of tokens", { "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "6m0.5s" }, 360_500],
  ["OpenRouter's, in milliseconds", { "x-ratelimit-remaining": "0", "x-ratelimit-reset": `${+inAnHour}` }, HOUR_MS],
  [
    "a limit that is not reached",
    { "x-ratelimit-remaining-tokens": "12", "x-ratelimit-reset-tokens": "6m0s" },
    undefined,
  ],
  [
    "the longest of those that are",
    {
      ...{ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "250ms" },
      ...{ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "2s" },
    },
    2_000,
  ],
  ["what is over is over", { "retry-after": new Date(NOW - HOUR_MS).toUTCString() }, 0],
  [
    "nonsense is nothing",
    { "retry-after": "soon", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "later" },
    undefined,
  ],
] as const)("how long a limit lasts is read from headers: %s", (_, headers, ms) => {
  expect(waitIn(new Headers(headers), NOW)).toBe(ms)
})

test("and from the body of a used-up plan", () => {
  expect(waitInBody({ type: "usage_limit_reached", resets_in_seconds: 7_980 }, NOW)).toBe(7_980_000)
  expect(waitInBody({ type: "usage_limit_reached", resets_at: +inAnHour / 1_000 }, NOW)).toBe(HOUR_MS)
  expect(waitInBody({ message: "Slow down" }, NOW)).toBeUndefined()
})

test("a wait that is no number is none", () => {
  const reset = { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1.2.3s" }
  const retryAfterMs = waitIn(new Headers(reset), NOW)
  const error = refused({ httpStatus: 429, kind: "", message: "slow", retryAfterMs }, targetOf("openai-chat"))
  expect(error.retryAfterMs).toBeUndefined()
})
