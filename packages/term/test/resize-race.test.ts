import { expect, test } from "bun:test"
import { type VirtualTerminal, virtualTerminal } from "@skein/testkit/terminal"
import { type InlineSurface, inlineSurface, type Line, type Size, wrap } from "../src/index.ts"

const IS_SOAK = process.env.SKEIN_SOAK === "1"
const RESIZES = IS_SOAK ? 1_000 : 80
/** In a channel that is much slower than any: xterm.js may have had sizes that nobody heard of, and nothing tells where its rows are. */
const DAMAGE_MAX = IS_SOAK ? 10 : 0

/** Between a program and its terminal everything takes its time: frames, answers, and the word of a new size. */
interface Channel {
  readonly terminal: VirtualTerminal
  readonly surface: InlineSurface
  readonly toTerminal: string[]
  readonly toProgram: string[]
  /** What the program heard last. */
  size: Size
  /** What the system knows. */
  now: Size
  readonly finished: string[]
  tail: string
}

/** Deterministic, so that a failure can be looked at again. */
function dice(seed: number) {
  let state = seed
  return (sides: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}
type Roll = ReturnType<typeof dice>

const WORDS = ["clock", "debounce", "日本語の文章", "naïve", "a", "supercalifragilistic", "한국어"]

function channel(size: Size): Channel {
  const toTerminal: string[] = []
  const toProgram: string[] = []
  const onReply = (bytes: string) => void toProgram.push(bytes)
  const terminal = virtualTerminal({ ...size, scrollback: 100_000, onReply })
  const write = (bytes: string) => void toTerminal.push(bytes)
  const surface = inlineSurface({ size, asksCursor: true, isUnderWay: () => toTerminal.length > 0, write })
  return { terminal, surface, toTerminal, toProgram, size, now: size, finished: [], tail: "" }
}

/** As the app does it: what is finished was live before, and below it one types. */
function step(world: Channel, roll: Roll): void {
  const { surface, size } = world
  for (let count = roll(4); count > 0; count--) {
    const text = `${world.tail || `<${world.finished.length}>`} ${words(roll, 8)} <end>`
    world.finished.push(text)
    world.tail = ""
    surface.finish([[{ text }]])
  }
  world.tail = world.tail || (roll(2) === 0 ? `<${world.finished.length}> ${WORDS[roll(WORDS.length)]}` : "")
  const open = world.tail === "" ? [] : wrap([{ text: world.tail }], size.columns)
  const rule: Line = [{ text: "─".repeat(size.columns) }]
  const lines = [...open, [], rule, [{ text: "› typed" }], rule, [{ text: "~status".padEnd(size.columns - 3, "·") }]]
  surface.draw({ lines, caret: { row: lines.length - 3, column: 7 } })
}

function words(roll: Roll, count: number): string {
  return Array.from({ length: 1 + roll(count) }, () => WORDS[roll(WORDS.length)]).join(" ")
}

/** The system's word of the size is looked at before each frame. */
function hear(world: Channel): void {
  if (world.size === world.now) return
  world.size = world.now
  world.surface.resize(world.size)
}

async function arrive(world: Channel): Promise<void> {
  const bytes = world.toTerminal.shift()
  if (bytes === undefined) return
  await world.terminal.write(bytes)
}

function answer(world: Channel): void {
  for (const [, row, column] of (world.toProgram.shift() ?? "").matchAll(/\[(\d+);(\d+)R/g)) {
    world.surface.settled({ row: Number(row) - 1, column: Number(column) - 1 })
  }
}

async function quiet(world: Channel, roll: Roll): Promise<void> {
  hear(world)
  step(world, roll)
  while (world.toTerminal.length > 0 || world.toProgram.length > 0) {
    await arrive(world)
    answer(world)
    if (world.toTerminal.length === 0 && world.toProgram.length === 0) step(world, () => 0)
  }
}

interface Play {
  readonly sizeOf: (roll: Roll) => Size
  /** The terminal has read all, and its answer comes too late to be waited for. */
  readonly isSlow?: boolean
  /** Frames between one resize and the next that all arrive as they were meant. */
  readonly calm?: number
  readonly resizes?: number
}

async function play(seed: number, resizes: number, { sizeOf, isSlow = false, calm = 0 }: Play): Promise<Channel> {
  const roll = dice(seed)
  const world = channel({ columns: 80, rows: 24 })
  await quiet(world, roll)
  for (let at = 0; at < resizes; at++) {
    for (let events = 2 + roll(14); events > 0; events--) {
      const kind = roll(8)
      if (kind < 2) {
        if (kind === 0) hear(world)
        step(world, roll)
      } else if (kind < 5) await arrive(world)
      else if (kind < 7) answer(world)
      else if (isSlow && world.toTerminal.length === 0) world.surface.settled()
    }
    world.now = sizeOf(roll)
    await world.terminal.resize(world.now.columns, world.now.rows)
    if (roll(10) === 0 || calm > 0) await quiet(world, roll)
    for (let frames = 0; frames < calm; frames++) await quiet(world, roll)
  }
  await quiet(world, roll)
  world.now = { columns: 80, rows: 24 }
  await world.terminal.resize(80, 24)
  await quiet(world, roll)
  return world
}

/** Rows of the live region that were left behind are none: they are not whole. */
interface Damage {
  readonly lost: readonly string[]
  readonly twice: readonly string[]
  readonly isInOrder: boolean
}

const ink = (text: string) => text.replaceAll(/\s+/g, "")

function damageOf({ terminal, finished }: Channel): Damage {
  const all = ink(terminal.text().join(""))
  const texts = finished.map(ink)
  const places = texts.map((text) => all.lastIndexOf(text))
  const found = places.filter((at) => at >= 0)
  return {
    lost: finished.filter((_, at) => (places[at] ?? -1) < 0),
    twice: finished.filter((_, at) => all.split(texts[at] ?? "").length > 2),
    isInOrder: found.every((at, index) => index === 0 || at > (found[index - 1] ?? 0)),
  }
}

const ordinary = (roll: Roll) => ({ columns: 40 + roll(101), rows: 12 + roll(39) })
const extreme = (roll: Roll) => ({ columns: 20 + roll(121), rows: roll(8) === 0 ? 1 : 1 + roll(40) })

/** Finished lines that are lost, or twice. */
async function damage(
  seeds: readonly number[],
  options: Play,
): Promise<{ readonly lost: number; readonly twice: number }> {
  let lost = 0
  let twice = 0
  for (const seed of seeds) {
    const found = damageOf(await play(seed, (options.resizes ?? RESIZES) / seeds.length, options))
    if (!found.isInOrder && options.isSlow !== true) throw new Error(`Seed ${seed}: out of order.`)
    lost += found.lost.length
    twice += found.twice.length
  }
  return { lost, twice }
}

test("frames that meet another size than their own cost no finished line, and none is there twice", async () => {
  const { lost, twice } = await damage([1, 2, 3, 4], { sizeOf: ordinary })
  expect(lost).toBeLessThanOrEqual(DAMAGE_MAX)
  expect(twice).toBeLessThanOrEqual(DAMAGE_MAX)
}, 120_000)

test("a resize long after the last one, upon frames that nobody asked about, costs none either", async () => {
  const { lost, twice } = await damage([13, 14], { sizeOf: ordinary, calm: 30, resizes: RESIZES / 4 })
  expect(lost).toBeLessThanOrEqual(DAMAGE_MAX)
  expect(twice).toBeLessThanOrEqual(DAMAGE_MAX)
}, 120_000)

test("on screens of a row or of few columns no finished line is lost either", async () => {
  const { lost } = await damage([5, 6, 7, 8], { sizeOf: extreme })
  expect(lost).toBeLessThanOrEqual(DAMAGE_MAX)
}, 120_000)

test("answers that come too late are not taken for those of later questions, and cost a line in fifty resizes at most", async () => {
  const { lost } = await damage([9, 10, 11, 12], { sizeOf: ordinary, isSlow: true })
  expect(lost).toBeLessThanOrEqual(RESIZES / 50)
}, 120_000)
