import type { Size } from "../frame.ts"
import type { Modes } from "../modes.ts"
import { openDevice } from "./device.ts"
import { OwnTerminal } from "./own-terminal.ts"

/** The terminal that this process stands in. */
export interface Terminal {
  readonly size: Size
  /**
   * In order and whole, however slow the terminal is; never blocks. What is written while somebody else has the terminal, after
   * `cooked`, comes with the next `raw`. After a hang-up it goes nowhere, and nothing is drawn any more once the end of the
   * process left out what a slow terminal had not taken: it is given back instead.
   */
  write(bytes: string): void
  /** Bytes as they come, while raw. One reader. */
  onInput(handler: (bytes: Uint8Array) => void): void
  onResize(handler: (size: Size) => void): void
  /** Asks the system now, whose word of another size may be under way. True if there is one: `onResize` was told of it. */
  measure(): boolean
  /** No echo, no line editing, no signals from keys; input is read, and the modes are on. Idempotent. */
  raw(): void
  /**
   * As it was before, modes off, and its input left to others, as an editor: an interrupt is theirs too, until `raw`. Idempotent,
   * and done on every way out of the process that it is told of.
   */
  cooked(): void
  /** What `raw` and `cooked` write besides. Changed while raw, the old ones are turned off first. */
  useModes(modes: Modes): void
  /** Stops the job as Ctrl+Z does anywhere else; returns at once. `onContinue` tells that it goes on. */
  suspend(): void
  /** Somebody else stops the job: what is drawn can still be taken off the screen. `suspend` does not tell. */
  onStop(handler: () => void): void
  /** The job was stopped while raw and goes on: what is on the screen is not ours, and its size may be another. */
  onContinue(handler: () => void): void
  /** The terminal is gone. Without a handler the process ends. */
  onHangUp(handler: () => void): void
  /**
   * Somebody asks the process to end; the terminal is already given back, but for the screen, where what is left to be told
   * can be seen until other modes are used. Without a handler it does.
   */
  onEnd(handler: (signal: "SIGINT" | "SIGTERM") => void): void
  /** Whether the terminal takes bytes slower than they are written: a frame can be left out. */
  readonly isCongested: boolean
  /** Gives everything back. */
  close(): void
}

/**
 * Opens it, not raw yet; undefined where there is none. Costs no millisecond: neither Node's streams nor its terminals are
 * loaded. Signals are handled from here on.
 */
export function openTerminal(): Terminal | undefined {
  const device = openDevice()
  return device === undefined ? undefined : new OwnTerminal(device)
}
