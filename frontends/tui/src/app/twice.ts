import type { Input } from "@skein/term"
import type { Keymap } from "../keys/actions.ts"

/** How long ago an interrupt was, which means more when it is pressed twice. */
export class Twice {
  readonly #withinMs: number
  #at = Number.NEGATIVE_INFINITY

  constructor(withinMs: number) {
    this.#withinMs = withinMs
  }

  /** Where something else is typed or pasted in between, the next time is the first. */
  heard(input: Input, keymap: Keymap): void {
    const isOther = input.kind === "key" ? keymap.get(input.chord) !== "interrupt" : input.kind === "paste"
    if (isOther) this.#at = Number.NEGATIVE_INFINITY
  }

  /** Whether this is the second time. */
  pressed(now: number): boolean {
    const isAgain = now - this.#at < this.#withinMs
    this.#at = isAgain ? Number.NEGATIVE_INFINITY : now
    return isAgain
  }
}
