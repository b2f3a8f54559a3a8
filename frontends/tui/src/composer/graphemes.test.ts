import { expect, test } from "bun:test"
import { graphemes, nextBoundary, previousBoundary, snapped } from "./graphemes.ts"

const SAMPLES = [
  "plain text",
  "cafe\u0301 naïve",
  "👩‍👩‍👧 ok 👍🏽",
  "🇩🇪🇫🇷🇯🇵a🇩🇪",
  "漢字かな한국어",
  "שלום عليكم",
  "क्षत्रिय நி",
  "a\u0301\u0302b\u200dc",
  "\u0301start",
  "x\n\u0301y\n\n",
  "©\u200d®️",
  "각까",
]

test("boundaries are those of the Unicode rules, from the left and from the right", () => {
  for (const text of SAMPLES) {
    const expected = [...new Intl.Segmenter("und").segment(text)].map(({ index }) => index)
    expect([...graphemes(text, 0, text.length)].map(({ at }) => at)).toEqual(expected)
    const backwards: number[] = []
    for (let at = previousBoundary(text, text.length); backwards.at(-1) !== 0; at = previousBoundary(text, at)) {
      backwards.push(at)
    }
    expect(backwards.toReversed()).toEqual(expected)
  }
})

test("any place is brought to the next boundary", () => {
  for (const text of SAMPLES) {
    const edges = [...graphemes(text, 0, text.length)].map(({ at }) => at).concat(text.length)
    for (let at = 0; at <= text.length; at++) {
      expect(snapped(text, at)).toBe(edges.find((edge) => edge >= at) ?? text.length)
    }
  }
})

test("a chip is a grapheme of its own, whatever stands beside it", () => {
  const text = "a\uf600\u0301b\u0600\uf601"
  expect([...graphemes(text, 0, text.length)].map((grapheme) => grapheme.text)).toEqual([
    "a",
    "\uf600",
    "\u0301",
    "b",
    "\u0600",
    "\uf601",
  ])
})

test("a step in a megabyte looks only at what is near", () => {
  const text = "é".repeat(500_000) + "👩‍👩‍👧".repeat(60_000)
  const begun = performance.now()
  for (let count = 0; count < 1000; count++) {
    expect(nextBoundary(text, 250_000)).toBe(250_001)
    expect(nextBoundary(text, 500_000)).toBe(500_008)
  }
  expect(performance.now() - begun).toBeLessThan(1000)
})
