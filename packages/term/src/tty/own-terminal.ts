import type { Size } from "../frame.ts"
import type { Modes } from "../modes.ts"
import type { Device } from "./device.ts"
import { Hold } from "./hold.ts"
import { type Deadly, Signals } from "./signals.ts"

/** Who has the terminal. */
type Owner =
  /** Nobody yet, or nobody any more. */
  | { readonly kind: "free" }
  | { readonly kind: "ours" }
  /** Another program. */
  | { readonly kind: "lent" }
  /** The shell, until the job goes on. */
  | { readonly kind: "stopped"; readonly before: Exclude<Owner, { readonly kind: "stopped" }> }
  | { readonly kind: "gone" }
  | { readonly kind: "closed" }

/** The `Terminal` of a device, with the signals of its process. */
export class OwnTerminal {
  readonly #device: Device
  readonly #hold: Hold
  readonly #signals: Signals
  #owner: Owner = { kind: "free" }
  #size: Size
  /** Written while it is lent. */
  #kept = ""
  #onResize = (_: Size): void => undefined
  #onStop = (): void => undefined
  #onContinue = (): void => undefined
  #onHangUp = (): void => this.#die("SIGHUP")
  #onEnd = (signal: "SIGINT" | "SIGTERM"): void => this.#die(signal)

  constructor(device: Device) {
    this.#device = device
    this.#size = device.size()
    this.#hold = new Hold(device, () => this.#hungUp())
    this.#signals = new Signals({
      resized: () => void this.measure(),
      continued: () => this.#continued(),
      stopped: () => this.#stopped(),
      hungUp: () => this.#hungUp(),
      asked: (signal) => this.#asked(signal),
      ended: (signal) => this.#ended(signal),
      exits: () => this.#hold.end(),
    })
  }

  get size(): Size {
    return this.#size
  }

  get isCongested(): boolean {
    return this.#hold.isCongested
  }

  write(bytes: string): void {
    if (this.#isLent) this.#kept += bytes
    else if (this.#owner.kind !== "closed") this.#hold.draw(bytes)
  }

  onInput(handler: (bytes: Uint8Array) => void): void {
    this.#hold.keys.onInput(handler)
  }

  onResize(handler: (size: Size) => void): void {
    this.#onResize = handler
  }

  onStop(handler: () => void): void {
    this.#onStop = handler
  }

  onContinue(handler: () => void): void {
    this.#onContinue = handler
  }

  onHangUp(handler: () => void): void {
    this.#onHangUp = handler
  }

  onEnd(handler: (signal: "SIGINT" | "SIGTERM") => void): void {
    this.#onEnd = handler
  }

  measure(): boolean {
    if (this.#owner.kind === "closed") return false
    const now = this.#device.size()
    if (now.columns === this.#size.columns && now.rows === this.#size.rows) return false
    this.#size = now
    this.#onResize(now)
    return true
  }

  raw(): void {
    const owner = this.#owner
    if (owner.kind === "ours" || owner.kind === "gone" || owner.kind === "closed") return
    if (owner.kind === "stopped") this.#signals.handlesStop = true
    this.#owner = { kind: "ours" }
    this.#hold.take(this.#kept)
    this.#kept = ""
  }

  cooked(): void {
    if (this.#owner.kind === "ours") this.#owner = { kind: "lent" }
    this.#hold.giveBack()
  }

  useModes(modes: Modes): void {
    this.#hold.use(modes)
  }

  suspend(): void {
    this.#leave()
    process.kill(0, "SIGTSTP")
  }

  close(): void {
    if (this.#owner.kind === "closed") return
    this.#hold.close()
    this.#owner = { kind: "closed" }
    this.#signals.off()
    this.#device.close()
  }

  /** Somebody else asked for a stop. A signal that is handled stops nobody, so it is done by the one that cannot be. */
  #stopped(): void {
    // Lent, there is nothing of ours on it.
    if (this.#owner.kind === "ours") this.#onStop()
    this.#leave()
    process.kill(process.pid, "SIGSTOP")
  }

  #leave(): void {
    if (this.#owner.kind === "stopped") return
    this.#hold.giveBack()
    this.#owner = { kind: "stopped", before: this.#owner }
    this.#signals.handlesStop = false
    // A group that nobody could continue is not stopped, and no signal tells so. Awake again, the signal has the first word.
    setTimeout(() => setTimeout(() => this.#resume(), ORPHAN_MS), 0)
  }

  #continued(): void {
    if (this.#owner.kind === "stopped") return this.#resume()
    if (this.#owner.kind !== "ours") return
    // Stopped without being asked: the shell has set the terminal up for itself.
    this.#hold.takeAgain()
    this.measure()
    this.#onContinue()
  }

  #resume(): void {
    if (this.#owner.kind !== "stopped") return
    const { before } = this.#owner
    if (before.kind === "ours") this.raw()
    else {
      this.#owner = before
      this.#signals.handlesStop = true
    }
    this.measure()
    if (before.kind === "ours") this.#onContinue()
  }

  get #isLent(): boolean {
    const owner = this.#owner
    return (owner.kind === "stopped" ? owner.before : owner).kind === "lent"
  }

  #hungUp(): void {
    if (this.#owner.kind === "gone" || this.#owner.kind === "closed") return
    this.#owner = { kind: "gone" }
    this.#hold.keys.stop()
    this.#onHangUp()
  }

  #asked(signal: "SIGINT" | "SIGTERM"): void {
    // Ctrl+C in the program that has the terminal is meant for that one.
    if (this.#isLent && signal === "SIGINT") return
    this.#hold.endMuted()
    if (this.#owner.kind === "ours") this.#owner = { kind: "free" }
    this.#onEnd(signal)
  }

  #ended(signal: Deadly): void {
    // Ctrl+\ is the other program's as Ctrl+C is.
    if (this.#isLent && signal === "SIGQUIT") return
    this.#die(signal)
  }

  #die(signal: Deadly): void {
    this.#hold.end()
    this.#signals.die(signal)
  }
}

const ORPHAN_MS = 100
