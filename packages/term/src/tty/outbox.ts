import { writeSync } from "node:fs"

/**
 * Bytes on their way to a terminal that may be slower than we are. What it does not take at once waits its turn and is tried
 * again after a while: readiness of a terminal's output cannot be waited for without blocking a thread.
 */
export class Outbox {
  readonly #fd: number
  readonly #hangUp: () => void
  #queue: Uint8Array[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #pauseMs = PAUSE_MS_MIN
  /** The terminal has a part of the first that waits. */
  #isBegun = false
  #isGone = false

  constructor(fd: number, hangUp: () => void) {
    this.#fd = fd
    this.#hangUp = hangUp
  }

  get isCongested(): boolean {
    return this.#queue.length > 0
  }

  write(text: string): void {
    if (text === "" || this.#isGone) return
    this.#queue.push(Buffer.from(text))
    if (this.#timer === undefined) this.#push()
  }

  /** Waits for the terminal to take all of it, this long at most. For the way out of the process alone. */
  drain(msMax: number): void {
    const until = performance.now() + msMax
    while (this.#take() === "more" && performance.now() < until) Bun.sleepSync(1)
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#queue.length > 0) this.#later()
  }

  /** Lets go of what waits. What the terminal has the beginning of ends there, so that what is written next is itself again. */
  cut(): void {
    this.#queue = this.#isBegun ? [Buffer.from(ENOUGH)] : []
    this.#isBegun = false
  }

  #push(): void {
    this.#timer = undefined
    const before = this.#queue[0]
    if (this.#take() === "all") this.#pauseMs = PAUSE_MS_MIN
    else {
      this.#pauseMs = before === this.#queue[0] ? Math.min(this.#pauseMs * 2, PAUSE_MS_MAX) : PAUSE_MS_MIN
      this.#later()
    }
  }

  #later(): void {
    this.#timer = setTimeout(() => this.#push(), this.#pauseMs)
  }

  /** As much as it takes now. */
  #take(): "all" | "more" {
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      const taken = this.#writeSome(next)
      if (taken === undefined) return this.#isGone ? "all" : "more"
      this.#isBegun = taken < next.length
      if (this.#isBegun) this.#queue[0] = next.subarray(taken)
      else this.#queue.shift()
    }
    return "all"
  }

  #writeSome(bytes: Uint8Array): number | undefined {
    try {
      return writeSync(this.#fd, bytes)
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined
      if (code === "EAGAIN" || code === "EINTR") return undefined
      if (code !== "EIO" && code !== "EPIPE" && code !== "ENXIO" && code !== "EBADF") throw error
      this.#isGone = true
      this.#queue = []
      this.#hangUp()
      return undefined
    }
  }
}

/** No sequence goes on behind a CAN, no string behind its end; and text that leads somewhere leads nowhere from here. */
const ENOUGH = "\u0018\u001b\\\u001b]8;;\u001b\\"
const PAUSE_MS_MIN = 1
const PAUSE_MS_MAX = 16
