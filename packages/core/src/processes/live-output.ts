import type { ClockPort } from "../ports/index.ts"
import { toBase64 } from "./base64.ts"

/** Between two tellings; the first comes at once, so that a key is answered without a wait. */
const TOLD_MS = 30
/** Of what came meanwhile: what is older is missed, as `bytes` shows. */
const TOLD_BYTES_MAX = 65_536

/** Tells an output while it comes, a few times a second. */
export class LiveOutput {
  readonly #clock: ClockPort
  readonly #told: (base64: string, bytes: number) => void
  #waiting: Uint8Array[] = []
  #waitingBytes = 0
  #bytes = 0
  /** Until everybody knows whose output it is, and a moment after each telling. */
  #isHeld = true

  constructor(clock: ClockPort, told: (base64: string, bytes: number) => void) {
    this.#clock = clock
    this.#told = told
  }

  begin(): void {
    this.#isHeld = false
    if (this.#waiting.length > 0) this.add(new Uint8Array(0), this.#bytes)
  }

  /** `bytes`: of all output so far. */
  add(chunk: Uint8Array, bytes: number): void {
    this.#bytes = bytes
    this.#waiting.push(chunk)
    this.#waitingBytes += chunk.length
    while (this.#waitingBytes > TOLD_BYTES_MAX && this.#waiting.length > 1) {
      this.#waitingBytes -= this.#waiting.shift()?.length ?? 0
    }
    if (this.#isHeld) return
    this.#tell()
    this.#isHeld = true
    void this.#clock.sleep(TOLD_MS).then(() => {
      this.#isHeld = false
      const [first] = this.#waiting
      if (first !== undefined) this.add(new Uint8Array(0), this.#bytes)
    })
  }

  end(): void {
    if (this.#waiting.length > 0) this.#tell()
  }

  #tell(): void {
    const all = new Uint8Array(this.#waitingBytes)
    let at = 0
    for (const chunk of this.#waiting) {
      all.set(chunk, at)
      at += chunk.length
    }
    this.#waiting = []
    this.#waitingBytes = 0
    this.#told(toBase64(all.subarray(-TOLD_BYTES_MAX)), this.#bytes)
  }
}
