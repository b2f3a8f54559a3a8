import { closeSync, constants, openSync } from "node:fs"
import { createRequire } from "node:module"
import type { Size } from "../frame.ts"

/** A terminal as the system gives it. */
export interface Device {
  /** For writing: ours alone, so that it can be one that does not block without changing it for the shell. */
  readonly fd: number
  /** By which input is opened anew each time it is read. Undefined: only standard input itself can be, and only once. */
  readonly inputPath: string | undefined
  size(): Size
  setRaw(isRaw: boolean): void
  close(): void
}

/** What standard output goes to, else what the process is controlled by; undefined when neither is a terminal. */
export function openDevice(): Device | undefined {
  const opened = isTerminal(1)
    ? (open(OWN_OUTPUT) ?? open(CONTROLLING) ?? { fd: 1, path: undefined })
    : open(CONTROLLING)
  if (opened === undefined) return undefined
  const { fd, path } = opened
  const control = controlOf(fd)
  return {
    fd,
    inputPath: inputPath(path),
    size() {
      const { columns, rows } = control.size()
      return columns > 0 && rows > 0 ? { columns, rows } : UNKNOWN_SIZE
    },
    setRaw: (isRaw) => control.setRaw(isRaw),
    close: () => (fd === 1 ? undefined : closeSync(fd)),
  }
}

/** Whether a descriptor is a terminal. */
export function isTerminal(fd: number): boolean {
  return binding()?.isTTY(fd) ?? tty().isatty(fd)
}

interface Control {
  size(): Size
  setRaw(isRaw: boolean): void
}

/** The system's own calls, by the binding that Node's terminals are made of; those themselves where a runtime has no such binding. */
function controlOf(fd: number): Control {
  const Handle = binding()?.TTY
  if (Handle === undefined) return nodeControl(fd)
  const handle = new Handle(fd, {})
  const measured: [number, number] = [0, 0]
  return {
    size: () => (handle.getWindowSize(measured) ? { columns: measured[0], rows: measured[1] } : UNKNOWN_SIZE),
    // A terminal that is gone has no modes: its hang-up is told by what reads and writes.
    setRaw: (isRaw) => void handle.setRawMode(isRaw ? 1 : 0),
  }
}

function nodeControl(fd: number): Control {
  const { ReadStream, WriteStream } = tty()
  const input = new ReadStream(fd)
  const output = new WriteStream(fd)
  input.pause()
  return {
    size: () => ({ columns: output.columns, rows: output.rows }),
    setRaw: (isRaw) => void input.setRawMode(isRaw),
  }
}

interface Binding {
  readonly TTY: new (
    fd: number,
    context: object,
  ) => {
    /** Columns and rows into the pair; false when it has none. */
    getWindowSize(size: [number, number]): boolean
    /** Zero, or the system's error. */
    setRawMode(mode: 0 | 1): number
  }
  isTTY(fd: number): boolean
}

/** Undocumented, so it is looked at before it is believed. Node's own way costs three milliseconds of a start. */
function binding(): Binding | undefined {
  if (!("binding" in process) || typeof process.binding !== "function") return undefined
  const found: unknown = process.binding("tty_wrap")
  return isBinding(found) ? found : undefined
}

function isBinding(found: unknown): found is Binding {
  if (typeof found !== "object" || found === null || !("TTY" in found) || !("isTTY" in found)) return false
  return typeof found.TTY === "function" && typeof found.isTTY === "function"
}

function tty(): typeof import("node:tty") {
  return createRequire(import.meta.url)("node:tty")
}

function open(path: string): { readonly fd: number; readonly path: string } | undefined {
  try {
    const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOCTTY)
    if (isTerminal(fd)) return { fd, path }
    closeSync(fd)
    return undefined
  } catch (error) {
    // Another user's terminal, or none: the next way is tried.
    if (error instanceof Error && "code" in error) return undefined
    throw error
  }
}

/** Elsewhere the name of a descriptor gives the same open file, blocking and all. */
const OWN_OUTPUT = process.platform === "linux" ? "/proc/self/fd/1" : "/dev/tty"
const OWN_INPUT = "/proc/self/fd/0"
const CONTROLLING = "/dev/tty"
const UNKNOWN_SIZE: Size = { columns: 80, rows: 24 }

/**
 * Linux opens what a descriptor stands for anew. Elsewhere its name gives the same open file, which can be waited for where
 * the controlling terminal's own name cannot.
 */
function inputPath(outputPath: string | undefined): string | undefined {
  if (process.platform !== "linux") {
    const shown = [0, 1].find(isTerminal)
    return shown === undefined ? outputPath : `/dev/fd/${shown}`
  }
  const own = isTerminal(0) ? open(OWN_INPUT) : undefined
  if (own === undefined) return outputPath
  closeSync(own.fd)
  return own.path
}
