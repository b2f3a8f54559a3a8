import { closeSync, readdirSync, readFileSync, readSync, rmSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { type SessionId, SkeinError } from "@skein/protocol"
import { syncFolder } from "./append.ts"
import { decodeLine } from "./line.ts"
import { openForReading, openLocked } from "./open.ts"
import { artifactsDir, recordsFile, sessionOf } from "./paths.ts"
import { refusal, unwritable } from "./world.ts"

/**
 * Removes a session: its log last, so that an interrupted removal can be asked for again. Its full outputs stay while a
 * fork of it names them. False when there is no such session. Throws SkeinError `session.in_use`.
 */
export async function remove(dataDir: string, sessionId: SessionId, path: string): Promise<boolean> {
  const fd = await openLocked(path)
  if (fd === undefined) return false
  try {
    const folder = dirname(path)
    const name = basename(path)
    for (const beside of readdirSync(folder)) {
      if (beside.startsWith(`${name}.`)) rmSync(join(folder, beside), { recursive: true, force: true })
    }
    const artifacts = artifactsDir(dataDir, sessionId)
    if (!isNamedByFork(folder, sessionId, isThere(artifacts))) rmSync(artifacts, { recursive: true, force: true })
    rmSync(recordsFile(dataDir, sessionId), { force: true })
    rmSync(path)
    await syncFolder(folder)
    return true
  } catch (cause) {
    throw unwritable(path, cause)
  } finally {
    closeSync(fd)
  }
}

function isThere(folder: string): boolean {
  try {
    return readdirSync(folder).length > 0
  } catch (cause) {
    if (refusal(cause) === "ENOENT") return false
    throw cause
  }
}

/** Forks of forks too: every log that was forked from another is searched for the id. */
function isNamedByFork(folder: string, sessionId: SessionId, hasArtifacts: boolean): boolean {
  if (!hasArtifacts) return false
  return readdirSync(folder).some((name) => {
    const other = sessionOf(name)
    if (other === undefined || other === sessionId) return false
    const path = join(folder, name)
    return isNamedIn(path, sessionId)
  })
}

function isNamedIn(path: string, sessionId: SessionId): boolean {
  try {
    return isFork(path) && readFileSync(path).includes(sessionId)
  } catch (cause) {
    if (!(cause instanceof SkeinError) && refusal(cause) === undefined) throw cause
    return true // it cannot be asked, so what it may name stays
  }
}

const FIRST_LINE_BYTES = 64 * 1024

/** When in doubt it is one: then something is kept. */
function isFork(path: string): boolean {
  const fd = openForReading(path)
  if (fd === undefined) return false
  try {
    const bytes = Buffer.alloc(FIRST_LINE_BYTES)
    const line = decodeLine(bytes, 0, bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, 0)).indexOf(0x0a))
    return line.kind !== "event" || (line.event.type === "session.created" && line.event.parent !== undefined)
  } finally {
    closeSync(fd)
  }
}
