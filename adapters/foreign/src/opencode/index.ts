import { stat } from "node:fs/promises"
import { join } from "node:path"
import { asList, asObject, asText, type Json } from "@skein/protocol/json"
import { previewOf } from "../files/head.ts"
import { JSON_BYTES_MAX } from "../files/json.ts"
import { opened } from "../files/lines.ts"
import { filesBelow } from "../files/walk.ts"
import type { FoundSession } from "../format.ts"
import type { Reader } from "../reader.ts"
import { timeOf } from "../time.ts"
import { databaseOf } from "./database.ts"
import { exported } from "./exported.ts"
import { jsonFiles } from "./json-files.ts"
import { opencodeBeats } from "./read.ts"
import type { SessionStore } from "./store.ts"

/** opencode: `~/.local/share/opencode/storage/` of older versions, `opencode.db` of newer ones, and what it exports. */
export const opencode: Reader = {
  format: "opencode",
  async *places({ home, env }) {
    const root = join(env.XDG_DATA_HOME || join(home, ".local", "share"), "opencode")
    yield* filesBelow(join(root, "storage", "session"), ".json", 1)
    yield* filesBelow(root, "opencode.db", 0)
  },
  async find(path) {
    const store = await storeOf(path)
    if (store === undefined) return []
    const found: FoundSession[] = []
    for (const session of await store.sessions()) {
      const id = asText(session.id)
      if (id === undefined || asObject(session.time) === undefined) continue
      found.push(await foundOf(path, id, session, store))
    }
    return found
  },
  async fingerprint({ path, id }) {
    return (await storeAt(path)).fingerprint(id)
  },
  async *beats(found, ledger) {
    yield* opencodeBeats(found, await storeAt(found.path), ledger)
  },
}

async function storeOf(path: string): Promise<SessionStore | undefined> {
  if (await isDatabase(path)) return databaseOf(path)
  if (!path.endsWith(".json") || (await stat(path)).size > JSON_BYTES_MAX) return undefined
  return /\/session\/[^/]+\/[^/]+\.json$/.test(path) ? jsonFiles(path) : exported(path)
}

async function storeAt(path: string): Promise<SessionStore> {
  const store = await storeOf(path)
  if (store === undefined) throw new Error(`${path} was found to hold sessions of opencode, and holds none`)
  return store
}

async function isDatabase(path: string): Promise<boolean> {
  await using file = await opened(path)
  const { bytesRead, buffer } = await file.read(Buffer.alloc(15), 0, 15, 0)
  return buffer.toString("latin1", 0, bytesRead) === "SQLite format 3"
}

async function foundOf(path: string, id: string, session: Json, store: SessionStore): Promise<FoundSession> {
  return {
    format: "opencode",
    path,
    id,
    cwd: asText(session.directory) ?? "",
    at: timeOf(asObject(session.time)?.created) ?? 0,
    preview: asText(session.title) ?? (await firstWords(id, store)),
    isInteractive: session.parentID === undefined,
  }
}

async function firstWords(id: string, store: SessionStore): Promise<string> {
  for await (const { message, parts } of store.messages(id, () => undefined)) {
    if (message.role !== "user") continue
    return previewOf(
      asList(parts)
        .flatMap((part) => asText(asObject(part)?.text) ?? [])
        .join(" "),
    )
  }
  return ""
}
