import { join } from "node:path"
import type { SessionId } from "@skein/protocol"

/**
 * All logs lie in one folder, each under its id: found without an index whoever chose the id, listed by one directory
 * read (5 ms for 10,000).
 */
export function sessionsDir(dataDir: string): string {
  return join(dataDir, "sessions")
}

/** Undefined for what is no id: ids come from clients and name files. */
export function sessionFile(dataDir: string, sessionId: string): string | undefined {
  return isSessionId(sessionId) ? join(sessionsDir(dataDir), `${sessionId}${EXTENSION}`) : undefined
}

/** The session a file belongs to; undefined for what is beside the logs, as moved-aside tails. */
export function sessionOf(fileName: string): SessionId | undefined {
  if (!fileName.endsWith(EXTENSION)) return undefined
  const sessionId = fileName.slice(0, -EXTENSION.length)
  return isSessionId(sessionId) ? sessionId : undefined
}

/** Beside a log: where its lines are and what they leave open. */
export function indexFile(log: string): string {
  return `${log}.index.json`
}

/** Beside a log: the core's own cut of it. */
export function pointFile(log: string): string {
  return `${log}.point`
}

/** Full outputs of one session, or of none. */
export function artifactsDir(dataDir: string, owner: SessionId | "shared"): string {
  return join(dataDir, "artifacts", owner)
}

/** The payload-free records of one session. */
export function recordsFile(dataDir: string, sessionId: SessionId): string {
  return join(dataDir, "records", `${sessionId}.jsonl`)
}

/** All that skein writes into a data folder, which may lie in a workspace. Absolute paths, of files and folders. */
export function ownPaths(dataDir: string): ReadonlySet<string> {
  return new Set(OWN_NAMES.map((name) => join(dataDir, name)))
}

/** What is known of all sessions, and what SQLite keeps beside it. */
export function catalogueFile(dataDir: string): string {
  return join(dataDir, CATALOGUE)
}

export const DATABASE_SUFFIXES = ["", "-wal", "-shm", "-journal"] as const

const CATALOGUE = "catalogue.sqlite"
const OWN_NAMES = [
  ...["sessions", "artifacts", "records", "checkpoints", "log"],
  ...DATABASE_SUFFIXES.map((suffix) => `${CATALOGUE}${suffix}`),
]
const EXTENSION = ".jsonl"

// By hand, as listing asks it ten thousand times and a start-up should build no schema for it.
export function isSessionId(text: string): text is SessionId {
  return /^ses_[A-Za-z0-9-]{1,64}$/.test(text)
}
