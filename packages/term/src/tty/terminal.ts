import type { Size } from "../frame.ts"
import type { Modes } from "../modes.ts"
import { type Device, openDevice } from "./device.ts"
import { Keys } from "./keys.ts"
import { Outbox } from "./outbox.ts"

/** The terminal that this process stands in. */
export interface Terminal {
  readonly size: Size
  /**
   * In order and whole, however slow the terminal is; never blocks. What is written while somebody else has the terminal, after
   * `cooked`, comes with the next `raw`. After a hang-up it goes nowhere.
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
   * and done on every way out of the process.
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
  /** Somebody asks the process to end; the terminal is already given back. Without a handler it does. */
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
  return device === undefined ? undefined : terminalOn(device)
}

function terminalOn(device: Device): Terminal {
  let size = device.size()
  let isRaw = false
  let isClosed = false
  let isSuspended = false
  let isLent = false
  let kept = ""
  let modes: Modes = { on: "", off: "" }
  let onResize = (_: Size): void => undefined
  let onStop = (): void => undefined
  let onContinue = (): void => undefined
  let onHangUp = (): void => die("SIGHUP")
  let onEnd = (signal: "SIGINT" | "SIGTERM"): void => die(signal)
  let isGone = false

  const hangUp = () => {
    if (isGone) return
    isGone = true
    keys.stop()
    onHangUp()
  }
  const outbox = new Outbox(device.fd, hangUp)
  const keys = new Keys(device.inputPath, hangUp)

  const raw = () => {
    if (isRaw || isClosed || isGone) return
    isRaw = true
    isLent = false
    hasLeft = false
    device.setRaw(true)
    outbox.write(modes.on + kept)
    kept = ""
    keys.start()
  }
  const cooked = () => {
    if (!isRaw) return
    isRaw = false
    keys.stop()
    outbox.write(modes.off)
    outbox.drain(DRAIN_MS_MAX)
    device.setRaw(false)
  }
  let hasLeft = false
  const exit = () => {
    cooked()
    // Once: on a screen that is already left, it would move the cursor.
    if (hasLeft) return
    hasLeft = true
    outbox.write(modes.last ?? "")
    outbox.drain(DRAIN_MS_MAX)
  }
  /** Before a defect is told, so that its words are on the screen that stays. */
  const failed = (error: unknown) => {
    exit()
    throw error
  }
  const measured = () => {
    const now = device.size()
    if (now.columns === size.columns && now.rows === size.rows) return false
    size = now
    onResize(size)
    return true
  }
  let wasRaw = false
  const resume = () => {
    if (!isSuspended) return
    isSuspended = false
    process.on("SIGTSTP", stopped)
    if (wasRaw) raw()
    measured()
    if (wasRaw) onContinue()
  }
  /** Somebody else asked for a stop. A signal that is handled stops nobody, so it is done by the one that cannot be. */
  const stopped = () => {
    // Lent, there is nothing of ours on it.
    if (isRaw) onStop()
    leave()
    process.kill(process.pid, "SIGSTOP")
  }
  const leave = () => {
    wasRaw = isRaw
    cooked()
    isSuspended = true
    process.off("SIGTSTP", stopped)
    // A group that nobody could continue is not stopped, and no signal tells so. Awake again, the signal has the first word.
    setTimeout(() => setTimeout(resume, ORPHAN_MS), 0)
  }
  const continued = () => {
    if (isSuspended) return resume()
    if (!isRaw) return
    // Stopped without being asked: the shell has set the terminal up for itself.
    device.setRaw(false)
    device.setRaw(true)
    outbox.write(`${modes.off}${modes.on}`)
    measured()
    onContinue()
  }
  /** By the signal, as if nobody had handled it: whoever started the process is told the truth. */
  const die = (signal: "SIGHUP" | "SIGINT" | "SIGTERM") => {
    exit()
    process.off(signal, handlers[signal])
    process.kill(process.pid, signal)
  }
  const ended = (signal: "SIGINT" | "SIGTERM") => {
    // Ctrl+C in the program that has the terminal is meant for that one.
    if (isLent && signal === "SIGINT") return
    cooked()
    onEnd(signal)
  }
  const handlers = {
    SIGWINCH: measured,
    SIGCONT: continued,
    SIGTSTP: stopped,
    SIGHUP: hangUp,
    SIGINT: () => ended("SIGINT"),
    SIGTERM: () => ended("SIGTERM"),
  } as const
  for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler)
  process.on("exit", exit)
  process.on("uncaughtExceptionMonitor", exit)
  process.on("unhandledRejection", failed)

  return {
    get size() {
      return size
    },
    get isCongested() {
      return outbox.isCongested
    },
    write(bytes) {
      if (isLent) kept += bytes
      else outbox.write(bytes)
    },
    onInput: (handler) => keys.onInput(handler),
    onResize(handler) {
      onResize = handler
    },
    measure: () => !isClosed && measured(),
    onStop(handler) {
      onStop = handler
    },
    onContinue(handler) {
      onContinue = handler
    },
    onHangUp(handler) {
      onHangUp = handler
    },
    onEnd(handler) {
      onEnd = handler
    },
    raw,
    cooked() {
      isLent ||= isRaw
      cooked()
    },
    useModes(wanted) {
      if (isRaw) outbox.write(`${modes.off}${wanted.on}`)
      modes = { ...wanted }
    },
    suspend() {
      leave()
      process.kill(0, "SIGTSTP")
    },
    close() {
      if (isClosed) return
      cooked()
      outbox.drain(DRAIN_MS_MAX)
      isClosed = true
      for (const [signal, handler] of Object.entries(handlers)) process.off(signal, handler)
      process.off("exit", exit)
      process.off("uncaughtExceptionMonitor", exit)
      process.off("unhandledRejection", failed)
      device.close()
    },
  }
}

/** A terminal that takes nothing any more does not keep the process. */
const DRAIN_MS_MAX = 500
const ORPHAN_MS = 100
