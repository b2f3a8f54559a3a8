import { constants, readFileSync, statSync } from "node:fs"
import type { TakeLock } from "@skein/core/ports"
import { LockRefused, replaceFile, whileLocked } from "@skein/kept"
import { SkeinError } from "@skein/protocol"
import { isValues } from "../manifest/checks.ts"
import type { TrustedKey } from "../signed/seal.ts"

/** A plugin that the person agreed to, as it was then. */
export interface Installed {
  readonly name: string
  readonly version?: string | undefined
  /** Where it came from, in words that install it again. */
  readonly source: string
  /** From the folder of all plugins. */
  readonly folder: string
  /** Of all its files: what the person agreed to. */
  readonly sha256: string
  readonly isEnabled: boolean
  /** Milliseconds since the epoch. */
  readonly installedAt: number
  /** The id of the key that signed it. */
  readonly signedBy?: string | undefined
}

export interface Market {
  readonly name: string
  /** In words that add it again. */
  readonly source: string
  /** Where it lies: absolute, or from the folder of all plugins when it was fetched. */
  readonly folder: string
  readonly file: string
  /** Milliseconds since the epoch. */
  readonly updatedAt: number
  /** Of a signed index: whose it is, and the highest number it had. It takes no other key and no lower number. */
  readonly signedBy?: string | undefined
  readonly serial?: number | undefined
  readonly sha256?: string | undefined
}

export interface State {
  readonly plugins: readonly Installed[]
  readonly markets: readonly Market[]
  readonly keys: readonly TrustedKey[]
  /** The highest version of each plugin that was ever here, and from whom: an older one is no update. */
  readonly newest: Readonly<Record<string, { readonly version: string; readonly from: string }>>
}

/** What is installed. In the person's own data: nothing of it can be brought along by a folder. */
export interface StateFile {
  /** Read again only when the file is another. Throws SkeinError `config.invalid` for a damaged one. */
  read(): State
  /** Whether there is one at all: nothing else is looked at where there is none. */
  exists(): boolean
  /** One at a time, over all processes; on disk when it resolves, or not at all. Rejects with SkeinError. */
  change<T>(work: (state: State) => Promise<{ readonly state: State; readonly result: T }>): Promise<T>
}

const EMPTY: State = { plugins: [], markets: [], keys: [], newest: {} }
const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
const WAIT_MS = 10_000

export function stateFile(file: string, lock: () => Promise<TakeLock>): StateFile {
  let known: { readonly print: string; readonly state: State } | undefined
  const read = () => {
    const print = printOf(file)
    if (print === undefined) return EMPTY
    if (known?.print !== print) known = { print, state: parsedState(file) }
    return known.state
  }
  return {
    read,
    exists: () => printOf(file) !== undefined,
    async change(work) {
      const changed = async () => {
        const { state, result } = await work(read())
        if (state !== known?.state) kept(file, `${JSON.stringify({ v: 1, ...state }, null, 1)}\n`)
        return result
      }
      try {
        return await whileLocked(file, await lock(), changed, WAIT_MS)
      } catch (cause) {
        throw isRefused(cause) ? unwritable(file, cause) : cause
      }
    },
  }
}

function printOf(file: string): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false, bigint: true })
  return stats === undefined ? undefined : `${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}`
}

function kept(file: string, text: string): void {
  try {
    replaceFile(file, text)
  } catch (cause) {
    throw unwritable(file, cause)
  }
}

/** By the lock, or by the operating system before anything was done; `work` throws SkeinError. */
function isRefused(cause: unknown): boolean {
  return (
    cause instanceof LockRefused || (cause instanceof Error && !(cause instanceof SkeinError) && "syscall" in cause)
  )
}

function parsedState(file: string): State {
  try {
    const value: unknown = JSON.parse(
      readFileSync(file, { encoding: "utf8", flag: O_RDONLY | O_NOFOLLOW | O_NONBLOCK }),
    )
    if (isState(value)) return value
    throw new Error("it is not what skein wrote")
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new SkeinError(
      "config.invalid",
      `Cannot read ${file}, where it is kept which plugins are installed: ${why}. Move it away to begin anew.`,
      { cause },
    )
  }
}

function isState(value: unknown): value is State {
  if (!isValues(value) || value.v !== 1 || !isValues(value.newest)) return false
  return (
    isTable(value.plugins, ["name", "source", "folder", "sha256"]) &&
    isTable(value.markets, ["name", "source", "folder", "file"]) &&
    isTable(value.keys, ["id", "key", "name"])
  )
}

function isTable(value: unknown, texts: readonly string[]): boolean {
  if (!Array.isArray(value)) return false
  return value.every((row: unknown) => isValues(row) && texts.every((key) => typeof row[key] === "string"))
}

function unwritable(file: string, cause: unknown): SkeinError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new SkeinError("config.invalid", `Cannot keep in ${file} which plugins are installed: ${why}.`, { cause })
}
