import type { Database } from "bun:sqlite"
import type { Gathered, ReadState } from "./gather.ts"
import type { LogFile } from "./log-files.ts"

/** What the catalogue knows of one log. Unreadable ones are known too, so that they are not tried again and again. */
export type Known =
  | { readonly kind: "session"; readonly state: ReadState }
  | { readonly kind: "unreadable"; readonly sentence: string }
  | { readonly kind: "empty" }

/** One that can be listed; `key` is its number in this database. */
export interface Session {
  readonly key: number
  readonly state: ReadState
}

/** One log as it is now, read on from `base` or else from its start. */
export interface News {
  readonly file: LogFile
  readonly known: Known
  readonly gathered?: Gathered | undefined
  /** The end of what was known before: what is added to it only if nobody else has. Undefined: all is replaced. */
  readonly base?: number | undefined
}

export interface Entry {
  readonly key: number
  readonly inode: number
  readonly size: number
  readonly modified: number
  readonly known: Known
}

/** The logs that a database knows, by session id. */
export interface KnownLogs {
  /** As the database has them now; parsed again only where they changed. Throws when a row is not what was written. */
  read(): ReadonlyMap<string, Entry>
  /** This connection has written. What others wrote is noticed. */
  forget(): void
}

export function knownLogs(database: Database): KnownLogs {
  const version = database.query<{ data_version: number }, []>("PRAGMA data_version")
  const select = database.query("SELECT key, id, inode, size, modified, state, sum FROM logs")
  let entries = new Map<string, Entry & { readonly text: string }>()
  let entriesVersion: number | undefined
  return {
    read() {
      const now = version.get()?.data_version
      if (now === entriesVersion && now !== undefined) return entries
      const before = entries
      entries = new Map()
      for (const [key, id, inode, size, modified, text, sum] of select.values() as LogRow[]) {
        const old = before.get(id)
        if (old?.text !== text && sumOf(id, text) !== sum) throw new DamagedRow(id)
        entries.set(id, { key, inode, size, modified, text, known: old?.text === text ? old.known : JSON.parse(text) })
      }
      entriesVersion = now
      return entries
    },
    forget() {
      entriesVersion = undefined
    },
  }
}

type LogRow = [key: number, id: string, inode: number, size: number, modified: number, text: string, sum: number]

/** A row of the catalogue is not what was written. */
export class DamagedRow extends Error {
  constructor(id: string) {
    super(`The catalogue's row of ${id} is damaged`)
  }
}

/** Of what SQLite itself does not check. */
export function sumOf(id: string, state: string): number {
  return Bun.hash.crc32(`${id} ${state}`)
}
