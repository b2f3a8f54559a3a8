import type { Database } from "bun:sqlite"
import type { PromptRecord } from "@skein/protocol"
import { folderMatch } from "./folder.ts"
import type { Session } from "./known.ts"

/** What the person typed, newest first, consecutive repeats once. What programs asked for is left out. */
export function prompts(
  database: Database,
  sessions: readonly Session[],
  filter: { readonly cwd?: string | undefined; readonly limit?: number | undefined },
): PromptRecord[] {
  const isHere = filter.cwd === undefined ? () => true : folderMatch(filter.cwd)
  const wanted = new Map(
    sessions
      .filter(({ state: { row } }) => row.isInteractive && isHere(row))
      .map(({ key, state }) => [key, state.row.sessionId]),
  )
  const limit = filter.limit ?? LIMIT
  const records: PromptRecord[] = []
  const rows = database.query<{ log: number; at: number; text: string }, []>(
    `SELECT log, at, text FROM prompts CROSS JOIN logs ON logs.key = prompts.log
     WHERE typed = 1 ORDER BY at DESC, seq DESC, logs.id`,
  )
  for (const { log, at, text } of rows.iterate()) {
    if (records.length >= limit) break
    const sessionId = wanted.get(log)
    if (sessionId === undefined || records.at(-1)?.text === text) continue
    records.push({ sessionId, at, text })
  }
  return records
}

const LIMIT = 200
