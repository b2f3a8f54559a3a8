import type { Database } from "bun:sqlite"
import { closeSync } from "node:fs"
import { SkeinError } from "@skein/protocol"
import { openForReading } from "../open.ts"
import { holdsAt } from "../scan.ts"
import type { Upgrades } from "../versions.ts"
import { refusal } from "../world.ts"
import { changing } from "./database.ts"
import { gather } from "./gather.ts"
import type { Entry, KnownLogs, News, Session } from "./known.ts"
import { leftOut } from "./list.ts"
import { type LogFile, logFiles, PIECE_BYTES } from "./log-files.ts"
import { writer } from "./write.ts"

/**
 * Brings the database up to date with the logs and answers its sessions. Logs that look as they did are not opened, and
 * of those that grew only what is new is read. Throws when a row is not what was written.
 */
export async function refreshed(
  database: Database,
  logs: KnownLogs,
  dataDir: string,
  onUnreadable: (sentence: string) => void,
  upgrades?: Upgrades,
): Promise<readonly Session[]> {
  const files = logFiles(dataDir)
  const known = logs.read()
  const changed = files.filter((file) => !isSame(file, known.get(file.sessionId)))
  const there = new Set<string>(files.map(({ sessionId }) => sessionId))
  const gone = [...known.keys()].filter((id) => !there.has(id))
  if (changed.length === 0 && gone.length === 0) return sessionsOf(known, onUnreadable)
  for (let at = 0; at < changed.length || at === 0; at += LOGS_AT_ONCE) {
    const news: News[] = []
    let bytes = 0
    for (const file of changed.slice(at, at + LOGS_AT_ONCE)) {
      news.push(newsOf(file, known.get(file.sessionId), upgrades))
      bytes += file.size
      if (news.length % LOGS_BETWEEN_YIELDS === 0 || bytes > PIECE_BYTES) {
        bytes = 0
        await new Promise(setImmediate)
      }
    }
    changing(database, () => {
      const write = writer(database)
      if (at === 0) for (const id of gone) write.remove(id)
      for (const one of news) write.put(one)
    })
    logs.forget()
  }
  return knownSessions(logs, onUnreadable)
}

/** As they were when somebody last looked. */
export function knownSessions(logs: KnownLogs, onUnreadable: (sentence: string) => void): readonly Session[] {
  return sessionsOf(logs.read(), onUnreadable)
}

const LOGS_AT_ONCE = 250
const LOGS_BETWEEN_YIELDS = 32

function isSame(file: LogFile, entry: Entry | undefined): boolean {
  return entry?.inode === file.inode && entry.size === file.size && entry.modified === file.modifiedMs
}

function sessionsOf(known: ReadonlyMap<string, Entry>, onUnreadable: (sentence: string) => void): Session[] {
  const sessions: Session[] = []
  for (const { key, known: one } of known.values()) {
    if (one.kind === "unreadable") onUnreadable(one.sentence)
    if (one.kind === "session") sessions.push({ key, state: one.state })
  }
  return sessions
}

function isRefused(error: unknown): boolean {
  return error instanceof SkeinError ? refusal(error.cause) !== undefined : refusal(error) !== undefined
}

let piece: Buffer | undefined

function newsOf(file: LogFile, entry: Entry | undefined, upgrades: Upgrades | undefined): News {
  let fd: number | undefined
  try {
    fd = openForReading(file.path)
    if (fd === undefined) return { file, known: { kind: "empty" } }
    const before = entry?.known.kind === "session" && entry.inode === file.inode ? entry.known.state : undefined
    const base = before !== undefined && before.last.seq > 0 && holdsAt(fd, before.last, upgrades) ? before : undefined
    piece ??= Buffer.allocUnsafe(PIECE_BYTES)
    const gathered = gather(fd, file, base, piece, upgrades)
    if (gathered === undefined) return { file, known: { kind: "empty" } }
    const known = { kind: "session", state: gathered.state } as const
    return { file, known, gathered, base: base && base.last.offset + base.last.bytes }
  } catch (error) {
    const known = { kind: "unreadable", sentence: leftOut(file.path, error) } as const
    // What the system refused it may grant the next time, and no stamp of the file tells when: it is asked each time.
    return { file: isRefused(error) ? { ...file, modifiedMs: -1 } : file, known }
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}
