import { open, statfs } from "node:fs/promises"
import { dirname } from "node:path"
import { SkeinError } from "@skein/protocol"

/** A file that is being written. */
export interface Part extends AsyncDisposable {
  /** All of the piece, behind what is there. Throws SkeinError `provider.unavailable`. */
  write(piece: Uint8Array): Promise<void>
  /** Puts it on the disk. Throws SkeinError `provider.unavailable` when it is not of this size: another one wrote too. */
  settle(bytes: number): Promise<void>
}

/** Goes on behind `from` bytes; what is behind them is cut off. Throws SkeinError `provider.unavailable`. */
export async function writing(path: string, from: number): Promise<Part> {
  const failed = (cause: unknown): never => {
    throw unwritable(path, cause)
  }
  const file = await open(path, from === 0 ? "w" : "a", 0o600).catch(failed)
  return {
    async write(piece) {
      let at = 0
      while (at < piece.length) at += (await file.write(piece, at, piece.length - at).catch(failed)).bytesWritten
    },
    async settle(bytes) {
      await file.sync().catch(failed)
      const { size } = await file.stat().catch(failed)
      if (size === bytes) return
      // Neither of the two can know whose bytes are where.
      await file.truncate(0).catch(failed)
      throw new SkeinError("provider.unavailable", `Another skein got ${path} at the same time. Try again.`)
    },
    [Symbol.asyncDispose]: () => file.close(),
  }
}

/** Throws SkeinError `provider.unavailable` when the disk has no room for so many bytes more. */
export async function roomFor(path: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(path))
  if (bytes <= bavail * bsize) return
  const [wanted, free] = [bytes, bavail * bsize].map((count) => `${(count / 1e9).toFixed(1)} GB`)
  throw new SkeinError(
    "provider.unavailable",
    `There is no room in ${dirname(path)}: it takes ${wanted}, and ${free} are free.`,
  )
}

function unwritable(path: string, cause: unknown): SkeinError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "an error"
  const why = code === "ENOSPC" ? "the disk is full" : code
  return new SkeinError(
    "provider.unavailable",
    `Cannot write ${path}: ${why}. Mend that, and the same command goes on.`,
    {
      cause,
    },
  )
}
