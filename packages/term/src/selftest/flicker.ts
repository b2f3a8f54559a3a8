import type { Size } from "../frame.ts"
import type { Line } from "../line.ts"
import type { Ability } from "../surface/ability.ts"
import { inlineSurface } from "../surface/inline.ts"

/** What a turn of an answer, a running command and a moving spinner costs on this terminal. */
export interface Flicker {
  /** From 0; 100 is a screen on which nothing but what changes is ever touched, each frame at once. */
  readonly score: number
  readonly frames: number
  readonly bytesPerFrame: number
  readonly bytesOfLargestFrame: number
  /** Painted wholly anew, the first one aside. */
  readonly fullRedraws: number
  /** Erasures of the whole screen or the scrollback. */
  readonly erasures: number
  readonly isSynchronized: boolean
}

/** Draws a short turn as skein would on a terminal of this ability and size, and counts. Nothing is shown. */
export function flickerOf(ability: Ability, size: Size): Flicker {
  const commits: string[] = []
  const surface = inlineSurface({ write: (bytes) => commits.push(bytes), size, ...ability })
  for (let step = 0; step < FRAMES; step++) {
    if (step % FINISH_EVERY === FINISH_EVERY - 1) surface.finish([words(step, size)])
    surface.draw({ lines: frame(step, size), caret: { row: 3, column: 2 } })
  }
  const { frames, fullFrames, bytes } = surface.metrics
  surface.close()
  const all = commits.join("")
  const found = {
    frames,
    bytesPerFrame: Math.round(bytes / Math.max(1, frames)),
    bytesOfLargestFrame: Math.max(0, ...commits.map((commit) => Buffer.byteLength(commit))),
    fullRedraws: Math.max(0, fullFrames - 1),
    erasures: all.split(/\u001b\[[23]J/).length - 1,
    isSynchronized: ability.isSynchronized,
  }
  return { score: scoreOf(found, size), ...found }
}

const FRAMES = 120
const FINISH_EVERY = 12
const SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"

function frame(step: number, size: Size): Line[] {
  return [
    words(step, size),
    [{ text: `${SPINNER[step % SPINNER.length]} bash   npm test   ${step} s`, style: { isBold: true } }],
    [],
    [{ text: "› " }],
    [{ text: `ctx ${step % 100} %`, style: { isDim: true } }],
  ]
}

/** A line of an answer as it grows. */
function words(step: number, { columns }: Size): Line {
  return [
    {
      text: "The clock is injected and both tests use a fake one. "
        .repeat(4)
        .slice(0, Math.min(columns - 2, 8 + (step % 12) * 5)),
    },
  ]
}

function scoreOf({ bytesPerFrame, fullRedraws, erasures, isSynchronized }: Omit<Flicker, "score">, size: Size): number {
  const half = (size.columns * size.rows) / 2
  const lost =
    (isSynchronized ? 0 : TORN) +
    Math.min(30, fullRedraws * 3) +
    Math.min(50, erasures * 10) +
    (bytesPerFrame > half ? 20 : 0)
  return Math.max(0, 100 - lost)
}

/** A frame of a few changed cells seldom shows half of itself, but nothing keeps it from it. */
const TORN = 15
