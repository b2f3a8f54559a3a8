import type { Located, NameWanted } from "@skein/core/ports"
import type { Facts } from "./keep/facts-file.ts"

/** Definitions by name, best first. Of `Store.put` and `store::put` the last part counts. */
export function find(facts: Facts, { name, kind, within, limit }: NameWanted): readonly Located[] {
  const last = name.split(/::|[.#]/).findLast((part) => part !== "") ?? name
  const plain = last.replace(/[\\%_]/g, "\\$&")
  const seen = new Set<string>()
  const found: Located[] = []
  for (const pattern of [plain, `${plain}%`, `%${plain}%`]) {
    const rows = facts.db
      .query<Located, [string, string | null, string | null, string, string, string, string, string, number]>(
        `SELECT path, name, kind, line, lineEnd, depth, signature FROM definitions JOIN files ON files.id = definitions.file
         WHERE name LIKE ? ESCAPE '\\' AND (? IS NULL OR kind = ?)
           AND (? = '' OR path = ? OR (path > ? AND path < ?))
         ORDER BY name = ? DESC, length(name), depth, path, line LIMIT ?`,
      )
      .all(pattern, kind ?? null, kind ?? null, within, within, `${within}/`, `${within}0`, last, limit + found.length)
    for (const row of rows) {
      const key = `${row.path}:${row.line}:${row.name}`
      if (found.length >= limit) return found
      if (seen.has(key)) continue
      seen.add(key)
      found.push(row)
    }
  }
  return found
}
