import type { Database } from "bun:sqlite"
import type { SearchHit, TurnId } from "@skein/protocol"
import { TOKENIZER } from "./database.ts"
import { folderMatch } from "./folder.ts"
import type { Session } from "./known.ts"
import { newestFirst, summaryOf } from "./row.ts"

/** Sessions in which all of the words stand in one place, best first. Text of any kind is a question, never an error. */
export function search(
  database: Database,
  sessions: readonly Session[],
  query: { readonly text: string; readonly cwd?: string | undefined; readonly limit?: number | undefined },
): SearchHit[] {
  const match = matchOf(query.text)
  if (match === undefined) return []
  const isHere = query.cwd === undefined ? () => true : folderMatch(query.cwd)
  const wanted = new Map(sessions.filter(({ state }) => isHere(state.row)).map((session) => [session.key, session]))
  const limit = query.limit ?? LIMIT
  const newestMs = sessions.reduce((newest, { state }) => Math.max(newest, state.row.updatedAt), 0)
  const best = bestOf(database, match, wanted, limit * CANDIDATES_PER_HIT)
    .map((found) => ({ ...found, score: found.place.score * recency(newestMs - found.session.state.row.updatedAt) }))
    .sort((a, b) => a.score - b.score || newestFirst(a.session.state.row, b.session.state.row))
    .slice(0, limit)
  const snippets = snippetsOf(
    database,
    match,
    best.map(({ place }) => place.id),
  )
  return best.map(({ place, session }) => ({
    session: summaryOf(session.state.row),
    snippet: snippets.get(place.id) ?? "",
    turnId: place.turn ?? undefined,
    seq: place.seq,
  }))
}

/**
 * The question in the language of FTS5: every word, quoted phrases as they stand, the last word also as a beginning.
 * Undefined when there is nothing to look for.
 */
export function matchOf(text: string): string | undefined {
  const terms = [...text.matchAll(/"([^"]*)"?|([^\s"]+)/gu)].flatMap(([, phrase, word]) => {
    const term = phrase ?? word ?? ""
    return /[\p{L}\p{N}\p{Co}]/u.test(term) ? [{ term, isWord: word !== undefined }] : []
  })
  if (terms.length === 0) return undefined
  return terms
    .map(({ term, isWord }, index) => {
      const quoted = `"${term.replaceAll("\0", " ")}"`
      return isWord && index === terms.length - 1 ? `${quoted} *` : quoted
    })
    .join(" AND ")
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
const HALF_LIFE_MS = 30 * 24 * 3600 * 1000

/** Each session with the best of its places, the best `count` of them. */
function bestOf(database: Database, match: string, wanted: ReadonlyMap<number, Session>, count: number) {
  const query = database.query<Place, [string, number]>(`
    SELECT found.rowid AS id, places.log, places.turn, places.seq, found.rank AS score
    FROM (SELECT rowid, rank FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?) AS found
    JOIN places ON places.id = found.rowid ORDER BY score
  `)
  for (const placesMax of [PLACES_MAX, -1]) {
    const best = new Map<number, { readonly place: Place; readonly session: Session }>()
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
  return new Map(rows.all(match).map(({ id, snippet }) => [id, bounded(snippet.replace(/\s+/g, " "))]))
}

/** A word can be as long as it likes. What matched stays, with its marks in pairs. */
function bounded(snippet: string): string {
  if (snippet.length <= SNIPPET_CHARS_MAX) return snippet
  const start = Math.max(0, snippet.indexOf("\ue000") - SNIPPET_CHARS_MAX / 4)
  const piece = snippet.slice(start, start + SNIPPET_CHARS_MAX)
  const isOpen = piece.lastIndexOf("\ue000") > piece.lastIndexOf("\ue001")
  return `${start > 0 ? "…" : ""}${piece}${isOpen ? "\ue001" : ""}…`
}
