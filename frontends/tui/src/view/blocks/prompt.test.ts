import { expect, test } from "bun:test"
import { textOf } from "@skein/term"
import { lookOf } from "../../../test/looks.ts"
import { blockLines } from "./block-lines.ts"

function rows(text: string, isExpanded = false, columns = 80): readonly string[] {
  const block = { kind: "prompt", id: "p1", isFinal: true, text, images: [], isSteer: false } as const
  return blockLines(block, lookOf(columns), { isExpanded, isFocused: false }).map(textOf)
}

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `line ${at + 1}`)

test("a long paste is how it begins, how much it is and how it ends, and all of it when it is unfolded", () => {
  const lines = numbered(5_000)
  expect(rows(lines.join("\n"))).toEqual([
    "› line 1",
    ...lines.slice(1, 12).map((line) => `  ${line}`),
    "  ⋯ 5,000 lines in all · F3 shows all of it",
    ...lines.slice(-4).map((line) => `  ${line}`),
  ])
  expect(rows(lines.join("\n"), true)).toHaveLength(5_000)
})

test("what a person writes themselves is there whole", () => {
  expect(rows(numbered(24).join("\n"))).toHaveLength(24)
  const words = "a sentence of some words that goes on ".repeat(40).trim()
  expect(rows(words).join(" ").replace(/\s+/g, " ")).toBe(`› ${words}`)
})

test("one line without an end is folded by what it holds, on every screen", () => {
  const blob = `begin${"x".repeat(97_990)}ended`
  for (const columns of [20, 40, 80, 200]) {
    const shown = rows(blob, false, columns)
    expect(shown).toHaveLength(17)
    expect(shown[0]).toStartWith("› begin")
    expect(shown[12]).toStartWith("  ⋯ 98 kB in")
    expect(shown[16]).toEndWith("ended")
  }
  expect(rows(`${"x".repeat(4_000)}\n`.repeat(40))[12]).toBe("  ⋯ 40 lines in all · F3 shows all of it")
})
