import type { Input } from "@skein/term"
import { wakingOf } from "./waking.ts"

/** Until there is a session: which keys have one made, and which wait for it. */
export class Sleep {
  readonly #wake: () => void
  readonly #waiting: Input[] = []
  #isAwake = false
  #isOver = false

  /** `wake` is called once. */
  constructor(wake: () => void) {
    this.#wake = wake
  }

  get waiting(): readonly Input[] {
    return this.#waiting
  }

  wake(): void {
    if (this.#isAwake) return
    this.#isAwake = true
    this.#wake()
  }

  /**
   * Keys that need a session have it made, and wait for it with all that come after them, but for those that leave or stop;
   * Ctrl+C takes back what waits. False: the key is used now.
   */
  waits(input: Input, isBlank: boolean): boolean {
    if (this.#isOver) return false
    const waking = wakingOf(input, isBlank)
    const hasWaiting = this.#waiting.length > 0
    if (waking === "never" && !(hasWaiting && isOvertaking(input))) {
      if (input.kind === "key" && input.chord === "ctrl+c") this.#waiting.length = 0
      return false
    }
    const isWaiting = hasWaiting || waking === "wait"
    if (isWaiting || waking === "wake") this.wake()
    if (isWaiting) this.#waiting.push(input)
    return isWaiting
  }

  /** There is a session, and all is known that keys may ask for: those that waited, in order. */
  over(): readonly Input[] {
    this.#isOver = true
    return this.#waiting.splice(0)
  }
}

/** Of what waits for nothing: a key that means something else after those that wait. */
function isOvertaking(input: Input): boolean {
  return input.kind === "key" && !STOPPING.has(input.chord)
}

const STOPPING: ReadonlySet<string> = new Set(["ctrl+c", "ctrl+d", "ctrl+z"])
