import { fstatSync, writeSync } from "node:fs"
import { visible } from "@skein/protocol"
import type { RawTerminal } from "./terminal.ts"
import { UsageError } from "./usage.ts"

/** The process as a verb sees it: streams, environment, folder. A test gives its own. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** Whole lines, without their newline. */
  out(line: string): void
  /** Text for stdout as it is, with the newlines it holds. */
  text(text: string): void
  /** Names and values from anywhere may be in it: what would move a cursor or hide text is shown as an escape. */
  err(line: string): void
  readonly isInputTerminal: boolean
  readonly isOutputTerminal: boolean
  /** All of stdin; undefined when nothing is piped in, or when nothing came for as long as was waited. */
  readInput(patience?: Patience): Promise<string | undefined>
  /** Lines of stdin as they come. Throws UsageError for one of more than 64 MiB. */
  inputLines(): AsyncIterable<string>
  /** Calls back for each interrupt (Ctrl+C) or end request; the returned function stops that. */
  onSignal(handler: (signal: "SIGINT" | "SIGTERM") => void): () => void
  /** Milliseconds since 1970. */
  now(): number
  /** How wide lines may be: COLUMNS, else the terminal's width, else 80. */
  columns(): Promise<number>
  /** The terminal key by key. Only where both ends are one. */
  openTerminal(): Promise<RawTerminal>
}

/** How long the first byte of stdin is waited for, and who is told when none came. */
export interface Patience {
  readonly ms: number
  readonly onSilence: () => void
}

/** The real process. Streams are written by file descriptor: Node's stream objects cost 9 ms at start. */
export function processIo(): Io {
  return {
    env: process.env,
    cwd: process.cwd(),
    out: (line) => writeAll(1, `${line}\n`),
    text: (text) => writeAll(1, text),
    err: (line) => writeAll(2, `${visible(line)}\n`),
    get isInputTerminal() {
      return isTerminal(0)
    },
    get isOutputTerminal() {
      return isTerminal(1)
    },
    async readInput(patience) {
      return isPiped(0) ? allInput(patience) : undefined
    },
    inputLines: sharedLines(),
    onSignal(handler) {
      const onInt = () => handler("SIGINT")
      const onTerm = () => handler("SIGTERM")
      process.on("SIGINT", onInt)
      process.on("SIGTERM", onTerm)
      return () => {
        process.off("SIGINT", onInt)
        process.off("SIGTERM", onTerm)
      }
    },
    now: () => Date.now(),
    async columns() {
      const asked = Number(process.env.COLUMNS)
      if (Number.isInteger(asked) && asked > 0) return asked
      return isTerminal(1) ? (await import("./terminal.ts")).columnsOf(1) : COLUMNS
    },
    openTerminal: async () => (await import("./terminal.ts")).rawTerminal((text) => writeAll(1, text)),
  }
}

const COLUMNS = 80

/** Writes everything, also to a pipe that takes a little at a time. A reader that went away ends the process quietly. */
function writeAll(fd: number, text: string): void {
  let left = Buffer.from(text)
  while (left.length > 0) {
    try {
      left = left.subarray(writeSync(fd, left))
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined
      if (code === "EPIPE") process.exit(fd === 1 ? 0 : 1)
      if (code !== "EAGAIN") throw error
      Bun.sleepSync(1)
    }
  }
}

/** Linux device numbers of what a character device can be, besides a terminal. */
const MEMORY_DEVICES_MAJOR = 1

function isTerminal(fd: number): boolean {
  try {
    const stat = fstatSync(fd)
    return stat.isCharacterDevice() && stat.rdev >> 8 !== MEMORY_DEVICES_MAJOR
  } catch {
    // A closed descriptor is no terminal.
    return false
  }
}

function isPiped(fd: number): boolean {
  try {
    const stat = fstatSync(fd)
    return stat.isFIFO() || stat.isFile() || stat.isSocket()
  } catch {
    // A closed descriptor gives nothing.
    return false
  }
}

/** Once something has come, the rest is waited for however long it takes. */
async function allInput(patience: Patience | undefined): Promise<string | undefined> {
  const reader = Bun.stdin.stream().getReader()
  const first = patience === undefined ? await reader.read() : await within(patience.ms, reader.read())
  if (first === undefined) {
    patience?.onSilence()
    return undefined
  }
  const pieces: Uint8Array[] = []
  for (let piece = first; !piece.done; piece = await reader.read()) pieces.push(piece.value)
  return new TextDecoder().decode(Buffer.concat(pieces))
}

function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(resolve, ms)
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}

/** Who is done with the lines leaves the rest to whoever asks next: a question before a front-end takes one line. */
function sharedLines(): Io["inputLines"] {
  let source: AsyncGenerator<string> | undefined
  return () => ({
    [Symbol.asyncIterator]() {
      source ??= inputLines()
      const lines = source
      return { next: () => lines.next() }
    },
  })
}

/** Of one line of stdin: what a program says in one message, with pictures and files in it. */
const LINE_BYTES_MAX = 64 * 1024 * 1024
const NEWLINE = 0x0a

/** Throws UsageError for a line beyond the bound; nothing of it is taken. */
async function* inputLines(): AsyncGenerator<string> {
  let pieces: Uint8Array[] = []
  let bytes = 0
  const add = (piece: Uint8Array) => {
    bytes += piece.length
    if (bytes > LINE_BYTES_MAX) {
      throw new UsageError(`A line of stdin has more than ${LINE_BYTES_MAX} bytes, which is as long as one may be.`)
    }
    pieces.push(piece)
  }
  const whole = () => {
    const line = Buffer.concat(pieces).toString("utf8")
    ;[pieces, bytes] = [[], 0]
    return line
  }
  for await (const chunk of Bun.stdin.stream()) {
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, end))
      from = end + 1
      const line = whole()
      yield line.endsWith("\r") ? line.slice(0, -1) : line
    }
    if (from < chunk.length) add(chunk.subarray(from))
  }
  if (bytes > 0) yield whole()
}
