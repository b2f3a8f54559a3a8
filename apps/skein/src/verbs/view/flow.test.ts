import { expect, test } from "bun:test"
import { type InlineOptions, type InlineSurface, inlineSurface, type Line } from "@skein/term"
import { flowThrough, isClean } from "./flow.ts"

const SIZES = [
  { columns: 60, rows: 30 },
  { columns: 30, rows: 30 },
  { columns: 50, rows: 20 },
  { columns: 20, rows: 4 },
  { columns: 60, rows: 30 },
]

const view = (columns: number): Line[] =>
  ["one", "two, and more of it that is rather wide", "漢字漢字", "four", "five"].map((text) => [
    { text: text.slice(0, columns) },
  ])

const played = (made?: typeof inlineSurface) => flowThrough(SIZES, view, made).map(isClean)

/** A surface with something wrong in it. */
const broken =
  (over: (surface: InlineSurface, options: InlineOptions) => Partial<InlineSurface>) => (options: InlineOptions) => {
    const surface = inlineSurface(options)
    const kept: InlineSurface = {
      metrics: surface.metrics,
      get isAsking() {
        return surface.isAsking
      },
      get answersDue() {
        return surface.answersDue
      },
      finish: (lines) => surface.finish(lines),
      draw: (frame) => surface.draw(frame),
      resize: (size) => surface.resize(size),
      adapt: (ability) => surface.adapt(ability),
      settled: (cursor) => surface.settled(cursor),
      hide: () => surface.hide(),
      expire: () => surface.expire(),
      say: (sequence) => surface.say(sequence),
      close: () => surface.close(),
    }
    return Object.defineProperties(kept, Object.getOwnPropertyDescriptors(over(surface, options)))
  }

test("a view that is resized is whole at every size, and leaves nothing but what cannot be taken back", () => {
  expect(played()).toEqual([true, true, true, true, true])
})

test("a surface that leaves rows of an older frame, loses a finished line or draws for another size is found out", () => {
  const hearsNothing = broken(() => ({ resize: () => undefined }))
  expect(played(hearsNothing)).toContain(false)
  const losesLines = broken((surface) => ({ finish: (lines) => surface.finish(lines.slice(1)) }))
  expect(played(losesLines)).toContain(false)
  const leavesRows = broken((surface, { write }) => ({
    resize: (size) => {
      write("\r\n")
      surface.resize(size)
    },
  }))
  expect(played(leavesRows)).toContain(false)
})
