import { closeSync, constants, fstatSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs"
import { dirname } from "node:path"

const LOG_LEVELS = ["error", "warn", "info", "debug"] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/**
 * Where skein tells its own story: a file, never stdout. Payload-free: ids, sizes, durations and errors only, but for what
 * servers and extensions say for it.
 */
export interface LogFile {
  write(level: LogLevel, text: string, facts?: Readonly<Record<string, string | number | boolean | undefined>>): void
  /** Why nothing more is written: a full disk or a folder that may not be written must not end a session's work. */
  readonly failure: unknown
}

/** As much of what somebody else's program says stands in one line. */
export const LOG_CHARS_MAX = 2_000

/** A file of this size is moved to `<file>.1` and a new one begun; one older file is kept. */
const BYTES_MAX = 10_000_000

interface LogFileOptions {
  readonly path: string
  readonly level: LogLevel
  readonly now: () => number
  /** Takes secrets out of what is written. */
  readonly redact?: ((text: string) => string) | undefined
}

/** Opens the file with the first line that is worth writing, so that a run with nothing to tell touches no disk. */
export function logFile({ path, level, now, redact = (text) => text }: LogFileOptions): LogFile {
  let fd: number | undefined
  let bytes = 0
  const open = () => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const { O_WRONLY, O_CREAT, O_APPEND, O_NOFOLLOW } = constants
    fd = openSync(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600)
    bytes = fstatSync(fd).size
    return fd
  }
  const rotate = () => {
    if (fd !== undefined) closeSync(fd)
    renameSync(path, `${path}.1`)
    return open()
  }
  const put = (line: string) => {
    let to = fd ?? open()
    if (bytes + line.length > BYTES_MAX && bytes > 0) to = rotate()
    bytes += writeSync(to, line)
  }
  let failure: unknown
  return {
    write(lineLevel, text, facts) {
      if (failure !== undefined || LOG_LEVELS.indexOf(lineLevel) > LOG_LEVELS.indexOf(level)) return
      try {
        put(
          `${JSON.stringify({ at: new Date(now()).toISOString(), level: lineLevel, text: redact(text), ...facts })}\n`,
        )
      } catch (error) {
        failure = error
      }
    },
    get failure() {
      return failure
    },
  }
}
