import type { Database } from "bun:sqlite"
import type { Gathered, Spent } from "./gather.ts"
import { type Known, type News, sumOf } from "./known.ts"
import { searchable } from "./words.ts"

/** Writes what logs tell into the tables. To be used within one transaction. */
export function writer(database: Database) {
  const find = database.query<{ key: number; state: string }, [string]>("SELECT key, state FROM logs WHERE id = ?")
  const insertLog = database.query(
    "INSERT INTO logs (id, inode, size, modified, state, sum) VALUES (?, ?, ?, ?, ?, ?) RETURNING key",
  )
  const updateLog = database.query(
    "UPDATE logs SET inode = ?, size = ?, modified = ?, state = ?, sum = ? WHERE key = ?",
  )
  const insertPlace = database.query("INSERT INTO places (log, turn, seq, at) VALUES (?, ?, ?, ?)")
  const insertText = database.query("INSERT INTO texts (rowid, body) VALUES (?, ?)")
  const insertPrompt = database.query("INSERT INTO prompts (log, turn, seq, at, typed, text) VALUES (?, ?, ?, ?, ?, ?)")
  const insertSpent = database.query("INSERT INTO spent VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")

  const forget = (key: number) => {
    database.query("DELETE FROM texts WHERE rowid IN (SELECT id FROM places WHERE log = ?)").run(key)
    for (const table of ["places", "prompts", "spent"]) database.query(`DELETE FROM ${table} WHERE log = ?`).run(key)
  }
  const add = (key: number, { said, prompts, spent }: Gathered) => {
    for (const { turnId, seq, at, text } of said) {
      const { lastInsertRowid } = insertPlace.run(key, turnId ?? null, seq, at)
      insertText.run(lastInsertRowid, searchable(text))
    }
    for (const { turnId, seq, at, isTyped, text } of prompts)
      insertPrompt.run(key, turnId ?? null, seq, at, isTyped ? 1 : 0, text)
    for (const one of spent) {
      const { input, cacheRead, cacheWrite, output, reasoning, isEstimated } = one.usage
      const tokens = [input, cacheRead, cacheWrite, output, reasoning, isEstimated === true ? 1 : 0]
      const place = [key, one.turnId ?? null, one.seq, one.at, one.model, one.isStep ? 1 : 0]
      insertSpent.run(
        ...place,
        ...tokens,
        one.microUsd ?? null,
        one.firstTokenMs ?? null,
        one.durationMs,
        ...missOf(one),
      )
    }
  }
  return {
    put({ file, known, gathered, base }: News): void {
      const old = find.get(file.sessionId)
      // Another process read it on from the same place, and has written that already.
      if (base !== undefined && (old === null || endOf(old.state) !== base)) return
      if (base === undefined && old !== null) forget(old.key)
      const state = JSON.stringify(known)
      const sum = sumOf(file.sessionId, state)
      const { inode, size, modifiedMs } = file
      const key = old?.key ?? keyOf(insertLog.get(file.sessionId, inode, size, modifiedMs, state, sum))
      if (old !== null) updateLog.run(inode, size, modifiedMs, state, sum, key)
      if (gathered !== undefined) add(key, gathered)
    },
    remove(id: string): void {
      const old = find.get(id)
      if (old === null) return
      forget(old.key)
      database.query("DELETE FROM logs WHERE key = ?").run(old.key)
    },
  }
}

function missOf({ cacheMiss }: Spent): [cause: string | null, tokens: number] {
  return [cacheMiss?.cause ?? null, cacheMiss?.tokens ?? 0]
}

function endOf(state: string): number | undefined {
  const known: Known = JSON.parse(state)
  return known.kind === "session" ? known.state.last.offset + known.state.last.bytes : undefined
}

function keyOf(row: unknown): number {
  if (typeof row === "object" && row !== null && "key" in row && typeof row.key === "number") return row.key
  throw new Error("SQLite answered no key")
}
