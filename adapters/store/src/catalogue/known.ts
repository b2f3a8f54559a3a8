import type { Database } from "bun:sqlite"
import { crc32 } from "../checksum.ts"
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

type LogRow = [key: number, id: string, inode: number, size: number, modified: number, state: string, sum: number]

/** Throws when a row is not what was written. */
export function knownLogs(database: Database): Map<string, Entry> {
  const entries = new Map<string, Entry>()
  const rows = database.query("SELECT key, id, inode, size, modified, state, sum FROM logs").values() as LogRow[]
  for (const [key, id, inode, size, modified, state, sum] of rows) {
    if (sumOf(id, state) !== sum) throw new DamagedRow(id)
    entries.set(id, { key, inode, size, modified, known: JSON.parse(state) })
  }
  return entries
}

/** A row of the catalogue is not what was written. */
export class DamagedRow extends Error {
  constructor(id: string) {
    super(`The catalogue's row of ${id} is damaged`)
  }
}

/** Of what SQLite itself does not check. */
export function sumOf(id: string, state: string): number {
  return crc32(new TextEncoder().encode(`${id} ${state}`))
}
