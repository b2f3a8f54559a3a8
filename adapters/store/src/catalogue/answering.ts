import type { Database } from "bun:sqlite"
import { existsSync } from "node:fs"
import { catalogueFile } from "../paths.ts"
import { refusal } from "../world.ts"
import { openDatabase, removeDatabase } from "./database.ts"
import { folderMatch } from "./folder.ts"
import { DamagedRow, type KnownLogs, knownLogs, type Session } from "./known.ts"
import { listSessions } from "./list.ts"
import { hasLogs } from "./log-files.ts"
import type { Catalogue, CatalogueOptions } from "./options.ts"
import { prompts } from "./prompts.ts"
import { knownSessions, refreshed } from "./refresh.ts"
import { isListed, newestFirst, summaryOf } from "./row.ts"
import { search } from "./search.ts"
import { typical } from "./typical.ts"
import { usage } from "./usage.ts"

/** Answers from the database, brought up to date, cured or replaced by one in memory first. */
export function answering(options: CatalogueOptions): Catalogue {
  const { dataDir, onUnreadable = ignore, dayOf = utcDay, upgrades } = options
  const path = catalogueFile(dataDir)
  let open: Open | undefined
  const close = () => {
    open?.database.close()
    open = undefined
  }
  const ask = async <T>(use: Use<T>): Promise<T> => {
    if (open === undefined && !existsSync(path) && !hasLogs(dataDir)) return await withNothing(use)
    open ??= opened(await openDatabase(path))
    return use(open.database, await refreshed(open.database, open.logs, dataDir, onUnreadable, upgrades))
  }
  const askCured = async <T>(use: Use<T>): Promise<T> => {
    try {
      return await ask(use)
    } catch (error) {
      if (!isDamage(error)) throw error
      close()
      removeDatabase(path)
      return await ask(use)
    }
  }
  const askSomehow = async <T>(use: Use<T>): Promise<T> => {
    try {
      return await askCured(use)
    } catch (error) {
      // Another process is writing it just now: what is there is as new as can be had without waiting.
      if (open !== undefined && isBusy(error)) return use(open.database, knownSessions(open.logs, onUnreadable))
      if (!isRefusal(error)) throw error
      close()
      open = opened(await openDatabase())
      return await ask(use)
    }
  }
  const oneByOne = inTurn()
  return {
    list: (filter) =>
      oneByOne(async () => {
        const isHere = filter.cwd === undefined ? () => true : folderMatch(filter.cwd)
        try {
          return await askCured((_, sessions) =>
            sessions
              .map(({ state }) => state.row)
              .filter((row) => isListed(row, filter, isHere))
              .sort(newestFirst)
              .slice(0, filter.limit)
              .map(summaryOf),
          )
        } catch (error) {
          if (!isRefusal(error)) throw error
          return await listSessions(dataDir, filter, onUnreadable, upgrades)
        }
      }),
    search: (query) => oneByOne(() => askSomehow((database, sessions) => search(database, sessions, query))),
    prompts: (filter) => oneByOne(() => askSomehow((database, sessions) => prompts(database, sessions, filter))),
    usage: (filter) => oneByOne(() => askSomehow((database, sessions) => usage(database, sessions, filter, dayOf))),
    typical: () => oneByOne(() => askSomehow((database) => typical(database))),
    close,
  }
}

type Use<T> = (database: Database, sessions: readonly Session[]) => T

interface Open {
  readonly database: Database
  readonly logs: KnownLogs
}

function opened(database: Database): Open {
  return { database, logs: knownLogs(database) }
}

/** Nothing is made before there is a session. */
async function withNothing<T>(use: Use<T>): Promise<T> {
  const empty = await openDatabase()
  try {
    return use(empty, [])
  } finally {
    empty.close()
  }
}

/** Questions share one connection, so each waits for the one before. */
function inTurn(): <T>(next: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (next) => {
    const result = last.then(next, next)
    last = result.catch(ignore)
    return result
  }
}

const DAMAGE = /^SQLITE_(CORRUPT|NOTADB|ERROR|SCHEMA|CONSTRAINT|MISMATCH|FORMAT|RANGE|IOERR_SHORT_READ)/

/** What making it anew can cure. */
function isDamage(error: unknown): boolean {
  return error instanceof DamagedRow || DAMAGE.test(refusal(error) ?? "")
}

function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(refusal(error) ?? "")
}

/** By SQLite or by the system, and not a defect of ours. */
function isRefusal(error: unknown): boolean {
  return isDamage(error) || refusal(error) !== undefined
}

function utcDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}

function ignore(): void {}
