import { expect, test } from "bun:test"
import { Flow } from "../src/app/flow.ts"
import { Scroller } from "../src/app/full/scroller.ts"
import type { AnswerBlock, PromptBlock, ReasoningBlock } from "../src/transcript/block.ts"
import { Transcript } from "../src/transcript/transcript.ts"
import { blockLines } from "../src/view/blocks/block-lines.ts"
import type { BlockView } from "../src/view/blocks/view.ts"
import { lookOf, randomOf, textsOf } from "./looks.ts"

const VIEW: BlockView = { isExpanded: false, isFocused: false }
const LOOK = lookOf(80)
const PARTS = [
  "# What was done\n\n",
  "The clock is *given*, so ",
  "tests wait for nothing.\n\n",
  "- one\n- two\n",
  "\n",
]
const FENCE = ["```ts\nconst a = 1\n", "const b = 2\n```\n\n", "| a | b |\n|---|---|\n| 1 | 2 |\n\n"]

function textOf(length: number): string {
  const random = randomOf(7)
  const parts = [...PARTS, ...FENCE]
  let text = ""
  while (text.length < length) text += parts[Math.floor(random() * parts.length)] ?? ""
  return text
}

function streaming(text: string): AnswerBlock {
  return { kind: "answer", id: "itm_1", isFinal: false, text, status: "streaming" }
}

test("an answer that streams is drawn in the whole screen as it would be drawn at once", () => {
  const scroller = new Scroller(VIEW)
  const text = textOf(2_000)
  const before: PromptBlock = { kind: "prompt", id: "inp_1", isFinal: true, text: "go on", images: [], isSteer: false }
  for (let length = 1; length < text.length; length += 13) {
    const block = streaming(text.slice(0, length))
    const seen = textsOf(scroller.view([before, block], LOOK, 12))
    const fresh = textsOf(new Scroller(VIEW).view([before, block], LOOK, 12))
    expect(seen).toEqual(fresh)
  }
})

test("an answer that streams behind what is thought is drawn as it would be drawn at once", () => {
  const flow = new Flow(VIEW)
  const text = textOf(1_000)
  for (let length = 1; length < text.length; length += 17) {
    const transcript = new Transcript()
    transcript.add({ kind: "reasoning", id: "itm_0", isFinal: false, text: "Hm." })
    transcript.add(streaming(text.slice(0, length)))
    const fresh = new Flow(VIEW).advance(transcript, LOOK, undefined)
    expect(textsOf(flow.advance(transcript, LOOK, undefined).live)).toEqual(textsOf(fresh.live))
  }
})

// A frame with 100 kB of it: 80 ms for the first, which lays out all as each did before; 0.7 ms for those that follow.
test("a frame of an answer that streams costs what is new of it, however long it is", () => {
  const scroller = new Scroller(VIEW)
  const text = textOf(100_000)
  const first = timed(() => scroller.view([streaming(text)], LOOK, 24))
  let all = 0
  for (let more = 1; more <= 20; more++) {
    all += timed(() => scroller.view([streaming(`${text}${"word ".repeat(more)}`)], LOOK, 24))
  }
  // The first laid out all; twenty like it would take twenty times as long.
  expect(all).toBeLessThan(first * 5)
})

// Of 100 kB on one line: 42 ms to wrap all of it, as each frame did before; 0.5 ms for its end.
test("of what is thought the end is laid out, and it is the end of all there is", () => {
  const words = Array.from({ length: 20_000 }, (_, at) => `word${at}${at % 11 === 0 ? "\n" : " "}`).join("")
  const thought: ReasoningBlock = { kind: "reasoning", id: "itm_0", isFinal: false, text: words }
  const all = textsOf(blockLines(thought, LOOK, { ...VIEW, isExpanded: true }))
  expect(textsOf(blockLines(thought, LOOK, VIEW))).toEqual(all.slice(-6))
  const one = { ...thought, text: words.replaceAll("\n", " ") }
  const rows = textsOf(blockLines(one, LOOK, VIEW))
  expect(rows).toHaveLength(6)
  expect(one.text.trim().endsWith(rows.map((row) => row.trim()).join(" "))).toBe(true)
  const whole = timed(() => blockLines(one, LOOK, { ...VIEW, isExpanded: true }))
  expect(timed(() => blockLines(one, LOOK, VIEW))).toBeLessThan(whole)
})

function timed(act: () => unknown): number {
  const from = performance.now()
  act()
  return performance.now() - from
}
