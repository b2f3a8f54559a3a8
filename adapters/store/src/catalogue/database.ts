import type { Database } from "bun:sqlite"
import { chmodSync, closeSync, constants, existsSync, lstatSync, mkdirSync, openSync, rmSync } from "node:fs"
import { dirname } from "node:path"
import { DATABASE_SUFFIXES } from "../paths.ts"

/** Raised with every change of the tables; another version is emptied and made anew. */
const FORMAT = 2
const BUSY_MS = 250
/** SQLite keeps three more files beside its own. */

/** How texts are cut into words. */
export const TOKENIZER = "tokenize = 'unicode61 remove_diacritics 2'"

const TABLES = `
  CREATE TABLE logs (
    key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, inode INTEGER NOT NULL, size INTEGER NOT NULL, modified REAL NOT NULL,
    state TEXT NOT NULL, sum INTEGER NOT NULL
  );
  CREATE TABLE places (id INTEGER PRIMARY KEY, log INTEGER NOT NULL, turn TEXT, seq INTEGER NOT NULL, at REAL NOT NULL);
  CREATE INDEX places_by_log ON places (log);
  CREATE VIRTUAL TABLE texts USING fts5 (body, ${TOKENIZER});
  CREATE TABLE prompts (
    log INTEGER NOT NULL, turn TEXT, seq INTEGER NOT NULL, at REAL NOT NULL, typed INTEGER NOT NULL, text TEXT NOT NULL
  );
  CREATE INDEX prompts_by_log ON prompts (log);
  CREATE INDEX prompts_by_time ON prompts (typed, at);
  CREATE TABLE spent (
    log INTEGER NOT NULL, turn TEXT, seq INTEGER NOT NULL, at REAL NOT NULL, model TEXT NOT NULL, step INTEGER NOT NULL,
    input INTEGER NOT NULL, cache_read INTEGER NOT NULL, cache_write INTEGER NOT NULL, output INTEGER NOT NULL,
    reasoning INTEGER NOT NULL, estimated INTEGER NOT NULL, micro_usd INTEGER, first_token_ms REAL, duration_ms REAL NOT NULL,
    miss_cause TEXT, miss_tokens INTEGER NOT NULL
  );
  CREATE INDEX spent_by_log ON spent (log);
`

/** Opens the database at `path`, for its owner alone, with its tables; in memory when no path is given. */
export async function openDatabase(path?: string): Promise<Database> {
  const { Database } = await import("bun:sqlite")
  if (path !== undefined) makePrivate(path)
  const database = new Database(path ?? ":memory:", { readwrite: true, create: true })
  try {
    database.run(`PRAGMA busy_timeout = ${BUSY_MS}`)
    database.run("PRAGMA journal_mode = WAL")
    // What a power cut takes of it is read from the logs again.
    database.run("PRAGMA synchronous = OFF")
    if (format(database) !== FORMAT) remake(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Takes a database away that is of no use. */
export function removeDatabase(path: string): void {
  for (const suffix of DATABASE_SUFFIXES) rmSync(`${path}${suffix}`, { force: true })
}

/** Runs `change` whole or not at all, and as the only one who writes. */
export function changing<T>(database: Database, change: () => T): T {
  return database.transaction(change).immediate()
}

/** SQLite makes files that all may read, and follows links. */
function makePrivate(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  for (const suffix of DATABASE_SUFFIXES) {
    const stats = lstatSync(`${path}${suffix}`, { throwIfNoEntry: false })
    if (stats === undefined) continue
    if (!stats.isFile()) throw Object.assign(new Error(`${path}${suffix} is no regular file`), { code: "EEXIST" })
    // Of a copy, or of a careless umask; of another owner it stays as it is.
    if ((stats.mode & 0o077) !== 0 && stats.uid === process.getuid?.()) chmodSync(`${path}${suffix}`, 0o600)
  }
  if (existsSync(path)) return
  closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600))
}

function format(database: Database): number {
  return database.query<{ user_version: number }, []>("PRAGMA user_version").get()?.user_version ?? 0
}

/** In one transaction, so that another process sees the old tables or the new ones. */
function remake(database: Database): void {
  changing(database, () => {
    // Another process may have been first.
    if (format(database) === FORMAT) return
    const named = database.query<{ name: string }, []>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'texts_%'",
    )
    for (const { name } of named.all()) database.run(`DROP TABLE "${name.replaceAll('"', '""')}"`)
    database.run(TABLES)
    database.run(`PRAGMA user_version = ${FORMAT}`)
  })
}
