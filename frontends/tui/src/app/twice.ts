/** How long ago something was, for keys that mean more when they are pressed twice. */
export class Twice {
  readonly #withinMs: number
  #at = Number.NEGATIVE_INFINITY

  constructor(withinMs: number) {
    this.#withinMs = withinMs
  }

  /** Whether this is the second time. */
  pressed(now: number): boolean {
    const isAgain = now - this.#at < this.#withinMs
    this.#at = isAgain ? Number.NEGATIVE_INFINITY : now
    return isAgain
  }
}
