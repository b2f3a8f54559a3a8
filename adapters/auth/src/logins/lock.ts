import { closeSync, constants, mkdirSync, openSync } from "node:fs"
import { dirname } from "node:path"
import { SkeinError } from "@skein/protocol"

/** Longer than a request may take, so that whoever waits finds what the other one was given. */
const WAIT_MS = 45_000
const POLL_MS = 25

/**
 * Does it while no other process that asks for the same path does. The kernel lets go of the lock with its process: an empty
 * database is one, on every system. Whoever waits does so without holding this process up. Throws SkeinError
 * `login.unavailable`.
 */
export async function exclusively<T>(path: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const { Database } = await import("bun:sqlite")
  const database = opened(path, (file) => new Database(file))
  try {
    database.run("PRAGMA busy_timeout = 0")
    for (let left = WAIT_MS; !begun(database); left -= POLL_MS) {
      signal?.throwIfAborted()
      if (left <= 0) throw unavailable(path, "another skein holds it")
      await Bun.sleep(POLL_MS)
    }
    return await work()
  } finally {
    database.close()
  }
}

interface Lockable {
  run(sql: string): unknown
}

function begun(database: Lockable): boolean {
  try {
    database.run("BEGIN EXCLUSIVE")
    return true
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "SQLITE_BUSY") return false
    throw error
  }
}

function opened<D>(path: string, open: (path: string) => D): D {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    closeSync(openSync(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600))
    return open(path)
  } catch (cause) {
    throw unavailable(
      path,
      cause instanceof Error && "code" in cause ? String(cause.code) : "it cannot be opened",
      cause,
    )
  }
}

function unavailable(path: string, why: string, cause?: unknown): SkeinError {
  return new SkeinError(
    "login.unavailable",
    `The login could not be renewed: its lock ${path} cannot be had (${why}).`,
    {
      cause,
    },
  )
}
