import type { Writable } from "node:stream"

/** Beyond this, whoever sends waits. */
const WAITING_BYTES = 256 * 1024
/** Written at once: large ones in pieces, so that a slow taker can be told from one that takes nothing. */
const PIECE_BYTES = 64 * 1024
/** How long the last words may take, where this end leaves. */
const FAREWELL_MS = 1_000

/** Bytes on their way to a stream, as fast as it takes them. */
export class Outbox {
  readonly #stream: Writable
  readonly #stallMs: number | undefined
  #waiting: Buffer[] = []
  #bytes = 0
  #isWriting = false
  #isGone = false
  #finishing: (() => void) | undefined
  #wakes: (() => void)[] = []

  constructor(stream: Writable, stallMs: number | undefined) {
    this.#stream = stream
    this.#stallMs = stallMs
    stream.once("close", () => this.gone())
    // Whoever is gone is told of by `close`; unheard, it would end the process.
    stream.on("error", () => this.gone())
  }

  push(bytes: string | Buffer): void {
    if (this.#isGone || this.#finishing !== undefined) return
    const buffer = typeof bytes === "string" ? Buffer.from(bytes) : bytes
    this.#bytes += buffer.length
    this.#waiting.push(buffer)
    if (!this.#isWriting) void this.#write()
  }

  /** Resolves when little waits, and when nobody takes it any more. */
  room(): Promise<void> {
    if (this.#isGone || this.#bytes <= WAITING_BYTES) return Promise.resolve()
    return new Promise((resolve) => this.#wakes.push(resolve))
  }

  /** Calls back once, when all was handed over, or nobody takes it. */
  finish(then: () => void): void {
    if (this.#finishing !== undefined) return
    const late = setTimeout(() => this.#finishing?.(), FAREWELL_MS)
    this.#finishing = () => {
      clearTimeout(late)
      this.#finishing = () => undefined
      then()
    }
    if (this.#isGone || !this.#isWriting) this.#finishing()
  }

  /** Nobody takes anything any more. */
  gone(): void {
    if (this.#isGone) return
    this.#isGone = true
    this.#waiting = []
    this.#bytes = 0
    this.#wake()
    this.#finishing?.()
  }

  async #write(): Promise<void> {
    this.#isWriting = true
    while (this.#waiting.length > 0 && !this.#isGone) {
      const piece = this.#piece()
      if (!this.#stream.write(piece)) await this.#drained()
      this.#bytes = Math.max(0, this.#bytes - piece.length)
      if (this.#bytes <= WAITING_BYTES) this.#wake()
    }
    this.#isWriting = false
    if (!this.#isGone) this.#finishing?.()
  }

  #piece(): Buffer {
    const taken: Buffer[] = []
    let bytes = 0
    while (bytes < PIECE_BYTES) {
      const [first] = this.#waiting
      if (first === undefined) break
      const left = PIECE_BYTES - bytes
      taken.push(first.subarray(0, left))
      bytes += Math.min(first.length, left)
      if (first.length > left) this.#waiting[0] = first.subarray(left)
      else this.#waiting.shift()
    }
    return taken.length === 1 && taken[0] !== undefined ? taken[0] : Buffer.concat(taken)
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const stall = this.#stallMs === undefined ? undefined : setTimeout(() => this.#stream.destroy(), this.#stallMs)
      const over = () => {
        clearTimeout(stall)
        this.#stream.off("drain", over)
        this.#stream.off("close", over)
        resolve()
      }
      this.#stream.on("drain", over)
      this.#stream.on("close", over)
      if (this.#stream.destroyed) over()
    })
  }

  #wake(): void {
    const wakes = this.#wakes
    this.#wakes = []
    for (const wake of wakes) wake()
  }
}
