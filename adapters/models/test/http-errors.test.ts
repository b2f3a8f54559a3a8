import { expect, test } from "bun:test"
import { httpError } from "../src/wire/http-errors.ts"
import { targetOf } from "./asking.ts"

const NOW = Date.parse("2026-11-20T10:00:00Z")
const target = targetOf("openai-chat")

function errorOf(status: number, body: unknown, headers: Record<string, string> = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body)
  return httpError({ status, headers: new Headers(headers), body: text, now: NOW }, target)
}

const openai = (message: string, code: string | null = null, type = "invalid_request_error") => ({
  error: { message, type, code },
})
const anthropic = (message: string, type: string) => ({ type: "error", error: { type, message } })
const google = (code: number, status: string, message: string, details: readonly unknown[] = []) => ({
  error: { code, status, message, details },
})

test.each<readonly [number, unknown, string]>([
  [401, openai("Incorrect API key provided", "invalid_api_key"), "provider.auth"],
  [403, anthropic("Forbidden", "permission_error"), "provider.auth"],
  [400, google(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."), "provider.auth"],
  [
    400,
    anthropic(
      "This credential is only authorized for use with Claude Code and cannot be used for other API requests.",
      "invalid_request_error",
    ),
    "provider.blocked",
  ],
  [402, openai("Insufficient credits"), "provider.quota"],
  [400, anthropic("Your credit balance is too low to access the API.", "invalid_request_error"), "provider.quota"],
  [429, openai("You exceeded your current quota, please check your plan.", "insufficient_quota"), "provider.quota"],
  [429, { error: { type: "FreeUsageLimitError", message: "Free usage limit reached" } }, "provider.quota"],
  [429, { error: { message: "Monthly usage limit reached" } }, "provider.quota"],
  [429, { error: { message: "Key is out of budget" } }, "provider.quota"],
  [429, openai("Rate limit reached for gpt", "rate_limit_exceeded"), "provider.rate_limited"],
  [429, "", "provider.rate_limited"],
  [
    429,
    google(429, "RESOURCE_EXHAUSTED", "Quota exceeded for metric requests per minute", [{ retryDelay: "34.5s" }]),
    "provider.rate_limited",
  ],
  [
    429,
    google(429, "RESOURCE_EXHAUSTED", "Quota exceeded for GenerateRequestsPerDay", [{ retryDelay: "34s" }]),
    "provider.quota",
  ],
  [529, anthropic("Overloaded", "overloaded_error"), "provider.overloaded"],
  [503, google(503, "UNAVAILABLE", "The model is overloaded."), "provider.overloaded"],
  [500, anthropic("Internal server error", "api_error"), "provider.unavailable"],
  [
    502,
    "<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>",
    "provider.unavailable",
  ],
  [408, "", "provider.unavailable"],
  [413, anthropic("Request exceeds the maximum size", "request_too_large"), "provider.context_exceeded"],
  [404, openai("The model `x` does not exist", "model_not_found"), "model.unknown"],
  [404, openai("Not Found", "not_found"), "provider.invalid_request"],
  [400, openai("Unknown parameter: 'x'"), "provider.invalid_request"],
  [422, { detail: "Extra inputs are not permitted" }, "provider.invalid_request"],
  [400, openai("The response was filtered", "content_filter"), "provider.refused"],
  [
    403,
    { error: { code: 403, message: "openai/gpt-5 requires moderation. Your input was flagged" } },
    "provider.refused",
  ],
  [403, { error: { code: 403, message: "Key limit exceeded (total limit)." } }, "provider.quota"],
  [
    429,
    openai(
      "Request too large for gpt-5 in organization org-x on tokens per min (TPM): Limit 30000, Requested 41000.",
      "rate_limit_exceeded",
      "tokens",
    ),
    "provider.context_exceeded",
  ],
  [407, "", "provider.invalid_request"],
])("HTTP %i %o is %s", (status, body, code) => {
  const error = errorOf(status, body)

  expect(error).toMatchObject({ code, httpStatus: status })
  expect(error.message).toContain("Example (api.example.test)")
})

test.each([
  "prompt is too long: 208310 tokens > 200000 maximum",
  "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000",
  "This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens.",
  "Your input exceeds the context window of this model. Please adjust your input and try again.",
  "The input token count (1196265) exceeds the maximum number of tokens allowed (1048575).",
  "This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
  "Please reduce the length of the messages or completion.",
  "the request exceeds the available context size. try increasing the context size or enable context shift",
  "The number of tokens to keep from the initial prompt is greater than the context length.",
  "Invalid request: Your request exceeded model token limit: 131072",
  "invalid params, context window exceeds limit",
  "Input is too long for requested model.",
  "Prompt contains 40000 tokens, too large for model with 32768 maximum context length",
  "prompt too long; exceeded max context length by 12 tokens",
  "Prompt exceeds max length",
  "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 129024]",
  "`inputs` tokens + `max_new_tokens` must be <= 8193. Given: 9000 `inputs` tokens",
])("too long a conversation is told apart: %s", (message) => {
  expect(errorOf(400, openai(message)).code).toBe("provider.context_exceeded")
})

test("a wait is read from milliseconds first, then seconds, then a date, then the words", () => {
  const wait = (headers: Record<string, string>, message = "slow") =>
    errorOf(429, openai(message), headers).retryAfterMs

  expect(wait({ "retry-after-ms": "1500", "retry-after": "9" })).toBe(1500)
  expect(wait({ "retry-after": "2.5" })).toBe(2500)
  expect(wait({ "retry-after": "Fri, 20 Nov 2026 10:00:07 GMT" })).toBe(7000)
  expect(wait({ "retry-after": "Fri, 20 Nov 2026 09:00:00 GMT" })).toBe(0)
  expect(wait({ "retry-after": "soon" })).toBeUndefined()
  expect(wait({}, "Please try again in 20ms.")).toBe(20)
  expect(wait({}, "Please try again in 6m0s.")).toBe(360_000)
  expect(wait({}, "Please retry in 34.5s.")).toBe(34_500)
  expect(wait({ "retry-after": "1" }, "Please try again in 20s.")).toBe(1000)
})

test("a message shows one bounded line: no markup, no control characters, never the key", () => {
  const page = errorOf(502, `<html><style>body{}</style><body>Bad\u001b[31m\ngateway ${"x".repeat(2000)}</body></html>`)
  const echo = errorOf(401, openai("Incorrect API key provided: sk-secret-0123456789."))

  expect(page.message).toContain("Bad [31m gateway xx")
  expect(page.message).not.toMatch(/[\p{Cc}<>]|body\{\}/u)
  expect(page.message.length).toBeLessThan(800)
  expect(echo.message).toBe(
    "Example (api.example.test) did not accept the key (HTTP 401: Incorrect API key provided: [key].). Check EXAMPLE_KEY.",
  )
})

test("a key that is echoed without its end is not shown as far as it goes, and what only begins like it is", () => {
  const echo = errorOf(401, openai("Incorrect API key provided: sk-secret-01234…89, not sk-secret-x."))

  expect(echo.message).toContain("provided: [key]…89, not sk-secret-x.")
})

test("an account that gets no summaries of reasoning is told the setting", () => {
  const said = "Your organization must be verified to generate reasoning summaries."

  expect(errorOf(400, openai(said, "unsupported_value")).message).toEndWith(
    "Set providers.example.reasoning_summary = false.",
  )
})

test("success that is no stream is one clear error", () => {
  const html = errorOf(200, "<html><title>Sign in</title><body>Please log in</body></html>", {
    "content-type": "text/html",
  })
  const json = errorOf(200, { choices: [] }, { "content-type": "application/json" })
  const redirect = errorOf(302, "", { location: "https://login.test/?next=x" })

  expect(html).toMatchObject({
    code: "provider.protocol",
    message: expect.stringContaining("text/html, starting with: Sign in Please log in"),
  })
  expect(json.code).toBe("provider.protocol")
  expect(redirect).toMatchObject({
    code: "provider.protocol",
    message: expect.stringContaining("a redirect to https://login.test/"),
  })
  expect(errorOf(200, openai("Rate limit reached", "rate_limit_exceeded")).code).toBe("provider.rate_limited")
})
