/** How long may be waited now, so that no draw waits longer than one bound, and all of them together a part of the time. */
export class Patience {
  readonly #mostMs: number
  #leftMs: number
  #asOfMs = Number.NEGATIVE_INFINITY

  constructor(mostMs: number) {
    this.#mostMs = mostMs
    this.#leftMs = mostMs
  }

  left(nowMs: number): number {
    if (nowMs > this.#asOfMs) {
      this.#leftMs = Math.min(this.#leftMs + (nowMs - this.#asOfMs) * REGAINED, this.#mostMs)
      this.#asOfMs = nowMs
    }
    return Math.max(this.#leftMs, 0)
  }

  spend(spentMs: number, nowMs: number): void {
    this.left(nowMs)
    this.#leftMs -= spentMs
  }
}

/** Of the time that passes. */
const REGAINED = 0.2
