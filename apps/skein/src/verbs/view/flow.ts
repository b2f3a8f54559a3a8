import { type InlineSurface, inlineSurface, type Line, type Size } from "@skein/term"
import { type Emulator, emulator } from "@skein/term/emulator"

/** A view below finished lines, in a terminal that wraps anew what was wrapped. */
export interface Flow {
  readonly screen: Emulator
  readonly surface: InlineSurface
  /** The terminal changes first, then the surface hears of it, and a line is finished meanwhile. */
  to(size: Size): void
}

/** What came of one size. */
export interface FlowStep extends Size {
  /** The view is at the end of the screen as it is drawn at this size, and each finished line is there once, in order. */
  readonly isWhole: boolean
  /** Rows of older frames that stand between them. */
  readonly strays: number
  /** The view was higher than the screen by then, if only as the terminal wrapped it: no program can take such rows back. */
  readonly wasCut: boolean
  /** Written for it. */
  readonly bytes: number
  readonly lines: readonly string[]
}

/** Whether all is as it should be: nothing lost or twice, and nothing left of older frames but what cannot be taken back. */
export function isClean({ isWhole, strays, wasCut }: FlowStep): boolean {
  return isWhole && (strays === 0 || wasCut)
}

const WAITS_MAX = 4

/** Short enough for every size: a longer one would stay wrapped as it was when it was finished. */
const BEFORE = Array.from({ length: 30 }, (_, at) => (at % 5 === 4 ? `漢字 ${at + 1}` : `finished ${at + 1}`))

/** Draws lines at one size after the other, and compares each with a terminal that never had another. */
export function flowThrough(
  sizes: readonly Size[],
  linesAt: (columns: number) => readonly Line[],
  made: typeof inlineSurface = inlineSurface,
): FlowStep[] {
  const [first = { columns: 80, rows: 24 }] = sizes
  const finished = [...BEFORE]
  const flow = flowing(first, linesAt, finished, made)
  let wasCut = false
  let before = linesAt(first.columns)
  return sizes.map((size) => {
    const bytesBefore = flow.surface.metrics.bytes
    const live = linesAt(size.columns)
    wasCut ||= Math.max(live.length, heightOf(before, size.columns)) >= size.rows
    before = live
    finished.push(`finished at ${size.columns}x${size.rows}`)
    flow.surface.finish([[{ text: finished.at(-1) ?? "" }]])
    flow.to(size)
    const { screen, surface } = flow
    const all = held(screen)
    const fresh = held(flowing(size, linesAt, finished, made).screen)
    const shown = Math.min(live.length, size.rows)
    const known = new Set(finished)
    const isWhole =
      isSame(all.slice(-shown), fresh.slice(-shown)) &&
      isSame(
        all.filter((line) => known.has(line)),
        finished,
      )
    const bytes = surface.metrics.bytes - bytesBefore
    const strays = all.length - fresh.length
    const step = { ...size, isWhole, strays, wasCut, bytes, lines: screen.lines() }
    wasCut &&= strays > 0
    return step
  })
}

/** Rows of lines that were drawn wider: the terminal wraps them before the program hears of it. */
function heightOf(lines: readonly Line[], columns: number): number {
  return lines
    .map((line) => Math.ceil(Bun.stringWidth(line.map(({ text }) => text).join("")) / columns))
    .reduce((sum, rows) => sum + Math.max(1, rows), 0)
}

/** All that a terminal has, to the last row that says something. */
function held(screen: Emulator): readonly string[] {
  const lines = [...screen.scrollback(), ...screen.lines()]
  return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1)
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return JSON.stringify(some) === JSON.stringify(others)
}

function flowing(
  size: Size,
  linesAt: (columns: number) => readonly Line[],
  finished: readonly string[],
  made: typeof inlineSurface,
): Flow {
  const answers: string[] = []
  const screen = emulator({ size, reflows: true, answer: (text) => answers.push(text) })
  const surface = made({ size, asksCursor: true, write: (bytes) => void screen.write(Buffer.from(bytes)) })
  const draw = (columns: number) => {
    surface.draw({ lines: linesAt(columns) })
    const settle = () => {
      for (let answer = answers.shift(); answer !== undefined; answer = answers.shift())
        surface.settled(placeIn(answer))
    }
    settle()
    // Whoever waits for more is told that nothing more comes.
    for (let times = 0; times < WAITS_MAX && surface.isAsking; times++) {
      surface.settled()
      settle()
    }
  }
  surface.finish(finished.map((text) => [{ text }]))
  draw(size.columns)
  return {
    screen,
    surface,
    to(next) {
      screen.resize(next)
      surface.resize(next)
      draw(next.columns)
    },
  }
}

/** The answer to `CSI 6 n`. */
function placeIn(answer: string): { readonly row: number; readonly column: number } {
  const [row = 1, column = 1] = answer.match(/\d+/g)?.map(Number) ?? []
  return { row: row - 1, column: column - 1 }
}
