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

/** Where rows are cut the terminal keeps only their beginnings, so only those can be looked for. */
function checkFinished({ terminal, finished }: World, note: string, isCut: boolean): void {
  const all = ink(terminal.text().join(""))
  let from = 0
  for (const whole of finished) {
    const text = isCut ? whole.slice(0, whole.indexOf(">") + 1) : whole
    const at = all.indexOf(ink(text), from)
    if (at < 0) throw new Error(`${note}: lost ${JSON.stringify(text)}`)
    from = at + ink(text).length
    if (all.indexOf(ink(text), from) >= 0) throw new Error(`${note}: twice ${JSON.stringify(text)}`)
  }
}

interface Play {
  readonly resizes: number
  readonly reflow?: "all-but-cursor" | "none"
  readonly asksCursor?: boolean
  readonly isFinishing?: boolean
}

async function play(
  seed: number,
  { resizes, reflow = "all-but-cursor", asksCursor = false, isFinishing = true }: Play,
) {
  const roll = dice(seed)
  const world = worldOf(reflow, asksCursor)
  for (let at = 0; at < resizes; at++) {
    for (let drawn = roll(4); drawn >= 0; drawn--) {
      for (let count = isFinishing ? roll(3) : 0; count > 0; count--) finish(world, `${sentence(roll, 15)} <end>`)
      world.surface.draw(frameOf(roll, world.size))
    }
    await world.terminal.settled()
    world.size = { columns: roll(8) === 0 ? 20 : 20 + roll(120), rows: roll(8) === 0 ? 1 : 1 + roll(40) }
    await world.terminal.resize(world.size.columns, world.size.rows)
    world.surface.resize(world.size)
    const frame = frameOf(roll, world.size)
    world.surface.draw(frame)
    await painted(world.terminal)
    const note = `seed ${seed} resize ${at} to ${world.size.columns}x${world.size.rows}`
    await checkLive(world, frame, note)
    if (at % 20 === 19 || at === resizes - 1) checkFinished(world, note, reflow === "none")
    if (!isFinishing && asksCursor) checkNoStray(world, frame, note)
  }
}

function worldOf(reflow: "all-but-cursor" | "none", asksCursor: boolean): World {
  const size = { columns: 80, rows: 24 }
  const onReply = (bytes: string) => {
    const [, row, column] = /\[(\d+);(\d+)R/.exec(bytes) ?? []
    if (row !== undefined) surface.settled({ row: Number(row) - 1, column: Number(column) - 1 })
  }
  const terminal = virtualTerminal({ ...size, scrollback: 100_000, reflow, onReply })
  const surface = inlineSurface({ size, reflow, asksCursor, write: (bytes) => void terminal.write(bytes) })
  return { terminal, surface, finished: [], size }
}

function finish({ finished, surface }: World, text: string): void {
  finished.push(`<${finished.length}> ${text}`)
  surface.finish([[{ text: finished.at(-1) ?? "" }]])
}

/** An answer may make the surface write again. */
async function painted(terminal: VirtualTerminal): Promise<void> {
  for (let written = -1; written !== terminal.writes.length; ) {
    written = terminal.writes.length
    await terminal.settled()
  }
}

/** Above the live region there is nothing of it. */
function checkNoStray({ terminal }: World, frame: Frame, note: string): void {
  const top = Math.max(0, terminal.cursor.row - (frame.caret?.row ?? 0))
  const above = terminal.screen().slice(0, top)
  expect({ note, above: above.filter((row) => row.includes("~") || row.includes("›")) }).toEqual({ note, above: [] })
}

test("through resizes the live region is as drawn anew, and every finished line is there once and in order", async () => {
  for (let seed = 1; seed <= 4; seed++) await play(seed, { resizes: RESIZES / 4 })
}, 120_000)

test("so it is where the terminal is asked for its cursor", async () => {
  for (let seed = 5; seed <= 6; seed++) await play(seed, { resizes: RESIZES / 4, asksCursor: true })
}, 120_000)

test("a terminal that is asked shows nothing of an earlier frame, also where rows come back from the scrollback", async () => {
  for (let seed = 7; seed <= 10; seed++) {
    await play(seed, { resizes: RESIZES / 4, asksCursor: true, isFinishing: false })
  }
}, 120_000)

test("so it is where rows are cut and not wrapped again", async () => {
  for (let seed = 11; seed <= 12; seed++) await play(seed, { resizes: RESIZES / 4, reflow: "none" })
}, 120_000)
