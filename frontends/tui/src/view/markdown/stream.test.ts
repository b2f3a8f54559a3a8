import { expect, test } from "bun:test"
import type { Line } from "@skein/term"
import { DOCUMENTS, STRANGE } from "../../../test/documents.ts"
import { lookOf, randomOf, textsOf } from "../../../test/looks.ts"
import { markdownLines } from "./markdown.ts"
import { blocksOf } from "./render.ts"
import { MarkdownStream } from "./stream.ts"
import { parseMarkdown } from "./tree.ts"

const ROUNDS = process.env.SKEIN_SOAK === "1" ? 400 : 6
const HANG_MS = 120_000

test(
  "a document that arrives in pieces is the document, however it was cut",
  () => {
    const random = randomOf(7)
    for (const text of [...DOCUMENTS, ...STRANGE]) {
      const whole = markdownLines(text, lookOf(60))
      expect(streamed(Array.from(text))).toEqual(whole)
      for (let round = 0; round < ROUNDS; round += 1) expect(streamed(cut(text, random))).toEqual(whole)
    }
  },
  HANG_MS,
)

test(
  "documents put together at random arrive as they are",
  () => {
    const random = randomOf(11)
    const lines = [...DOCUMENTS, ...STRANGE].flatMap((text) => text.split("\n"))
    for (let round = 0; round < ROUNDS * 20; round += 1) {
      const text = Array.from({ length: 12 }, () => lines[Math.floor(random() * lines.length)] ?? "").join("\n")
      expect(streamed(cut(text, random))).toEqual(markdownLines(text, lookOf(60)))
    }
  },
  HANG_MS,
)

test("what is finished and what is open are at every moment what has come so far", () => {
  for (const text of DOCUMENTS.filter((each) => !each.includes("```") && !each.includes("~~~"))) {
    const stream = new MarkdownStream({ look: lookOf(60) })
    const finished: Line[] = []
    for (let at = 0; at < text.length; at += 1) {
      finished.push(...stream.push(text.slice(at, at + 1)))
      const come = text.slice(0, at + 1).replace(MARK_ALONE, "")
      expect([...finished, ...stream.tail()]).toEqual(markdownLines(come, lookOf(60)))
    }
  }
})

/** Of the line that goes on. */
const MARK_ALONE = /(?<=^|\n) {0,3}(?:`{1,2}|~{1,2}|#{1,6} ?)$/

test("the beginning of a fence or a heading is not drawn as text before it is one", () => {
  for (const [come, next] of [
    ["``", "`ts\n1"],
    ["~", "~~\n1"],
    ["##", " Two"],
    ["`", "name` is code"],
  ] as const) {
    const stream = new MarkdownStream({ look: lookOf(60) })
    const finished = [...stream.push(`Look:\n\n${come}`)]
    expect(textsOf([...finished, ...stream.tail()])).toEqual(["  Look:"])
    finished.push(...stream.push(next))
    expect([...finished, ...stream.tail()]).toEqual(markdownLines(`Look:\n\n${come}${next}`, lookOf(60)))
  }
})

test("a document cut into blocks is drawn as it is when read at once", () => {
  for (const text of DOCUMENTS) {
    const atOnce = blocksOf(parseMarkdown(text), 56, { look: lookOf(60) })
    expect(textsOf(markdownLines(text, lookOf(60))).map((line) => line.slice(2))).toEqual(textsOf(atOnce))
  }
})

test("a line of code is finished when it ends, and so is an item of a list when the next begins", () => {
  const stream = new MarkdownStream({ look: lookOf(60) })
  expect(textsOf(stream.push("Look:\n```ts\nconst a = 1\nconst b"))).toEqual(["  Look:", "", "  ts", "    const a = 1"])
  expect(textsOf(stream.tail())).toEqual(["    const b"])
  expect(textsOf(stream.push(" = 2\n```\n- one\n- two\n- thr"))).toEqual(["    const b = 2", "", "  • one"])
  expect(textsOf(stream.tail())).toEqual(["  • two", "  • thr"])
})

test("a link is resolved by what was defined before it; what is defined later is told where it is", () => {
  const text = "[a]: http://a.example\n\n[a] and [b]\n\n[b]: http://b.example"
  expect(textsOf(markdownLines(text, lookOf(60)))).toEqual([
    "  [a]: http://a.example",
    "",
    "  a (http://a.example) and [b]",
    "",
    "  [b]: http://b.example",
  ])
})

test("a fence that is being closed is not shown as code", () => {
  const stream = new MarkdownStream({ look: lookOf(60) })
  stream.push("```\ncode\n``")
  expect(textsOf(stream.tail())).toEqual([])
})

test("a line is as much work after ten thousand as after ten", () => {
  const work = (lines: number) => {
    const look = lookOf(60)
    let count = 0
    const theme = new Proxy(look.theme, {
      get(styles, name) {
        count++
        return Reflect.get(styles, name)
      },
    })
    const stream = new MarkdownStream({ look: { ...look, theme } })
    for (let at = 0; at < lines; at += 1) stream.push(`- item **${at}**\n`)
    const before = count
    stream.push("- item **more**\n")
    stream.tail()
    return count - before
  }
  expect(work(10)).toBeGreaterThan(0)
  expect(work(10_000)).toBe(work(10))
})

test("nesting without end is drawn as far as it can be", () => {
  for (const text of [">".repeat(20_000), `${"- ".repeat(5_000)}x`, `${"*".repeat(30_000)}x`, "[".repeat(30_000)]) {
    for (const line of textsOf(markdownLines(text, lookOf(40)))) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(40)
  }
})

function streamed(pieces: readonly string[]): Line[] {
  const stream = new MarkdownStream({ look: lookOf(60) })
  const lines: Line[] = []
  for (const [at, piece] of pieces.entries()) {
    lines.push(...stream.push(piece))
    if (at % 5 === 0) stream.tail()
  }
  return [...lines, ...stream.end()]
}

function cut(text: string, random: () => number): string[] {
  const pieces: string[] = []
  for (let at = 0; at < text.length; ) {
    const length = 1 + Math.floor(random() * 12)
    pieces.push(text.slice(at, at + length))
    at += length
  }
  return pieces
}
