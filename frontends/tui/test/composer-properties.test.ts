import { expect, test } from "bun:test"
import { type Input, widthOf } from "@skein/term"
import type { PressContext } from "../src/composer/context.ts"
import { snapped } from "../src/composer/graphemes.ts"
import { insertImage } from "../src/composer/paste.ts"
import { press } from "../src/composer/press.ts"
import { type ComposerState, emptyComposer } from "../src/composer/state.ts"
import { composerView } from "../src/composer/view.ts"
import { vimOf } from "../src/composer/vim/state.ts"
import { idle } from "./keys.ts"
import { rowsOf, testLook } from "./look.ts"

const RUNS = process.env.SKEIN_SOAK === "1" ? 4000 : 120
const KEYS = 60
/** Of the hang guard, in milliseconds. */
const LONGEST = RUNS * 100

const TEXTS = [
  ..."abc xyz./@!?\\(\"'",
  "漢",
  "é",
  "e\u0301",
  "\u0301",
  "👩‍👩‍👧",
  "🇩🇪",
  "ש",
  "\u200d",
  "\uf600",
  "one two",
  "a\nb",
]
const VIM = [..."hjklwbeWBE0^$gGfFtT;,%{}dcypPxXr~JoOiIaADCYsSuvV.<>23"]
const CHORDS =
  "left right up down home end ctrl+a ctrl+e ctrl+b ctrl+f ctrl+p ctrl+n alt+b alt+f ctrl+home ctrl+end backspace delete ctrl+d " +
  "ctrl+w alt+d alt+backspace ctrl+k ctrl+u ctrl+y alt+y ctrl+_ alt+_ ctrl+t alt+t alt+u alt+l alt+c shift+left shift+right " +
  "shift+up shift+down shift+home shift+end ctrl+shift+left ctrl+shift+right shift+enter ctrl+j alt+enter tab escape ctrl+c " +
  "ctrl+r alt+p alt+n f1 ctrl+z"

test(
  "no keys bring the caret, the chips or the picture of the composer out of order",
  () => {
    for (let run = 0; run < RUNS; run++) {
      const random = randomFrom(run)
      const columns = 1 + random(30)
      let state = emptyComposer(run % 2 === 0 ? "emacs" : "vim")
      const told: string[] = []
      for (let key = 0; key < KEYS; key++) {
        const input = anyInput(random, vimOf(state)?.mode !== undefined && vimOf(state)?.mode !== "insert")
        told.push(JSON.stringify(input).slice(0, 60))
        state = random(60) === 0 ? insertImage(state, IMAGE) : press(state, input, contextOf(columns)).state
        const problem = problemOf(state, columns)
        if (problem !== undefined) throw new Error(`${problem} in run ${run} after\n${told.join("\n")}`)
      }
    }
  },
  LONGEST,
)

test(
  "undoing everything gives the empty composer, redoing everything what stood there",
  () => {
    for (let run = 0; run < RUNS; run++) {
      const random = randomFrom(run + 1_000_000)
      let state = emptyComposer()
      for (let key = 0; key < KEYS; key++) state = press(state, anyInput(random, false), contextOf(40)).state
      const settled = { ...state, search: undefined, menu: undefined }
      // What was undone before could be redone: that is not part of this.
      const end = press(
        press(settled, key("x"), contextOf(40)).state,
        { kind: "key", chord: "left" },
        contextOf(40),
      ).state
      const start = repeated(end, "ctrl+_")
      expect([run, start.text, start.done]).toEqual([run, "", undefined])
      expect([run, repeated(start, "alt+_").text]).toEqual([run, end.text])
    }
  },
  LONGEST,
)

test("a key in a megabyte costs well under a millisecond", () => {
  const text = `${"some words of a line that is not very long\n".repeat(12_000)}${"wide 漢字 and é ".repeat(40_000)}`
  let state: ComposerState = { ...emptyComposer(), text, caret: text.length }
  const look = testLook(80)
  const times: number[] = []
  for (const chord of "x y backspace left up up alt+b ctrl+a ctrl+e ctrl+w ctrl+y ctrl+_ down right z"
    .split(" ")
    .flatMap((c) => [c, c, c, c])) {
    const input: Input = chord.length === 1 ? key(chord) : { kind: "key", chord }
    const begun = performance.now()
    state = press(state, input, idle).state
    composerView(state, look, { rowsMax: 8 })
    times.push(performance.now() - begun)
  }
  // Ten times what it takes, for machines that do something else too.
  expect(times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)]).toBeLessThan(10)
})

const IMAGE = { mediaType: "image/png", data: "", name: "a\n\u001b漢.png", bytes: 1 }

function problemOf(state: ComposerState, columns: number): string | undefined {
  const { text, caret, anchor, chips } = state
  if (caret < 0 || caret > text.length || snapped(text, caret) !== caret)
    return `the caret is at ${caret} of ${JSON.stringify(text)}`
  if (anchor !== undefined && (anchor < 0 || anchor > text.length || snapped(text, anchor) !== anchor))
    return `the anchor is at ${anchor}`
  for (const [reserved] of text.matchAll(/[\uf600-\uf8fe]/g))
    if (!chips.has(reserved)) return "a chip stands for nothing"
  const rowsMax = 4
  const view = composerView(state, testLook(columns), { rowsMax })
  const rows = rowsOf(view.lines)
  const wide = rows.find((row) => widthOf([{ text: row }]) > columns)
  if (wide !== undefined) return `wider than ${columns}: ${JSON.stringify(wide)} of ${JSON.stringify(text)}`
  if (rows.some((row) => /[\u0000-\u001f\u007f-\u009f]/.test(row))) return "a control character is drawn"
  if (view.lines.length > 2 * rowsMax + 1) return "too many rows"
  const { row, column } = view.caret
  if (row < 0 || row >= view.lines.length || column < 0 || column >= columns)
    return `the caret is drawn at ${row},${column}`
  return undefined
}

function repeated(from: ComposerState, chord: string): ComposerState {
  let state = from
  for (let count = 0; count < 4 * KEYS; count++) state = press(state, { kind: "key", chord }, contextOf(40)).state
  return state
}

function key(text: string): Input {
  return { kind: "key", chord: text, text }
}

function contextOf(columns: number): PressContext {
  return {
    ...idle,
    columns,
    prompts: ["fix it", "漢字 two\nlines", "!ls"],
    files: ["src/a.ts", "b c/", "漢/漢字漢字.ts", "a\nb\u001b\t.ts"],
    commands: [],
  }
}

function anyInput(random: (below: number) => number, isVim: boolean): Input {
  const kind = random(20)
  if (kind === 0) return { kind: "paste", text: "p".repeat(1 + random(3)) + "\n1".repeat(random(6)) }
  const list = isVim && kind < 14 ? VIM : kind < 11 ? TEXTS : CHORDS.split(" ")
  const chosen = list[random(list.length)] ?? "a"
  return list === TEXTS || list === VIM ? key(chosen) : { kind: "key", chord: chosen }
}

/** The same numbers for the same seed. */
function randomFrom(seed: number): (below: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) >>> 0
    return ((state ^ (state >>> 13)) >>> 0) % below
  }
}
