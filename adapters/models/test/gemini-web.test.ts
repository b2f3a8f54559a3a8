import { expect, test } from "bun:test"
import { SkeinError } from "@skein/protocol"
import { geminiWeb, geminiWebError, geminiWebStream } from "@skein/testkit/providers"
import { webReply } from "../src/gemini-web/reply.ts"
import { models } from "../src/index.ts"
import { fold, realClock, targetOf } from "./asking.ts"

const COOKIE = "__Secure-1PSID=canary-1; __Secure-1PSIDTS=canary-2"
const TEXT = 'Ünï 🧵 "q" and\nmore of it'

async function ask(url: string, cookie = COOKIE) {
  const port = models({ env: { GEMINI_WEB_BASE_URL: url }, key: () => cookie, clock: realClock, fetch })
  const request = {
    ...{ model: "gemini-web", system: ["Be brief."], tools: [], cacheKey: "ses_1" },
    messages: [
      { role: "user", content: [{ type: "text", text: "first" }] },
      { role: "assistant", content: [{ type: "text", text: "second" }] },
      { role: "user", content: [{ type: "text", text: "third" }] },
    ],
  } as const
  return fold((await Array.fromAsync(port.stream(request, new AbortController().signal))).flat())
}

test("the site is asked with the cookies and its page's token, and its text comes as it grows", async () => {
  const site = geminiWeb(COOKIE, () => TEXT)
  const { items, stop } = await ask(site.url).finally(site.stop)

  expect([items.map(({ text }) => text), stop, site.complaints]).toEqual([[TEXT], "end", []])
  expect(site.prompts).toEqual(["Be brief.\n\nPerson:\nfirst\n\nYou:\nsecond\n\nPerson:\nthird\n\nYou:"])
})

test("cookies that are nobody's any more are a refused login, and are shown nowhere", async () => {
  const site = geminiWeb(COOKIE, () => TEXT)
  const error = await ask(site.url, "__Secure-1PSID=old-canary").catch((caught: unknown) => caught)
  site.stop()

  expect(error).toMatchObject({ code: "provider.auth", httpStatus: 401 })
  expect(String(error)).not.toContain("canary")
})

test.each([
  [1037, "provider.quota"],
  [1060, "provider.rate_limited"],
  [1099, "provider.unavailable"],
])("its error %d is %s", (number, code) => {
  expect(outcomeOf(geminiWebError(number))).toBe(code)
})

test("cut at any byte it is whole or stream_cut", () => {
  const bytes = new TextEncoder().encode(geminiWebStream(TEXT))
  const seen = new Set<string>()
  for (let cut = 0; cut < bytes.length; cut++) seen.add(outcomeOf(bytes.subarray(0, cut)))

  expect([...seen]).toEqual(["provider.stream_cut", TEXT])
  for (const size of [1, 2, 7]) expect(outcomeOf(bytes, size)).toBe(TEXT)
})

test("a page in place of an answer is told by its beginning", () => {
  expect(() => outcomeOf("[oops</html>\n")).toThrow("sent a line that is no JSON, starting with: [oops</html>")
})

/** The text, or the code of the refusal; a stream in pieces of `size` bytes. */
function outcomeOf(stream: string | Uint8Array, size = Number.MAX_SAFE_INTEGER): string {
  const bytes = typeof stream === "string" ? new TextEncoder().encode(stream) : stream
  const reply = webReply(targetOf("openai-chat"))
  try {
    const chunks = []
    for (let at = 0; at < bytes.length; at += size) chunks.push(...reply.feed(bytes.subarray(at, at + size)))
    return fold([...chunks, ...reply.end()])
      .items.map(({ text }) => text)
      .join("")
  } catch (error) {
    if (error instanceof SkeinError && error.code !== "provider.protocol") return error.code
    throw error
  }
}
