import type { Caret, Frame, Line, Size, Surface, WriteMetrics } from "@skein/term"

/** What is to be seen now, and in which of the two screens. */
export type Drawn = {
  /** Sequences that go before it, and show nothing by themselves. */
  readonly ahead?: string | undefined
} & Extents

type Extents =
  /** In the terminal's own scrollback: what is finished and not printed yet, and what is live below it. */
  | {
      readonly extent: "inline"
      readonly finished: readonly Line[]
      readonly frame: Frame
      /** The finished lines were taken: until it is called they are given again. */
      readonly printed?: (() => void) | undefined
    }
  /** All of the alternate screen. */
  | { readonly extent: "whole"; readonly frame: Frame }

/** The two surfaces, and whoever knows what is to be on them. */
export interface ScreenOptions {
  readonly inline: Surface
  /** Made when something first takes the whole screen. */
  readonly whole: () => Surface
  /** Whether the terminal has another size than the surfaces know; they have been told of it, and it is drawn. */
  readonly isResized: () => boolean
  readonly draw: () => Drawn
  /** Whether something moves by itself now: a spinner, a clock. */
  readonly isMoving: () => boolean
  /** The terminal takes less than it is given: frames are left out, and nothing of what is finished. */
  readonly isCongested: () => boolean
  readonly onDrawn: () => void
  /** The alternate screen is to be entered, or left: before its first frame, after its last. */
  readonly onSwitch: (isWhole: boolean) => void
}

/**
 * When is drawn, and where. A key is drawn at once; what happens elsewhere is gathered for a frame's length; while nothing
 * happens there is no timer at all.
 */
export class Screen {
  readonly #options: ScreenOptions
  #whole: Surface | undefined
  #isWhole = false
  #isAway = false
  #isClosed = false
  /** A frame was left out. */
  #isBehind = false
  #frame: ReturnType<typeof setTimeout> | undefined
  #tick: ReturnType<typeof setTimeout> | undefined

  constructor(options: ScreenOptions) {
    this.#options = options
  }

  get metrics(): readonly WriteMetrics[] {
    return [this.#options.inline.metrics, ...(this.#whole === undefined ? [] : [this.#whole.metrics])]
  }

  get isWhole(): boolean {
    return this.#isWhole
  }

  /** Resting, or closed: the terminal is not drawn on. */
  get isAway(): boolean {
    return this.#isAway || this.#isClosed
  }

  /** The surface that is seen. */
  get surface(): Surface {
    return this.#isWhole && this.#whole !== undefined ? this.#whole : this.#options.inline
  }

  /** Within a frame's length. */
  soon(): void {
    this.#frame ??= setTimeout(() => this.now(), FRAME_MS)
  }

  now(): void {
    clearTimeout(this.#frame)
    this.#frame = undefined
    if (this.isAway || this.#options.isResized()) return
    this.#isBehind = this.#options.isCongested()
    if (this.#isBehind) return this.soon()
    this.#paint()
  }

  resize(size: Size): void {
    this.#options.inline.resize(size)
    this.#whole?.resize(size)
    this.now()
  }

  /** Gives the terminal away, what is live wiped from it: until `back` nothing is drawn, and sizes are only noted. */
  rest(): void {
    this.#stop()
    if (this.#isAway) return
    this.#isAway = true
    if (this.#isWhole) this.#show(false)
    this.#options.inline.draw({ lines: [] })
    this.#options.inline.close()
  }

  /** The terminal is ours again, and may have another size. */
  back(size: Size): void {
    this.#isAway = false
    this.resize(size)
  }

  close(): void {
    if (this.#isClosed) return
    try {
      // What came last may still wait for its frame.
      if ((this.#isBehind || this.#frame !== undefined) && !this.#isAway) this.#paint()
    } finally {
      this.rest()
      this.#isClosed = true
    }
  }

  #paint(): void {
    const drawn = this.#options.draw()
    this.#show(drawn.extent === "whole")
    if (drawn.ahead !== undefined) this.surface.say(drawn.ahead)
    if (drawn.extent === "inline") {
      if (drawn.finished.length > 0) this.surface.finish(drawn.finished)
      drawn.printed?.()
    }
    this.surface.draw(drawn.frame)
    this.#options.onDrawn()
    this.#keepMoving()
  }

  #show(isWhole: boolean): void {
    if (isWhole === this.#isWhole) return
    this.#isWhole = isWhole
    if (isWhole) this.#whole ??= this.#options.whole()
    else this.#whole?.close()
    this.#options.onSwitch(isWhole)
  }

  /** A frame that is drawn for anything else moves what moves, too. */
  #keepMoving(): void {
    clearTimeout(this.#tick)
    this.#tick = this.#options.isMoving() ? setTimeout(() => this.now(), TICK_MS) : undefined
  }

  #stop(): void {
    clearTimeout(this.#frame)
    clearTimeout(this.#tick)
    this.#frame = undefined
    this.#tick = undefined
  }
}

/** Fifteen frames a second: text that streams looks continuous, and half of the work of thirty is left out. */
const FRAME_MS = 66
const TICK_MS = 100

/** Parts below each other, of which at most one has the caret. */
export function stacked(parts: readonly Frame[]): Frame {
  let caret: Caret | undefined
  let row = 0
  for (const part of parts) {
    if (part.caret !== undefined) caret = { row: row + part.caret.row, column: part.caret.column }
    row += part.lines.length
  }
  const lines = parts.flatMap((part) => part.lines)
  return caret === undefined ? { lines } : { lines, caret }
}
