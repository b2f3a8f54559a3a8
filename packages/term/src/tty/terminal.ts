import type { Size } from "../frame.ts"
import { type Modes, modeChange } from "../modes.ts"
import { type Device, openDevice } from "./device.ts"
import { Keys } from "./keys.ts"
import { Outbox } from "./outbox.ts"

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
  return device === undefined ? undefined : terminalOn(device)
}

function terminalOn(device: Device): Terminal {
  let size = device.size()
  let isRaw = false
  /** Another screen than the shell's is seen. */
  let isElsewhere = false
  let isClosed = false
  let isSuspended = false
  let isLent = false
  let kept = ""
  let modes = NO_MODES
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
    show(modes, modeChange(NO_MODES, modes) + kept)
    kept = ""
    keys.start()
  }
  const show = ({ screen }: Modes, bytes: string) => {
    isElsewhere = screen !== undefined
    outbox.write(bytes)
  }
  let isCut = false
  /** For the end of the process: what is drawn waits so long for a slow terminal, and no longer before what it is given back by. */
  const cutAfter = (ms: number) => {
    if (!isRaw) return
    outbox.drain(ms)
    if (!outbox.isCongested) return
    outbox.cut()
    isCut = true
  }
  /** The modes and what the system does with keys are as before; what is drawn can still be seen. */
  const muted = () => {
    if (!isRaw) return
    isRaw = false
    keys.stop()
    outbox.write(modes.off)
    outbox.drain(DRAIN_MS_MAX)
    device.setRaw(false)
  }
  const cooked = () => {
    muted()
    if (!isElsewhere) return
    show(NO_MODES, modes.screen?.leave ?? "")
    outbox.drain(DRAIN_MS_MAX)
  }
  let hasLeft = false
  const exit = () => {
    cutAfter(CUT_MS)
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
  const die = (signal: Deadly) => {
    exit()
    process.off(signal, handlers[signal])
    process.kill(process.pid, signal)
  }
  const ended = (signal: "SIGINT" | "SIGTERM") => {
    // Ctrl+C in the program that has the terminal is meant for that one.
    if (isLent && signal === "SIGINT") return
    cutAfter(CUT_MS)
    muted()
    // What would be drawn now would be drawn on what is not there.
    if (isCut) exit()
    onEnd(signal)
  }
  const handlers = {
    SIGWINCH: measured,
    SIGCONT: continued,
    SIGTSTP: stopped,
    SIGHUP: hangUp,
    SIGINT: () => ended("SIGINT"),
    SIGTERM: () => ended("SIGTERM"),
    // That of Ctrl+\, which is the other program's as Ctrl+C is.
    SIGQUIT: () => (isLent ? undefined : die("SIGQUIT")),
    SIGUSR1: () => die("SIGUSR1"),
    SIGUSR2: () => die("SIGUSR2"),
    SIGALRM: () => die("SIGALRM"),
    SIGVTALRM: () => die("SIGVTALRM"),
    SIGXCPU: () => die("SIGXCPU"),
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
      else if (!isCut) outbox.write(bytes)
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
      if (isRaw) show(wanted, modeChange(modes, wanted))
      else if (isElsewhere && wanted.screen === undefined) show(wanted, modes.screen?.leave ?? "")
      modes = { ...wanted }
    },
    suspend() {
      leave()
      process.kill(0, "SIGTSTP")
    },
    close() {
      if (isClosed) return
      cutAfter(DRAIN_MS_MAX)
      if (isCut) exit()
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

const NO_MODES: Modes = { on: "", off: "" }
/** A terminal that takes nothing any more does not keep the process. */
const DRAIN_MS_MAX = 500
/** The same for frames, where a signal or a defect ends the process. */
const CUT_MS = 100
const ORPHAN_MS = 100

/** What ends a process that does not handle it. */
type Deadly = "SIGHUP" | "SIGINT" | "SIGTERM" | "SIGQUIT" | "SIGUSR1" | "SIGUSR2" | "SIGALRM" | "SIGVTALRM" | "SIGXCPU"
