import type { Database } from "bun:sqlite"
import type { SearchHit, TurnId } from "@skein/protocol"
import { TOKENIZER } from "./database.ts"
import { folderMatch } from "./folder.ts"
import type { Session } from "./known.ts"
import { newestFirst, summaryOf } from "./row.ts"
import { readable, termsOf } from "./words.ts"

/**
 * Sessions in which all of the words were said, best first: in one place rather than here and there, lately rather than
 * long ago. Text of any kind is a question, never an error.
 */
export function search(
  database: Database,
  sessions: readonly Session[],
  query: { readonly text: string; readonly cwd?: string | undefined; readonly limit?: number | undefined },
): SearchHit[] {
  const terms = termsOf(query.text)
  if (terms.length === 0) return []
  const isHere = query.cwd === undefined ? () => true : folderMatch(query.cwd)
  const wanted = new Map(sessions.filter(({ state }) => isHere(state.row)).map((session) => [session.key, session]))
  const limit = query.limit ?? LIMIT
  const newestMs = sessions.reduce((newest, { state }) => Math.max(newest, state.row.updatedAt), 0)
  const together = bestOf(database, terms.join(" AND "), wanted, limit * CANDIDATES_PER_HIT)
  const apart = together.length < limit ? bestApart(database, terms, without(wanted, together), limit) : []
  const best = [...together, ...apart.map((found) => ({ ...found, weight: APART_WEIGHT }))]
    .map(({ place, session, weight = 1 }) => {
      const ageMs = newestMs - session.state.row.updatedAt
      return { place, session, score: place.score * weight * recency(ageMs) }
    })
    .sort((a, b) => a.score - b.score || newestFirst(a.session.state.row, b.session.state.row))
    .slice(0, limit)
  const ids = best.map(({ place }) => place.id)
  const snippets = snippetsOf(database, terms.join(" OR "), ids)
  return best.map(({ place, session }) => ({
    session: summaryOf(session.state.row),
    snippet: snippets.get(place.id) ?? "",
    turnId: place.turn ?? undefined,
    seq: place.seq,
  }))
}

interface Place {
  readonly id: number
  readonly log: number
  readonly turn: TurnId | null
  readonly seq: number
  /** Of bm25: the lower the better, below zero. */
  readonly score: number
}

const LIMIT = 50
/** How many more sessions are weighed by age than are shown. */
const CANDIDATES_PER_HIT = 4
/** How many places are weighed at first; all when sessions that are not wanted fill these. */
const PLACES_MAX = 1000
/** What words here and there count against words in one place. */
const APART_WEIGHT = 0.5
const HALF_LIFE_MS = 30 * 24 * 3600 * 1000

interface Found {
  readonly place: Place
  readonly session: Session
  readonly weight?: number
}

type Sessions = ReadonlyMap<number, Session>

/** Each session with the best of its places, the best `count` of them. */
function bestOf(database: Database, match: string, wanted: Sessions, count: number): Found[] {
  const query = database.query<Place, [string, number]>(`
    SELECT found.rowid AS id, places.log, places.turn, places.seq, found.rank AS score
    FROM (SELECT rowid, rank FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?) AS found
    JOIN places ON places.id = found.rowid ORDER BY score
  `)
  for (const placesMax of [PLACES_MAX, -1]) {
    const best = new Map<number, Found>()
    const places = query.all(match, placesMax)
    for (const place of places) {
      const session = wanted.get(place.log)
      if (session !== undefined && !best.has(place.log)) best.set(place.log, { place, session })
      if (best.size >= count) break
    }
    if (best.size >= count || places.length < PLACES_MAX || placesMax < 0) return [...best.values()]
  }
  return []
}

/** Sessions that have all of the words, whatever their places, each with its best place of the rarest word. */
function bestApart(database: Database, terms: readonly string[], wanted: Sessions, count: number): Found[] {
  if (terms.length < 2 || wanted.size === 0) return []
  const query = database.query<{ log: number }, [string]>(
    "SELECT DISTINCT places.log FROM texts JOIN places ON places.id = texts.rowid WHERE texts MATCH ?",
  )
  const byTerm = terms
    .map((term) => ({ term, logs: new Set(query.all(term).map(({ log }) => log)) }))
    .sort((a, b) => a.logs.size - b.logs.size)
  const [rarest, ...others] = byTerm
  if (rarest === undefined) return []
  const all = [...wanted].filter(([log]) => rarest.logs.has(log) && others.every(({ logs }) => logs.has(log)))
  return all.length === 0 ? [] : bestOf(database, rarest.term, new Map(all), count)
}

function without(sessions: Sessions, found: readonly Found[]): Sessions {
  const rest = new Map(sessions)
  for (const { session } of found) rest.delete(session.key)
  return rest
}

/** From one for what was just changed to a half for what is old. */
function recency(ageMs: number): number {
  return 0.5 + 0.5 * 2 ** (-ageMs / HALF_LIFE_MS)
}

const SNIPPET_WORDS = 24
const SNIPPET_CHARS_MAX = 400

/** Made in a small table of its own: in the large one, the beginning of a word is looked up anew for each of them. */
function snippetsOf(database: Database, match: string, ids: readonly number[]): Map<number, string> {
  database.run(`CREATE VIRTUAL TABLE IF NOT EXISTS temp.shown USING fts5 (body, ${TOKENIZER})`)
  database.run("DELETE FROM temp.shown")
  const copy = database.query("INSERT INTO temp.shown (rowid, body) SELECT rowid, body FROM texts WHERE rowid = ?")
  for (const id of ids) copy.run(id)
  const rows = database.query<{ id: number; snippet: string }, [string]>(
    `SELECT rowid AS id, snippet(shown, 0, char(57344), char(57345), '…', ${SNIPPET_WORDS}) AS snippet
     FROM temp.shown WHERE shown MATCH ?`,
  )
  return new Map(rows.all(match).map(({ id, snippet }) => [id, bounded(readable(snippet))]))
}

/** A word can be as long as it likes. What matched stays, with its marks in pairs. */
function bounded(snippet: string): string {
  if (snippet.length <= SNIPPET_CHARS_MAX) return snippet
  const start = Math.max(0, snippet.indexOf("\ue000") - SNIPPET_CHARS_MAX / 4)
  const piece = snippet.slice(start, start + SNIPPET_CHARS_MAX)
  const isOpen = piece.lastIndexOf("\ue000") > piece.lastIndexOf("\ue001")
  return `${start > 0 ? "…" : ""}${piece}${isOpen ? "\ue001" : ""}…`
}
