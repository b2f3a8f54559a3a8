import { expect, test } from "bun:test"
import { type VirtualTerminal, virtualTerminal } from "@skein/testkit/terminal"
import { type Frame, type InlineSurface, inlineSurface, type Line, type Size, wrap } from "../src/index.ts"

const RESIZES = process.env.SKEIN_SOAK === "1" ? 1_000 : 60

/** Text without blanks: where a row breaks, blanks fall away. */
const ink = (text: string) => text.replaceAll(/\s+/g, "")

/** Deterministic, so that a failure can be looked at again. */
function dice(seed: number) {
  let state = seed
  return (sides: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

const WORDS = ["clock", "debounce", "日本語の文章", "👍", "naïve", "─────", "a", "supercalifragilistic", "한국어"]
/** Not in history: xterm.js puts joined characters elsewhere when it reflows them by itself. */
const JOINED = ["👨‍👩‍👧", "🇩🇪", "e\u0301", "❤️"]
const ALL = [...WORDS, ...JOINED]

interface World {
  readonly terminal: VirtualTerminal
  readonly surface: InlineSurface
  readonly finished: string[]
  size: Size
}

function sentence(roll: (sides: number) => number, count: number, words: readonly string[] = WORDS): string {
  return Array.from({ length: 1 + roll(count) }, () => words[roll(words.length)]).join(" ")
}

/** A region like the app's: some open text, a composer with the caret, a status line that fills the width. */
function frameOf(roll: (sides: number) => number, { columns }: Size): Frame {
  const open = Array.from({ length: roll(4) }, () =>
    wrap([{ text: `~ ${sentence(roll, 12, ALL)}` }], columns, { indent: 2 }),
  ).flat()
  const typed = "› ".concat(sentence(roll, 3, ALL))
  const composer: readonly Line[] = wrap([{ text: typed }], columns, { indent: 2 })
  const last = Bun.stringWidth(
    composer
      .at(-1)
      ?.map(({ text }) => text)
      .join("") ?? "",
  )
  const status: Line = [{ text: "~status".padEnd(Math.max(7, columns - 3), "·"), style: { isDim: true } }]
  const lines = [...open, ...composer, status]
  return { lines, caret: { row: lines.length - 2, column: last } }
}

/** The bottom of the screen as a terminal shows it that has nothing else. */
async function fresh(frame: Frame, size: Size): Promise<readonly string[]> {
  const terminal = virtualTerminal(size)
  const surface = inlineSurface({ size, write: (bytes) => void terminal.write(bytes) })
  surface.draw(frame)
  await terminal.settled()
  return terminal.screen()
}

async function checkLive({ terminal, size }: World, frame: Frame, note: string): Promise<void> {
  const expected = await fresh(frame, size)
  const height = Math.min(size.rows, frame.lines.length)
  const caretRow = (frame.caret?.row ?? 0) - Math.max(0, Math.min(frame.lines.length - height, frame.caret?.row ?? 0))
  const top = terminal.cursor.row - caretRow
  expect({ note, rows: terminal.screen().slice(top, top + height) }).toEqual({ note, rows: expected.slice(0, height) })
  expect({
    note,
    below: terminal
      .screen()
      .slice(top + height)
      .join(""),
  }).toEqual({ note, below: "" })
}

function checkFinished({ terminal, finished }: World, note: string): void {
  const all = ink(terminal.text().join(""))
  let from = 0
  for (const text of finished) {
    const at = all.indexOf(ink(text), from)
    if (at < 0) throw new Error(`${note}: lost ${JSON.stringify(text)}`)
    from = at + ink(text).length
    if (all.indexOf(ink(text), from) >= 0) throw new Error(`${note}: twice ${JSON.stringify(text)}`)
  }
}

async function play(seed: number, resizes: number): Promise<void> {
  const roll = dice(seed)
  const size = { columns: 80, rows: 24 }
  const terminal = virtualTerminal({ ...size, scrollback: 100_000 })
  const surface = inlineSurface({ size, write: (bytes) => void terminal.write(bytes) })
  const world: World = { terminal, surface, finished: [], size }
  for (let at = 0; at < resizes; at++) {
    for (let drawn = roll(4); drawn >= 0; drawn--) {
      for (let count = roll(3); count > 0; count--) {
        const text = `<${world.finished.length}> ${sentence(roll, 15)} <end>`
        world.finished.push(text)
        surface.finish([[{ text }]])
      }
      surface.draw(frameOf(roll, world.size))
    }
    await terminal.settled()
    world.size = { columns: roll(8) === 0 ? 20 : 20 + roll(120), rows: roll(8) === 0 ? 1 : 1 + roll(40) }
    await terminal.resize(world.size.columns, world.size.rows)
    surface.resize(world.size)
    const frame = frameOf(roll, world.size)
    surface.draw(frame)
    await terminal.settled()
    const note = `seed ${seed} resize ${at} to ${world.size.columns}x${world.size.rows}`
    await checkLive(world, frame, note)
    checkFinished(world, note)
  }
}

test("through resizes the live region is as drawn anew, and every finished line is there once and in order", async () => {
  for (let seed = 1; seed <= 4; seed++) await play(seed, RESIZES / 4)
}, 120_000)
