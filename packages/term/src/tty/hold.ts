import { type Modes, modeChange } from "../modes.ts"
import type { Device } from "./device.ts"
import { Keys } from "./keys.ts"
import { Outbox } from "./outbox.ts"

/** What of a terminal is as we want it. */
type Held =
  /** Raw, the modes on, its input read. */
  | "all"
  /** Another screen than the shell's, where what was drawn can still be read. */
  | "screen"
  | "nothing"
  /** Nor is anything left to be mended. */
  | "nothing-left"

/** A terminal as it is made ours, and how it is given back as it was. */
export class Hold {
  readonly keys: Keys
  readonly #device: Device
  readonly #outbox: Outbox
  #held: Held = "nothing"
  #modes: Modes = NO_MODES
  /** What a slow terminal had not taken was left out: nothing is drawn on that. */
  #isCut = false

  /** `hangUp`: the terminal is gone; told once or more. */
  constructor(device: Device, hangUp: () => void) {
    this.#device = device
    this.#outbox = new Outbox(device.fd, hangUp)
    this.keys = new Keys(device.inputPath, hangUp)
  }

  get isCongested(): boolean {
    return this.#outbox.isCongested
  }

  draw(bytes: string): void {
    if (!this.#isCut) this.#outbox.write(bytes)
  }

  /** `kept` is drawn first. */
  take(kept: string): void {
    this.#held = "all"
    this.#device.setRaw(true)
    this.#outbox.write(modeChange(NO_MODES, this.#modes) + kept)
    this.keys.start()
  }

  /** Somebody else may have set the terminal up for itself while it was ours. */
  takeAgain(): void {
    this.#device.setRaw(false)
    this.#device.setRaw(true)
    this.#outbox.write(`${this.#modes.off}${this.#modes.on}`)
  }

  /** What is taken and given back with; of what is seen, what another screen was entered by is taken back at once. */
  use(modes: Modes): void {
    if (this.#held === "all") this.#outbox.write(modeChange(this.#modes, modes))
    else if (this.#held === "screen" && modes.screen === undefined) this.#leaveScreen()
    this.#modes = { ...modes }
  }

  /** The modes and what the system does with keys are as before; what is drawn can still be seen. */
  mute(): void {
    if (this.#held !== "all") return
    this.#held = this.#modes.screen === undefined ? "nothing" : "screen"
    this.keys.stop()
    this.#outbox.write(this.#modes.off)
    this.#drain()
    this.#device.setRaw(false)
  }

  giveBack(): void {
    this.mute()
    if (this.#held !== "screen") return
    this.#leaveScreen()
    this.#drain()
  }

  /** For the end of the process. */
  end(): void {
    this.#cut(CUT_MS)
    this.giveBack()
    // Once: on a screen that is already left, it would move the cursor.
    if (this.#held === "nothing-left") return
    this.#held = "nothing-left"
    this.#outbox.write(this.#modes.last ?? "")
    this.#drain()
  }

  /** The same as far as what was drawn can still be seen, unless that was cut. */
  endMuted(): void {
    this.#cut(CUT_MS)
    this.mute()
    // What would be drawn now would be drawn on what is not there.
    if (this.#isCut) this.end()
  }

  close(): void {
    this.#cut(DRAIN_MS_MAX)
    if (this.#isCut) this.end()
    this.giveBack()
    this.#drain()
  }

  /** What is drawn waits so long for a slow terminal, and no longer before what it is given back by. */
  #cut(ms: number): void {
    if (this.#held !== "all") return
    this.#outbox.drain(ms)
    if (!this.#outbox.isCongested) return
    this.#outbox.cut()
    this.#isCut = true
  }

  #drain(): void {
    this.#outbox.drain(DRAIN_MS_MAX)
  }

  #leaveScreen(): void {
    this.#held = "nothing"
    this.#outbox.write(this.#modes.screen?.leave ?? "")
  }
}

const NO_MODES: Modes = { on: "", off: "" }
/** A terminal that takes nothing any more does not keep the process. */
const DRAIN_MS_MAX = 500
/** The same for frames, where a signal or a defect ends the process. */
const CUT_MS = 100
