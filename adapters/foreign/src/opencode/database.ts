import { createHash } from "node:crypto"
import { SkeinError } from "@skein/protocol"
import { asText, type Json } from "@skein/protocol/json"
import { objectOf } from "../files/json.ts"
import type { SessionStore } from "./store.ts"

/** Tables and the columns that are read; a database without them is of a version not known here. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  session: ["id", "directory", "title", "time_created"],
  message: ["id", "session_id", "time_created", "data"],
  part: ["id", "message_id", "data"],
}

/** The database of newer versions: the JSON of the files in columns named `data`. Opened for reading only. */
export async function databaseOf(path: string): Promise<SessionStore> {
  const { Database } = await import("bun:sqlite")
  const open = () => {
    const database = new Database(path, { readonly: true })
    // Nothing but tables: a view of that name may be a computation without end.
    const tables = namesIn(
      database.query("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'").all(),
    )
    const missing = missingIn((table) =>
      tables.includes(table) ? namesIn(database.query(`PRAGMA table_info(${table})`).all()) : [],
    )
    if (missing === undefined) return database
    database.close()
    throw new SkeinError(
      "import.unreadable",
      `Cannot read ${path}: it has no ${missing}, so it is of a version of opencode that is not known here. Export the session with \`opencode export\` and keep the file.`,
    )
  }
  return {
    async sessions() {
      using database = open()
      const columns = namesIn(database.query("PRAGMA table_info(session)").all())
      const parent = columns.includes("parent_id") ? "parent_id" : "NULL"
      const revert = columns.includes("revert") ? "revert" : "NULL"
      const rows = database
        .query(`SELECT id, directory, title, time_created, ${parent} AS parent, ${revert} AS revert FROM session`)
        .all()
      return rows.map(sessionOf)
    },
    async *messages(id, onBroken) {
      using database = open()
      const parts = database.query("SELECT id, data FROM part WHERE message_id = ? ORDER BY id")
      const messages = database.query("SELECT id, data FROM message WHERE session_id = ? ORDER BY time_created, id")
      for (const row of messages.iterate(id)) {
        const [message] = jsonOf([row], onBroken)
        if (message !== undefined) yield { message, parts: jsonOf(parts.all(asText(message.id) ?? ""), onBroken) }
      }
    },
    async fingerprint(id) {
      using database = open()
      const hash = createHash("sha256")
      let bytes = 0
      const rows = database.query(
        "SELECT m.id AS id, m.data AS data FROM message m WHERE m.session_id = ?1 UNION ALL SELECT p.id, p.data FROM part p JOIN message m ON m.id = p.message_id WHERE m.session_id = ?1 ORDER BY 1",
      )
      for (const row of rows.iterate(id)) {
        const text = JSON.stringify(row)
        hash.update(text)
        bytes += text.length
      }
      return { sha256: hash.digest("hex"), bytes }
    },
  }
}

function missingIn(columnsOf: (table: string) => readonly string[]): string | undefined {
  for (const [table, columns] of Object.entries(COLUMNS)) {
    const found = columnsOf(table)
    const missing = columns.find((column) => !found.includes(column))
    if (missing !== undefined) return found.length === 0 ? `table ${table}` : `column ${table}.${missing}`
  }
  return undefined
}

function namesIn(rows: readonly unknown[]): readonly string[] {
  return rows.flatMap((row) => asText((row as Json).name) ?? [])
}

function sessionOf(row: unknown): Json {
  const { id, directory, title, time_created, parent, revert } = row as Json
  return {
    ...{ id, directory, title },
    time: { created: time_created },
    ...(parent === null ? {} : { parentID: parent }),
    revert: objectOf(asText(revert) ?? "null"),
  }
}

function jsonOf(rows: readonly unknown[], onBroken: () => void): Json[] {
  return rows.flatMap((row) => {
    const { id, data } = row as Json
    const json = objectOf(asText(data) ?? "")
    if (json === undefined) onBroken()
    return json === undefined ? [] : [{ ...json, id }]
  })
}
