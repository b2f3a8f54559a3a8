import { afterAll, expect, test } from "bun:test"
import { mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type SearchAsked, ToolFailure, type WebPort } from "@skein/core/ports"
import { chosenEngines, ENGINES, type Engine, hostsOf } from "../src/search/engines.ts"
import { foundFile } from "../src/search/found.ts"
import { merged } from "../src/search/merge.ts"
import { READERS } from "../src/search/readers.ts"
import { searched } from "../src/search/search.ts"
import { answerOf, caller } from "./ground.ts"

const folder = mkdtempSync(join(tmpdir(), "skein-found-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const page = (name: string) => Bun.file(join(import.meta.dir, "pages", name)).text()
const asked = (more: Partial<SearchAsked> = {}): SearchAsked => ({
  ...{ query: "bun test runner", limit: 10, domains: [], isCachedOnly: false },
  ...more,
})
const PAGES: Readonly<Record<string, string>> = {
  duckduckgo: "duckduckgo.page",
  bing: "bing.page",
  brave: "brave.page",
  mojeek: "mojeek.page",
  wikipedia: "wikipedia.page",
  stackoverflow: "stackoverflow.page",
}
const named = (name: string): Engine => {
  const engine = ENGINES.find((each) => each.name === name)
  if (engine === undefined) throw new Error(`There is no engine ${name}`)
  return engine
}
const titles = async (name: string, reads: Engine["reads"]) =>
  READERS[reads](await page(name)).map(({ title, url, snippet }) => [title, url, snippet])

test("each engine's page is read: what it found, where that really is, and no advertisement", async () => {
  expect(await titles("duckduckgo.page", "duckduckgo")).toEqual([
    [
      "Test runner | Bun Docs",
      "https://bun.sh/docs/test?utm_source=ddg",
      "Bun ships with a fast, built-in test runner.",
    ],
    ["GitHub - oven-sh/bun", "https://github.com/oven-sh/bun", "Incredibly fast JavaScript runtime & toolkit"],
  ])
  expect(await titles("mojeek.page", "mojeek")).toEqual([
    ["Test runner – Bun", "https://www.bun.sh/docs/test/", "Jest-compatible test runner built in."],
    ["Testing with Bun", "https://dev.to/a/bun-tests", "A tour."],
  ])
  expect(await titles("brave.page", "brave")).toEqual([
    ["bun test – Test runner", "https://bun.sh/docs/test", "A fast test runner for TypeScript and JSX."],
    ["How do I run Bun tests?", "https://stackoverflow.com/questions/1/how", "Use bun test."],
  ])
  expect(await titles("bing.page", "feed")).toEqual([
    [
      "GitHub - oven-sh/bun: fast JavaScript runtime",
      "https://github.com/oven-sh/bun#readme",
      "All in one toolkit <test runner> & bundler.",
    ],
    ["Test runner", "http://bun.sh/docs/test", "Run tests."],
  ])
  expect(await titles("wikipedia.page", "wikipedia")).toEqual([
    ["Bun (software)", "https://en.wikipedia.org/wiki/Bun_(software)", 'Bun is a JavaScript runtime "by" Oven'],
    ["C++", "https://en.wikipedia.org/wiki/C%2B%2B", "language"],
  ])
  expect(await titles("stackoverflow.page", "stack_exchange")).toEqual([
    [
      'How do I run "bun test"?',
      "https://stackoverflow.com/questions/1/how",
      "3 answers, one accepted or voted for, score 12. javascript, bun",
    ],
  ])
})

/** Engines that answer with their saved pages, or with what a test says of one. */
function answering(other: Readonly<Record<string, () => Promise<Parameters<typeof answerOf>>>> = {}) {
  const requests: string[] = []
  const request: WebPort["request"] = async ({ url }) => {
    requests.push(url)
    const host = new URL(url).hostname
    const name =
      Object.keys(PAGES).find(
        (each) => host.includes(each) || (each === "stackoverflow" && host.includes("stackexchange")),
      ) ?? ""
    const given = other[name]
    if (given !== undefined) return answerOf(...(await given()))
    return answerOf(await page(PAGES[name] ?? ""))
  }
  return { request, requests }
}

test("one list is made of all, each page once, best where several engines agree", async () => {
  const { results, answered, failed } = await searched(asked(), caller(), { ...answering(), engines: ENGINES })
  expect(results.map(({ url, engines }) => [url, engines.join(" ")])).toEqual([
    ["https://bun.sh/docs/test", "duckduckgo bing brave mojeek"],
    ["https://github.com/oven-sh/bun", "duckduckgo bing"],
    ["https://stackoverflow.com/questions/1/how", "brave stackoverflow"],
    ["https://dev.to/a/bun-tests", "mojeek"],
    ["https://en.wikipedia.org/wiki/Bun_(software)", "wikipedia"],
    ["https://en.wikipedia.org/wiki/C%2B%2B", "wikipedia"],
  ])
  expect([answered.length, failed]).toEqual([6, []])
})

test("an engine that fails is named with its reason, and the others answer", async () => {
  const other = {
    duckduckgo: async () => [await page("duckduckgo-riddle.page"), { status: 202 }] as [string, object],
    bing: async () => ["no", { status: 503, statusText: "Service Unavailable" }] as [string, object],
    wikipedia: async () => ["<html>not JSON</html>"] as [string],
    stackoverflow: async () => [JSON.stringify({ error_message: "too many requests" })] as [string],
    mojeek: async () => {
      throw new ToolFailure("May not reach www.mojeek.com:443: it is not on the list")
    },
  }
  const { failed, answered } = await searched(asked(), caller(), { ...answering(other), engines: ENGINES })
  expect(failed.map(({ engine, reason }) => `${engine}: ${reason}`)).toEqual([
    "duckduckgo: it asks for a proof of being human",
    "bing: it answered 503 Service Unavailable",
    "mojeek: May not reach www.mojeek.com:443: it is not on the list",
    "wikipedia: its answer is no JSON",
    "stackoverflow: too many requests",
  ])
  expect(answered).toEqual(["brave"])
  const none = Object.fromEntries([...Object.keys(PAGES)].map((name) => [name, other.bing]))
  await expect(searched(asked(), caller(), { ...answering(none), engines: ENGINES })).rejects.toThrow(
    "No engine answered. duckduckgo: ",
  )
})

test("domains narrow what is asked and what is given", async () => {
  const given = answering()
  const { results } = await searched(asked({ domains: ["bun.sh"] }), caller(), { ...given, engines: ENGINES })
  expect(results.map(({ url }) => url)).toEqual(["https://bun.sh/docs/test"])
  expect(given.requests.every((url) => decodeURIComponent(url).includes("(site:bun.sh)"))).toBe(true)
  expect(hostsOf(asked({ domains: ["bun.sh"] }), ENGINES).join()).not.toContain("wikipedia")
  expect(hostsOf(asked({ domains: ["stackoverflow.com"] }), ENGINES)).toContain("api.stackexchange.com:443")
})

test("a person chooses who is asked, a server of their own first", () => {
  const hosts = (choice: Parameters<typeof chosenEngines>[0]) => hostsOf(asked(), chosenEngines(choice))
  expect(hosts({ engines: ["mojeek"] })).toEqual(["www.mojeek.com:443"])
  expect(hosts({ searxng: "http://127.0.0.1:8888/" })).toEqual(["127.0.0.1:8888"])
  expect(hosts({ searxng: "http://127.0.0.1:8888", engines: ["brave"] })).toEqual([
    "127.0.0.1:8888",
    "search.brave.com:443",
  ])
  expect(hosts({}).length).toBe(ENGINES.length)
})

test("what was found is found again without asking, for a while, by its owner alone", async () => {
  let now = 1_000
  const found = foundFile(join(folder, "kept"), () => now)
  const options = { ...answering(), engines: [named("mojeek")], found }
  await searched(asked(), caller(), options)
  const cached = asked({ query: " Bun  TEST runner", isCachedOnly: true, limit: 1 })
  expect((await searched(cached, caller(), options)).results.map(({ title }) => title)).toEqual(["Test runner – Bun"])
  expect(options.requests.length).toBe(1)
  expect(statSync(join(folder, "kept")).mode & 0o77).toBe(0)
  await expect(searched(asked({ query: "else", isCachedOnly: true }), caller(), options)).rejects.toThrow(
    "nobody is asked",
  )
  now += 31 * 24 * 3_600_000
  await expect(searched(cached, caller(), options)).rejects.toThrow("no earlier search found this")
})

test("what is no page of the web is never a result", () => {
  const hits = ["javascript:alert(1)", "ftp://a.test/", "nonsense", "https://a.test/"].map((url) => ({
    title: "",
    url,
    snippet: "",
  }))
  const results = merged([{ engine: "e", weight: 1, hits }], 10, [])
  expect(results).toEqual([{ title: "https://a.test/", url: "https://a.test/", snippet: "", engines: ["e"] }])
})
