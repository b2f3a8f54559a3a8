import { constants, readFileSync } from "node:fs"
import type { TakeLock } from "@skein/core/ports"
import { replaceFile, whileLocked } from "@skein/kept"
import { SkeinError } from "@skein/protocol"
import type { Item } from "./item.ts"

export type Decision = "trusted" | "refused"

/** What a person decided about a folder: about exactly these items. */
export interface Decided {
  readonly decision: Decision
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly items: readonly Pick<Item, "kind" | "name" | "sha256">[]
  /** A person said so, and it was not that there was nothing to ask them. */
  readonly isByPerson?: boolean | undefined
}

/** What was decided, by the folder's real path. In the person's own data: a folder cannot bring it along. */
export interface Register {
  of(folder: string): Decided | undefined
  all(): ReadonlyMap<string, Decided>
  /** Undefined forgets what was decided. Rejects with SkeinError. */
  put(folder: string, decided: Decided | undefined): Promise<void>
}

type Written = Readonly<Record<string, Decided>>

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants

export function register(file: string, lock: () => Promise<TakeLock>): Register {
  const all = () => new Map(Object.entries(read(file)))
  return {
    all,
    of: (folder) => all().get(folder),
    async put(folder, decided) {
      try {
        await whileLocked(file, await lock(), () => {
          const { [folder]: _, ...others } = read(file)
          const folders = decided === undefined ? others : { ...others, [folder]: decided }
          replaceFile(file, `${JSON.stringify({ v: 1, folders })}\n`)
        })
      } catch (cause) {
        if (cause instanceof SkeinError) throw cause
        const why = cause instanceof Error ? cause.message : String(cause)
        throw new SkeinError(
          "config.invalid",
          `Cannot keep in ${file} what is trusted: ${why}. Check who may write there.`,
          { cause },
        )
      }
    },
  }
}

/** A damaged register would forget what was refused as well, so it is no empty one. */
function read(file: string): Written {
  let text: string
  try {
    text = readFileSync(file, { encoding: "utf8", flag: O_RDONLY | O_NOFOLLOW | O_NONBLOCK })
  } catch (error) {
    if (error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR")) return {}
    throw unreadable(file, error)
  }
  try {
    const { v, folders } = JSON.parse(text) as { v: unknown; folders: unknown }
    if (v === 1 && isWritten(folders)) return folders
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
  throw unreadable(file, new Error("it is not what skein wrote"))
}

function isWritten(folders: unknown): folders is Written {
  return isObject(folders) && Object.values(folders).every(isDecided)
}

function isDecided(value: unknown): boolean {
  if (!isObject(value) || typeof value.at !== "number" || !Array.isArray(value.items)) return false
  if (value.decision !== "trusted" && value.decision !== "refused") return false
  return value.items.every(
    (item: unknown) => isObject(item) && [item.kind, item.name, item.sha256].every((text) => typeof text === "string"),
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function unreadable(file: string, cause: unknown): SkeinError {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new SkeinError(
    "config.invalid",
    `Cannot read ${file}, where it is kept which folders you trust: ${why}. Move it away to be asked again.`,
    { cause },
  )
}
