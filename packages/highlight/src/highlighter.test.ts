import { expect, test } from "bun:test"
import { SAMPLES } from "../test/samples.ts"
import { createHighlighter } from "./highlighter.ts"
import { LANGUAGES } from "./languages.ts"
import type { CodeLine } from "./token.ts"

const highlighter = createHighlighter()

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
  const other = createHighlighter()
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
  const hasty = createHighlighter({ reportsMax: 2 })
  await hasty.prepare("typescript")
  expect(hasty.highlighted("const a = 1\n".repeat(2_000), "ts")).toBeUndefined()
  expect(highlighter.highlighted("(".repeat(5_000), "ts")?.length ?? 1).toBe(1)
})

test("input that is made to be slow is given up soon, and the next code is colored as ever", async () => {
  for (const [language, text] of [
    ["typescript", "a<b<"],
    ["python", "`${"],
    ["rust", '"'],
  ] as const) {
    await highlighter.prepare(language)
    const begun = performance.now()
    highlighter.highlighted(text.repeat(14_000), language)
    const stream = highlighter.stream(language)
    for (let at = 0; at < 300; at += 1) stream?.line(text.repeat(20))
    stream?.close()
    expect(performance.now() - begun).toBeLessThan(10_000)
    expect(highlighter.highlighted(`f(${begun})`, language)?.[0]?.[0]).toEqual({ text: "f", kind: "function" })
  }
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
  const small = createHighlighter({ keptCharsMax: 100 })
  await small.prepare("json")
  const first = small.highlighted('"first"', "json")
  for (let at = 0; at < 50; at += 1) small.highlighted(`[${at}]`, "json")
  expect(small.highlighted('"first"', "json")).toEqual(first ?? [])
  expect(small.highlighted('"first"', "json")).not.toBe(first ?? [])
})

function textOf(lines: readonly CodeLine[]): string {
  return lines.map((line) => line.map(({ text }) => text).join("")).join("\n")
}
