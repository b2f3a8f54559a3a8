import type { Located, MapWanted, RepositoryMap } from "@skein/core/ports"
import type { Facts } from "../keep/facts-file.ts"
import { type Ranking, ranked } from "./rank.ts"
import { rendered } from "./render.ts"

/** A file that the map is to be about counts as much as so many others. */
const FOCUS_WEIGHT = 500
/** The least that a definition takes of a budget, in tokens: more are never needed than fit so. */
const TOKENS_PER_DEFINITION_MIN = 4

/** The definitions that matter most, within the budget. */
export function repositoryMap(facts: Facts, { tokensMax, focus, within }: MapWanted): RepositoryMap {
  const near = focusOf(facts, focus)
  const ranking = ranked(facts, (file) => (near.size === 0 ? 1 : near.has(file) ? FOCUS_WEIGHT : 0.01))
  const inside = within === "" ? undefined : filesAt(facts, within)
  if (inside !== undefined) {
    for (let at = 0; at < ranking.scores.length; at++) {
      if (!inside.has(ranking.files[ranking.owners[at] ?? 0] ?? -1)) ranking.scores[at] = 0
    }
  }
  return rendered(best(facts, ranking, near, Math.ceil(tokensMax / TOKENS_PER_DEFINITION_MIN)), tokensMax)
}

/** Files by path, by a folder above them, or by a name that is defined or mentioned there. */
function focusOf(facts: Facts, focus: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>()
  for (const one of focus) {
    const path = one.replace(/^\.\//, "").replace(/\/$/, "")
    for (const id of filesAt(facts, path)) found.add(id)
    const named = facts.db.query<{ file: number }, [string]>("SELECT file FROM definitions WHERE name = ? LIMIT 500")
    for (const { file } of named.all(path)) found.add(file)
  }
  return found
}

function filesAt({ db }: Facts, path: string): ReadonlySet<number> {
  const rows = db.query<{ id: number }, [string, string, string]>(
    // "0" is the character behind "/".
    "SELECT id FROM files WHERE path = ? OR (path > ? AND path < ?)",
  )
  return new Set(rows.all(path, `${path}/`, `${path}0`).map(({ id }) => id))
}

function best(
  { db }: Facts,
  { rows, scores, owners, files }: Ranking,
  near: ReadonlySet<number>,
  most: number,
): Located[] {
  // What the map is about stands in it itself, and not only what it rests on.
  if (near.size > 0) {
    const top = scores.reduce((most, score) => Math.max(most, score), 0)
    for (let at = 0; at < scores.length; at++) {
      if (near.has(files[owners[at] ?? 0] ?? -1)) scores[at] = (scores[at] ?? 0) + top
    }
  }
  const threshold = scores.length <= most ? -1 : (scores.slice().sort()[scores.length - most] ?? 0)
  const chosen: { row: number; score: number }[] = []
  for (let at = 0; at < scores.length; at++) {
    const score = scores[at] ?? 0
    if (score > 0 && score >= threshold && chosen.length < 2 * most) chosen.push({ row: rows[at] ?? 0, score })
  }
  const byRow = db.query<Located, [number]>(
    `SELECT path, name, kind, line, lineEnd, depth, signature FROM definitions JOIN files ON files.id = definitions.file
     WHERE definitions.rowid = ?`,
  )
  return chosen
    .toSorted((a, b) => b.score - a.score || a.row - b.row)
    .slice(0, most)
    .flatMap(({ row }) => byRow.get(row) ?? [])
}
