import { closeSync, constants, mkdirSync, openSync, unlinkSync, writeSync } from "node:fs"
import { join } from "node:path"
import type { ArtifactsPort, ArtifactWriter } from "@skein/core/ports"
import { artifactsDir, isSessionId } from "./paths.ts"
import { refusal, unwritable } from "./world.ts"

export interface ArtifactsOptions {
  /** Absolute. */
  readonly dataDir: string
}

/**
 * Artifacts as files: `<dataDir>/artifacts/<sessionId or shared>/<random>.<extension>`, for their owner alone. Names
 * cannot be guessed, and an existing file or link is never written to.
 */
export function artifacts(options: ArtifactsOptions): ArtifactsPort {
  return {
    async create(extension, sessionId) {
      if (sessionId !== undefined && !isSessionId(sessionId))
        throw new Error(`No session id: ${JSON.stringify(sessionId)}`)
      const folder = artifactsDir(options.dataDir, sessionId ?? "shared")
      const id = crypto.randomUUID()
      const path = join(folder, `${id}.${checkedExtension(extension)}`)
      return writer(id, path, exclusively(path, folder))
    },
  }
}

function writer(id: string, path: string, fd: number): ArtifactWriter {
  let bytes = 0
  let failure: unknown
  let isOpen = true
  const end = () => {
    if (isOpen) closeSync(fd)
    isOpen = false
  }
  return {
    /** A failure is kept for `close`: output goes on while its copy cannot. */
    write(piece) {
      if (!isOpen) throw new Error(`Artifact ${path} is written to after its end`)
      if (failure !== undefined) return
      try {
        for (let done = 0; done < piece.length; ) done += writeSync(fd, piece, done, piece.length - done)
        bytes += piece.length
      } catch (cause) {
        failure = cause
      }
    },
    async close() {
      end()
      if (failure === undefined) return { id, bytes, path }
      // Half an output under the name of a whole one would mislead its reader.
      remove(path)
      throw unwritable(path, failure)
    },
    async discard() {
      end()
      remove(path)
    },
  }
}

function exclusively(path: string, folder: string): number {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
  try {
    return openSync(path, flags, 0o600)
  } catch (cause) {
    if (refusal(cause) !== "ENOENT") throw unwritable(path, cause)
  }
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return openSync(path, flags, 0o600)
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path)
  } catch (cause) {
    if (refusal(cause) !== "ENOENT") throw unwritable(path, cause)
  }
}

function checkedExtension(extension: string): string {
  if (!/^[a-z0-9]{1,10}$/.test(extension)) throw new Error(`No file extension: ${JSON.stringify(extension)}`)
  return extension
}
