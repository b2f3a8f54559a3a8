import { READING_MS } from "./panel.ts"

/** How long a question stands on the screen with no key in between: who could not read it has not answered it. What is read anew has another. */
export class Reading {
  readonly #now: () => number
  #since: number | undefined

  /** `now`: milliseconds on any scale. */
  constructor(now: () => number) {
    this.#now = now
  }

  /** Long enough to be answered. Never before it was drawn. */
  get isOver(): boolean {
    return this.#since !== undefined && this.#now() - this.#since >= READING_MS
  }

  /** It is drawn. The first time counts. */
  drawn(): void {
    this.#since ??= this.#now()
  }
}
