import { Database } from "bun:sqlite"
import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import type { FileFacts } from "../read/reading.ts"
import { hashOf } from "../read/references.ts"
import { rowFor } from "../read/rows.ts"
import type { Stamp } from "./source-file.ts"

/** A file as it was when it was read last. */
export interface KeptFile extends Stamp {
  readonly id: number
  readonly sum: string
}

/** Changes with every change of what is read or how it is kept: what was kept otherwise is thrown away. */
const FORMAT = 1

const TABLES = `
  CREATE TABLE files (
    id INTEGER PRIMARY KEY, path TEXT UNIQUE NOT NULL, mtimeMs REAL NOT NULL, size INTEGER NOT NULL, sum TEXT NOT NULL,
    refs BLOB NOT NULL, imports TEXT NOT NULL
  );
  CREATE TABLE definitions (
    file INTEGER NOT NULL, name TEXT NOT NULL, hash INTEGER NOT NULL, kind TEXT NOT NULL,
    line INTEGER NOT NULL, lineEnd INTEGER NOT NULL, depth INTEGER NOT NULL, signature TEXT NOT NULL,
    reach REAL NOT NULL
  );
  CREATE INDEX definitions_file ON definitions (file);
  CREATE INDEX definitions_name ON definitions (name COLLATE NOCASE);
  PRAGMA user_version = ${FORMAT};`

/**
 * What is known of one tree, in a file of the cache folder for its owner alone. It can be deleted at any time: it is made
 * anew and says the same. One that is damaged or of another format is.
 */
export function openFacts(path: string): Facts {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    return new Facts(path)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    remove(path)
    return new Facts(path)
  }
}

export class Facts {
  readonly db: Database
  readonly #insertFile
  readonly #insertDefinition

  constructor(path: string) {
    this.db = new Database(path, { create: true })
    chmodSync(path, 0o600)
    // A cache: what a power cut takes is read again. Another skein may have it open.
    this.db.run(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -8000",
    )
    const { user_version: format } = this.db.query<{ user_version: number }, []>("PRAGMA user_version").get() ?? {
      user_version: 0,
    }
    if (format !== FORMAT && format !== 0) throw new Error(`${path} is of another format`)
    if (format === 0) this.db.transaction(() => this.db.run(TABLES)).immediate()
    this.#insertFile = this.db.query<{ id: number }, [string, number, number, string, Uint8Array, string]>(
      "INSERT INTO files (path, mtimeMs, size, sum, refs, imports) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
    )
    this.#insertDefinition = this.db.query(
      "INSERT INTO definitions (file, name, hash, kind, line, lineEnd, depth, signature, reach) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    // Its time says when a tree was asked about last.
    writeFileSync(`${path}${USED}`, "")
  }

  known(): Map<string, KeptFile> {
    const rows = this.db
      .query<KeptFile & { path: string }, []>("SELECT path, id, mtimeMs, size, sum FROM files")
      .iterate()
    const found = new Map<string, KeptFile>()
    for (const { path, ...kept } of rows) found.set(path, kept)
    return found
  }

  touch(id: number, { mtimeMs, size }: Stamp): void {
    this.db.query("UPDATE files SET mtimeMs = ?, size = ? WHERE id = ?").run(mtimeMs, size, id)
  }

  drop(id: number): void {
    this.db.query("DELETE FROM definitions WHERE file = ?").run(id)
    this.db.query("DELETE FROM files WHERE id = ?").run(id)
  }

  /** A file that says nothing is kept too: it need not be read again. */
  put(path: string, kept: Stamp & { readonly sum: string }, facts: FileFacts | undefined): void {
    const { buffer, byteLength = 0 } = facts?.references ?? {}
    const refs = buffer === undefined ? new Uint8Array() : new Uint8Array(buffer, 0, byteLength)
    const row = this.#insertFile.get(
      path,
      kept.mtimeMs,
      kept.size,
      kept.sum,
      refs,
      JSON.stringify(facts?.imports ?? []),
    )
    if (row === null) return
    const share = TESTING.test(path) ? 0.2 : 1
    for (const { name, kind, line, lineEnd, depth, signature, reach } of facts?.definitions ?? []) {
      this.#insertDefinition.run(
        row.id,
        name,
        hashOf(name, rowFor(path)?.family ?? 0),
        kind,
        line,
        lineEnd,
        depth,
        signature,
        reach * share,
      )
    }
  }

  close(): void {
    this.db.close()
  }
}

/** Tests rest on the code, and hardly anything on them. */
const TESTING =
  /(^|\/)(tests?|specs?|__tests__|fixtures|examples?|bench(marks?)?)\/|[._-](test|spec)\.\w+$|(^|\/)test_\w+\.py$/

const TREES_MAX = 16
const BYTES_MAX = 1_000_000_000

/** Gives back the room of the trees that were asked about longest ago. */
export function boundFolder(folder: string): void {
  const kept = readdirSync(folder)
    .filter((name) => name.endsWith(".sqlite"))
    .map((name) => join(folder, name))
    .map((path) => ({ path, size: statOf(path).size, mtimeMs: statOf(`${path}${USED}`).mtimeMs }))
    .toSorted((a, b) => b.mtimeMs - a.mtimeMs)
  let bytes = 0
  for (const [at, { path, size }] of kept.entries()) {
    bytes += size
    if (at === 0 || (at < TREES_MAX && bytes <= BYTES_MAX)) continue
    remove(path)
  }
}

const USED = ".used"

function remove(path: string): void {
  for (const part of ["", "-wal", "-shm", USED]) rmSync(`${path}${part}`, { force: true })
}

function statOf(path: string): Stamp {
  const found = statSync(path, { throwIfNoEntry: false })
  return { mtimeMs: found?.mtimeMs ?? 0, size: found?.size ?? 0 }
}
