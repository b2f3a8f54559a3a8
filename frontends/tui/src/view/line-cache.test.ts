import { expect, test } from "bun:test"
import { lookOf } from "../../test/looks.ts"
import { FIXTURES } from "../fixtures/fixtures.ts"
import type { Block } from "../transcript/block.ts"
import { LineCache } from "./line-cache.ts"
import { themeNamed } from "./themes/themes.ts"

const view = { isExpanded: false, isFocused: false }
const notice = (id: string, text = "x"): Block => ({ kind: "notice", id, isFinal: true, level: "info", text })

test("a block is drawn once, and again when it, the width or the theme is another", () => {
  const cache = new LineCache()
  const block = notice("a")
  const lines = cache.lines(block, lookOf(40), view)
  expect(cache.lines(block, lookOf(40), view)).toBe(lines)
  expect(cache.lines({ ...block }, lookOf(40), view)).not.toBe(lines)
  for (const look of [lookOf(41), lookOf(40, themeNamed("dark", {}))]) {
    const before = cache.lines(block, lookOf(40), view)
    expect(cache.lines(block, look, view)).not.toBe(before)
  }
  const before = cache.lines(block, lookOf(40), view)
  cache.forget()
  expect(cache.lines(block, lookOf(40), view)).not.toBe(before)
})

test("what was not drawn for longest is let go first", () => {
  const cache = new LineCache(2)
  const [a, b, c] = [notice("a"), notice("b"), notice("c")]
  const kept = cache.lines(a, lookOf(40), view)
  cache.lines(b, lookOf(40), view)
  expect(cache.lines(a, lookOf(40), view)).toBe(kept)
  cache.lines(c, lookOf(40), view)
  expect(cache.lines(a, lookOf(40), view)).toBe(kept)
  const again = cache.lines(b, lookOf(40), view)
  cache.lines(c, lookOf(40), view)
  expect(cache.lines(b, lookOf(40), view)).toBe(again)
  expect(cache.lines(a, lookOf(40), view)).not.toBe(kept)
})

test("a call that runs shows the time it is, each time", () => {
  const cache = new LineCache()
  const running = FIXTURES.working?.at(-1) ?? notice("none")
  const at = (now: number) => JSON.stringify(cache.lines(running, { ...lookOf(80), now }, view))
  expect(at(12_000)).not.toBe(at(19_000))
})

test("a screen of two hundred blocks is there within a frame, and a kept one in a fraction of that", () => {
  const blocks = Array.from({ length: 200 }, (_, at) => {
    const all = Object.values(FIXTURES).flat()
    return { ...(all[at % all.length] ?? notice("none")), id: `b${at}` }
  })
  const costs = (cache: () => LineCache) =>
    Array.from({ length: 20 }, () => {
      const each = cache()
      const begun = performance.now()
      for (const block of blocks) each.lines(block, lookOf(80), view)
      return performance.now() - begun
    }).toSorted((one, other) => one - other)
  const cold = costs(() => new LineCache())
  const kept = new LineCache()
  const warm = costs(() => kept)
  // Ten times what it may be, as any machine may be busy.
  expect(cold[10] ?? 0).toBeLessThan(160)
  expect(warm[10] ?? 0).toBeLessThan(160)
  if (process.env.SKEIN_SOAK === "1") console.log(`cold ${cold[18]?.toFixed(1)} ms, kept ${warm[18]?.toFixed(1)} ms`)
})
