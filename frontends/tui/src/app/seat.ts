import {
  endsRound,
  type FullSurface,
  fullSurface,
  type InlineSurface,
  type Input,
  type InputDecoder,
  inlineSurface,
  type Keyboard,
  listen,
  modeSequences,
  questions,
  type Size,
  type TerminalFacts,
  type TerminalReply,
  terminalFacts,
} from "@skein/term"
import { Latencies } from "./latencies.ts"
import type { ScreenMetrics, TuiOptions } from "./options.ts"
import { type Drawn, Screen } from "./screen.ts"

/** Whoever sits at the terminal. */
export interface Seated {
  draw(): Drawn
  take(inputs: readonly Input[]): void
  /** The terminal was away, or has another size: what is on it is read anew. */
  reread(): void
  /** The terminal has told more of itself. */
  learned(facts: TerminalFacts): void
  isMoving(): boolean
}

/** How long answers are waited for when the terminal is given away before they came. */
const ANSWERS_MS = 100

/** A question for the cursor that is not answered by then is let go: nobody waits for a terminal that says nothing. */
const CURSOR_MS = 100

/** One that has answered before is waited for longer: without its word lines may be lost. */
const KNOWN_CURSOR_MS = 1_000

/** An answer that has not come by then was somebody else's, or is lost. */
const LATE_MS = 3_000

/** So long after it was written a frame may meet another size than its own, where the terminal answers at once. */
const UNDER_WAY_MS = 30

/** What was typed before the terminal was ours went through its line editing, which makes a newline of Enter. */
function typedAhead(input: Input): Input {
  return input.kind === "key" && input.chord === "ctrl+j" ? { kind: "key", chord: "enter" } : input
}

/** The terminal as it is held while the screen is open: both surfaces, what comes in, and what is known of it by now. */
export class Seat {
  readonly screen: Screen
  readonly #options: TuiOptions
  readonly #seated: Seated
  readonly #inline: InlineSurface
  readonly #replies: TerminalReply[] = []
  readonly #latencies = new Latencies()
  #decoder: InputDecoder | undefined
  #whole: FullSurface | undefined
  #facts: TerminalFacts
  /** What it was asked to send keys by. */
  #keyboard: Keyboard | undefined
  /** When the newest bytes were read, and the newest were written. */
  #readAt = 0
  #wroteAt = 0
  /** When the terminal was asked for the cursor. */
  #expectedAt = 0
  /** How long the terminal took to answer the first round of questions. */
  #answerMs = 0
  #askedAt = 0
  /** For the cursor, ever. */
  #hasAnswered = false
  /** What the terminal says is read by us. */
  #isListening = false
  #waiting: ReturnType<typeof setTimeout> | undefined
  /** Until the last answer of the first round; undefined while nothing is asked. */
  #round: PromiseWithResolvers<void> | undefined
  #cursor: PromiseWithResolvers<void> | undefined

  constructor(options: TuiOptions, seated: Seated) {
    const { terminal, env } = options
    this.#options = options
    this.#seated = seated
    this.#facts = terminalFacts([], env)
    const write = (bytes: string) => {
      this.#wroteAt = performance.now()
      terminal.write(bytes)
    }
    const isListening = () => this.#isListening
    this.#inline = inlineSurface({
      ...{ write, size: terminal.size, ...this.#facts },
      get asksCursor() {
        return isListening()
      },
      asks: (answers) => this.#expect(answers),
      isUnderWay: () => performance.now() - this.#wroteAt < Math.max(UNDER_WAY_MS, 2 * this.#answerMs),
    })
    this.screen = new Screen({
      inline: this.#inline,
      whole: () => {
        this.#whole = fullSurface({ write, size: terminal.size, ...this.#facts })
        return this.#whole
      },
      isResized: () => terminal.measure(),
      draw: () => seated.draw(),
      isMoving: () => seated.isMoving(),
      isCongested: () => terminal.isCongested,
      onDrawn: () => this.#waitForCursor(),
      onSwitch: (isFullScreen) => {
        if (isFullScreen) this.#inline.hide()
        this.#useModes(isFullScreen)
      },
    })
  }

  get facts(): TerminalFacts {
    return this.#facts
  }

  /** Before the first frame, so that the terminal echoes nothing into it: keys one by one, pastes as such. */
  take(): void {
    const { terminal } = this.#options
    this.#useModes(false)
    terminal.raw()
    let isFirst = true
    const stamped = {
      onInput: (handler: (bytes: Uint8Array) => void) =>
        terminal.onInput((bytes) => {
          this.#readAt = performance.now()
          handler(bytes)
        }),
    }
    this.#decoder = listen(stamped, (inputs) => {
      this.#took(isFirst ? inputs.map(typedAhead) : inputs)
      isFirst = false
    })
    this.#decoder.expectMarks(this.#facts.marksPastes)
    this.#isListening = true
    terminal.onResize((size) => this.#resized(size))
    terminal.onStop(() => {
      this.#isListening = false
      this.screen.rest()
    })
    terminal.onContinue(() => this.#back())
  }

  /** After the first frame: the round of questions. */
  ask(): void {
    const { terminal, env } = this.#options
    const asked = questions(env)
    if (asked !== "") this.#round = Promise.withResolvers()
    this.#askedAt = performance.now()
    terminal.write(asked)
  }

  /** The terminal is somebody else's until `act` is over. */
  async away<T>(act: () => Promise<T>): Promise<T> {
    const { terminal } = this.#options
    await this.#answers()
    this.screen.rest()
    terminal.cooked()
    try {
      return await act()
    } finally {
      terminal.raw()
      this.#back()
    }
  }

  /** Ctrl+Z. */
  async suspend(): Promise<void> {
    await this.#answers()
    if (this.screen.isAway) return
    this.screen.rest()
    this.#options.terminal.suspend()
  }

  #back(): void {
    this.#isListening = true
    this.screen.back(this.#options.terminal.size)
  }

  redraw(): void {
    this.#resized(this.#options.terminal.size)
  }

  async close(): Promise<void> {
    clearTimeout(this.#waiting)
    this.#isListening = false
    this.screen.close()
    await this.#answers()
    this.#options.terminal.close()
  }

  /** An answer that came after the terminal is given away would be typed into the shell: what was asked is waited for, a moment. */
  async #answers(): Promise<void> {
    this.#isListening = false
    if (this.#round === undefined && this.#cursor === undefined) return
    await Promise.race([Promise.all([this.#round?.promise, this.#cursor?.promise]), Bun.sleep(ANSWERS_MS)])
    this.#round = undefined
    this.#cursor = undefined
  }

  /** Of both surfaces. */
  get metrics(): ScreenMetrics {
    const all = this.screen.metrics
    const sum = (of: "frames" | "fullFrames" | "bytes") => all.reduce((total, metrics) => total + metrics[of], 0)
    const keys = this.#latencies
    return {
      ...{ frames: sum("frames"), fullFrames: sum("fullFrames"), bytes: sum("bytes"), keys: keys.count },
      ...{ keyMedianMs: keys.quantileMs(0.5), keyP99Ms: keys.quantileMs(0.99) },
    }
  }

  #took(inputs: readonly Input[]): void {
    const from = this.#readAt
    const own: Input[] = []
    let isAwaited = false
    for (const input of inputs) {
      if (input.kind !== "reply") own.push(input)
      else {
        this.#hasAnswered ||= input.reply.kind === "cursor"
        const wasAsking = this.#inline.isAsking
        this.#answered(input.reply)
        isAwaited ||= wasAsking && !this.#inline.isAsking
      }
    }
    // What the terminal tells of itself, in many answers, is seen with one frame.
    if (own.length === 0 && !isAwaited) return this.screen.soon()
    this.#seated.take(own)
    this.screen.now()
    // A frame that waits for the cursor says how fast the terminal answers, not how fast a key is painted.
    const isPainted = this.screen.isWhole || !this.#inline.isAsking
    if (own.length > 0 && isPainted) this.#latencies.add(performance.now() - from)
  }

  #answered(reply: TerminalReply): void {
    if (reply.kind === "cursor") {
      this.#inline.settled(reply)
      if (!this.#inline.isAsking) this.#stopWaiting()
      if (this.#inline.answersDue > 0) return
      this.#cursor?.resolve()
      this.#cursor = undefined
      return
    }
    if (endsRound(reply)) {
      this.#answerMs = performance.now() - this.#askedAt
      this.#round?.resolve()
      this.#round = undefined
    }
    this.#replies.push(reply)
    this.#facts = terminalFacts(this.#replies, this.#options.env)
    this.#decoder?.expectMarks(this.#facts.marksPastes)
    this.#inline.adapt(this.#facts)
    this.#whole?.adapt(this.#facts)
    if (endsRound(reply) && this.#facts.keyboard !== this.#keyboard) this.#useModes(this.screen.isWhole)
    this.#seated.learned(this.#facts)
  }

  #resized(size: Size): void {
    this.#seated.reread()
    if (performance.now() - this.#expectedAt > LATE_MS) this.#inline.expire()
    this.screen.resize(size)
  }

  /** Each of the two screens has a keyboard of its own, and is seen while its modes are used. */
  #useModes(isFullScreen: boolean): void {
    this.#keyboard = this.#facts.keyboard
    this.#options.terminal.useModes(modeSequences({ keyboard: this.#keyboard, isFullScreen }))
  }

  #expect(answers: number): void {
    this.#expectedAt = performance.now()
    for (let at = 0; at < answers; at++) this.#decoder?.expectCursor()
    this.#cursor ??= Promise.withResolvers()
  }

  /** After a resize the surface asks where the cursor is before it paints. */
  #waitForCursor(): void {
    if (!this.#inline.isAsking) return this.#stopWaiting()
    this.#waiting ??= setTimeout(
      () => {
        this.#waiting = undefined
        this.#inline.settled()
      },
      this.#hasAnswered ? KNOWN_CURSOR_MS : CURSOR_MS,
    )
  }

  #stopWaiting(): void {
    clearTimeout(this.#waiting)
    this.#waiting = undefined
  }
}
