import { expect, test } from "bun:test"
import { LANGUAGES } from "@skein/grammars"
import { SAMPLES } from "../test/samples.ts"
import { createHighlighter } from "./highlighter.ts"
import type { CodeLine } from "./token.ts"

/** Waits as long as it takes: what is told apart is the same on every machine. */
const PATIENT = { waitMaxMs: 60_000, timeMaxMs: 20_000, patienceMs: 60_000 }
const highlighter = createHighlighter(PATIENT)

test("every language is loaded, tells its pieces apart, and loses no character", async () => {
  expect(Object.keys(SAMPLES).toSorted()).toEqual([...LANGUAGES].toSorted())
  for (const [language, { code, told }] of Object.entries(SAMPLES)) {
    expect(await highlighter.prepare(language)).toBe(true)
    const lines = highlighter.highlighted(code, language) ?? []
    expect(textOf(lines)).toBe(code)
    const found = new Set(lines.flat().map(({ kind, text }) => `${kind} ${text}`))
    expect([language, told.filter((each) => !found.has(each))]).toEqual([language, []])
  }
})

test("what is not loaded is plain, wanted once, and colored when it is there", async () => {
  const other = createHighlighter(PATIENT)
  expect(other.highlighted("{}", "json")).toBeUndefined()
  expect(other.highlighted("[]", "json")).toBeUndefined()
  expect(other.wanted()).toEqual(["json"])
  expect(other.wanted()).toEqual([])
  await other.prepare("json")
  expect(other.highlighted("1", "jsonc")).toEqual([[{ text: "1", kind: "number" }]])
})

test("a language that nobody knows is none", async () => {
  expect(await highlighter.prepare("klingon")).toBe(false)
  expect(highlighter.highlighted("x", "klingon")).toBeUndefined()
  expect(highlighter.highlighted("x", "constructor")).toBeUndefined()
})

test("the same code is read once", async () => {
  await highlighter.prepare("json")
  const code = JSON.stringify({ a: 1 })
  expect(highlighter.highlighted(code, "json")).toBe(highlighter.highlighted(code, "json") ?? [])
})

test("code without an end, and code that takes too long, stay plain", async () => {
  await highlighter.prepare("typescript")
  const long = "const a = [1, 2, 3]\n".repeat(10_000)
  expect(highlighter.highlighted(long, "ts")).toBeUndefined()
  const hasty = createHighlighter({ ...PATIENT, reportsMax: 2 })
  await hasty.prepare("typescript")
  expect(hasty.highlighted("const a = 1\n".repeat(2_000), "ts")).toBeUndefined()
  expect(highlighter.highlighted("(".repeat(5_000), "ts")?.length ?? 1).toBe(1)
})

test("input that is made to be slow keeps nobody waiting, and the next code is colored as ever", async () => {
  const { live, arrival } = listening()
  for (const [language, text] of [
    ["typescript", "a<b<"],
    ["python", "`${"],
    ["rust", '"'],
  ] as const) {
    await live.prepare(language)
    const blocked = [msOf(() => live.highlighted(text.repeat(14_000), language))]
    const stream = live.stream(language)
    for (let at = 0; at < 100; at += 1) blocked.push(msOf(() => stream?.line(text.repeat(20))))
    stream?.close()
    // Ten times what is promised.
    expect(Math.max(...blocked)).toBeLessThan(500)
    await arrival(() => live.highlighted("f(1)", language)?.[0]?.[0]?.kind === "function")
  }
}, 60_000)

test("code whose colors come late is plain until then, and whoever draws is told", async () => {
  const { live, arrival } = listening({ waitMaxMs: 0 })
  await live.prepare("json")
  expect(live.highlighted("[1]", "json")).toBeUndefined()
  await arrival(() => live.highlighted("[1]", "json") !== undefined)
  expect(textOf(live.highlighted("[1]", "json") ?? [])).toBe("[1]")
}, 60_000)

test("a reader that does not answer is replaced, what it was about stays plain, and other code gets its colors", async () => {
  const endless = { reportsMax: Number.MAX_SAFE_INTEGER, timeMaxMs: 3_600_000, charsMax: 10_000_000, patienceMs: 1_500 }
  const { live, arrival } = listening({ ...endless, waitMaxMs: 1 })
  await live.prepare("python")
  const slow = "`${".repeat(2_000_000)
  expect(live.highlighted(slow, "python")).toBeUndefined()
  const old = live.stream("python")
  await arrival(() => live.highlighted("f(1)", "python")?.[0]?.[0]?.kind === "function")
  expect(live.highlighted(slow, "python")).toBeUndefined()
  expect(old?.line("f(1)")).toBeUndefined()
}, 60_000)

test("lines that come one by one are colored by what came before them", async () => {
  await highlighter.prepare("typescript")
  const stream = highlighter.stream("ts")
  const lines = ["const a = `one", "two ${three} four", "`", "/* a comment", "goes on */ const b = 1"]
  const colored = lines.map((line) => stream?.line(line))
  stream?.close()
  expect(textOf(colored.map((line) => line ?? []))).toBe(lines.join("\n"))
  expect(colored[1]?.[0]).toEqual({ text: "two ", kind: "string" })
  expect(colored[4]?.[0]).toEqual({ text: "goes on */", kind: "comment" })
  expect(stream?.line("more")).toBeUndefined()
})

test("what is kept of code has a bound", async () => {
  const small = createHighlighter({ ...PATIENT, keptCharsMax: 100 })
  await small.prepare("json")
  const first = small.highlighted('"first"', "json")
  for (let at = 0; at < 50; at += 1) small.highlighted(`[${at}]`, "json")
  expect(small.highlighted('"first"', "json")).toEqual(first ?? [])
  expect(small.highlighted('"first"', "json")).not.toBe(first ?? [])
})

function textOf(lines: readonly CodeLine[]): string {
  return lines.map((line) => line.map(({ text }) => text).join("")).join("\n")
}

/** One that draws anew whenever it is told to, until what is looked for is there. */
function listening(options: Parameters<typeof createHighlighter>[0] = {}) {
  let told = Promise.withResolvers<void>()
  const live = createHighlighter({
    ...options,
    arrived() {
      told.resolve()
      told = Promise.withResolvers()
    },
  })
  const arrival = async (isThere: () => boolean) => {
    for (let next = told.promise; !isThere(); next = told.promise) await next
  }
  return { live, arrival }
}

function msOf(act: () => unknown): number {
  const begunMs = performance.now()
  act()
  return performance.now() - begunMs
}
