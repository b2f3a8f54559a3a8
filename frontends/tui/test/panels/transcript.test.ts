import { expect, test } from "bun:test"
import { blockSource } from "../../src/panels/viewer/block-source.ts"
import { viewerPanel } from "../../src/panels/viewer/panel.ts"
import type { Block, CallBlock } from "../../src/transcript/block.ts"
import { fitsEverywhere, press, text } from "./sat.ts"

const CALL: CallBlock = {
  ...{ kind: "call", id: "cal_1", callId: "cal_1", isFinal: true, name: "read", title: "src/checkout/debounce.ts" },
  ...{ toolKind: "read", state: "success", durationMs: 12, isUntrusted: false },
  view: { kind: "file", body: "one\ntwo\u001b[2J\nthree", summary: "84 lines" },
}
const BLOCKS: readonly Block[] = [
  { kind: "prompt", id: "1", isFinal: true, text: "make the checkout test deterministic", images: [], isSteer: false },
  { kind: "answer", id: "2", isFinal: true, text: "It sleeps: see https://example.org/clock.", status: "complete" },
  CALL,
  { ...CALL, id: "cal_2", callId: "cal_2", name: "grep", title: '"setTimeout" in src', toolKind: "search" },
]

test("a session's blocks are read, unfolded and copied", () => {
  const panel = viewerPanel(blockSource(BLOCKS))
  expect(text(panel, 80, 10)).toMatchInlineSnapshot(`
    "› make the checkout test deterministic

      It sleeps: see https://example.org/clock.

    ✓ read   src/checkout/debounce.ts                                   84 lines
    ✓ grep   "setTimeout" in src                                        84 lines   ▎



      esc back · / search · e unfold · v select · y copy · o open   4 of 4 · 100 %"
  `)
  const open = press(panel, ["k", "e"], 10)
  expect(text(open.panel, 80, 10)).toMatchInlineSnapshot(`
    "› make the checkout test deterministic

      It sleeps: see https://example.org/clock.

    ✓ read   src/checkout/debounce.ts                                   84 lines   ▎
      ┊ one                                                                        ┊
      ┊ two\\e[2J                                                                   ┊
      ┊ three                                                                      ┊
    ✓ grep   "setTimeout" in src                                        84 lines
      esc back · / search · e unfold · v select · y copy · o open    3 of 4 · 75 %"
  `)
  expect(press(open.panel, ["y", "o"], 10).intents).toEqual([
    { type: "copy", text: "read src/checkout/debounce.ts\none\ntwo\u001b[2J\nthree", what: "the block" },
    { type: "visit", target: "src/checkout/debounce.ts" },
  ])
  expect(press(panel, ["g", "ctrl+down", "j", "j", "o"], 10).intents).toEqual([
    { type: "visit", target: "https://example.org/clock" },
  ])
})

test("a session of ten thousand blocks opens at once", () => {
  const many = Array.from({ length: 2_500 }, (_, at) =>
    BLOCKS.map((block) => ({ ...block, id: `${at}.${block.id}` })),
  ).flat()
  const started = performance.now()
  const panel = viewerPanel(blockSource(many))
  text(panel, 80, 40)
  text(press(panel, ["page-up", "g", "page-down", "G"], 40).panel, 80, 40)
  // Two screens are laid out; a slow machine needs a tenth of this.
  expect(performance.now() - started).toBeLessThan(1_000)
})

test("a session's blocks fit every screen", () => {
  fitsEverywhere(viewerPanel(blockSource(BLOCKS)), ["k", "e", "c", "v"])
})
