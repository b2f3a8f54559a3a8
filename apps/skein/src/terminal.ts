import { closeSync, openSync, read } from "node:fs"
import { ReadStream, WriteStream } from "node:tty"

/** A terminal that shows nothing by itself and gives every key as it is pressed. */
export interface RawTerminal {
  readonly columns: number
  readonly rows: number
  /** The bytes of the next keys. */
  read(): Promise<string>
  write(text: string): void
  /** Gives the terminal back as it was. */
  close(): void
}

/**
 * The terminal by its own name, so that standard input stays as it is for whoever reads lines from it afterwards. Throws
 * when the process has none.
 */
export function rawTerminal(write: (text: string) => void): RawTerminal {
  const fd = openSync("/dev/tty", "r+")
  const input = new ReadStream(fd)
  const output = new WriteStream(fd)
  input.setRawMode(true)
  // A process that is ended from outside must not leave a terminal behind that echoes nothing and hides its cursor.
  const restore = () => {
    input.setRawMode(false)
    write(SHOW_CURSOR)
  }
  const ended = (_: string, signal: number) => process.exit(SIGNALLED + signal)
  process.once("exit", restore)
  for (const signal of SIGNALS) process.once(signal, ended)
  const buffer = Buffer.alloc(BYTES_MAX)
  const decoder = new TextDecoder()
  return {
    get columns() {
      return output.columns || COLUMNS
    },
    get rows() {
      return output.rows || ROWS
    },
    async read() {
      const bytes = await new Promise<number>((resolve, reject) => {
        read(fd, buffer, 0, BYTES_MAX, null, (error, count) => (error === null ? resolve(count) : reject(error)))
      })
      return decoder.decode(buffer.subarray(0, bytes), { stream: true })
    },
    write,
    close() {
      for (const signal of SIGNALS) process.off(signal, ended)
      process.off("exit", restore)
      restore()
      closeSync(fd)
    },
  }
}

/** The width of the terminal behind a descriptor. */
export function columnsOf(fd: number): number {
  return new WriteStream(fd).columns || COLUMNS
}

/** What ends a process, but for Ctrl+C, which is a key here. */
const SIGNALS = ["SIGTERM", "SIGHUP"] as const
/** A shell's status of one that a signal ended: this and the signal's number. */
const SIGNALLED = 128
const SHOW_CURSOR = "\u001b[?25h"

const BYTES_MAX = 4_096
const COLUMNS = 80
const ROWS = 24
