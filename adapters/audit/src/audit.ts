import type { AuditEntry, AuditPort, TakeLock } from "@skein/core/ports"
import { lazy } from "@skein/protocol"
import { unwritable } from "./world.ts"
import type { Writer } from "./writer.ts"

export interface AuditOptions {
  /** Where the record is written. Absolute. */
  readonly file: string
  /** Where its newest line is kept in mind, apart from it. Absolute. */
  readonly headFile: string
  /** flock(2), loaded with the first entry. */
  readonly lock: () => Promise<TakeLock>
  readonly bytesMax: number
  /** Whether an entry is on disk before its action is done; else it is with the kernel, which a power cut can lose. */
  readonly isSynced: boolean
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export interface Audit extends AuditPort {
  /** Resolves when everything so far is written, or was refused to whoever asked. */
  close(): Promise<void>
}

/**
 * The record of every action, as a hash chain on disk. Nothing is opened, loaded or made before the first entry. All
 * entries of a moment are one write.
 */
export function audit(options: AuditOptions): Audit {
  const writer = lazy(async () => {
    const [{ writerOf }, lock] = await Promise.all([import("./writer.ts"), options.lock()])
    return writerOf({ ...options, lock })
  })
  let opened: Writer | undefined
  let waiting: Waiting[] = []
  let writing: Promise<void> | undefined
  const writeAll = async () => {
    while (waiting.length > 0) {
      const batch = waiting
      waiting = []
      try {
        opened ??= await writer()
        await opened.write(batch.map(({ entry }) => entry))
        for (const { resolve } of batch) resolve()
      } catch (cause) {
        const error = unwritable(options.file, cause)
        for (const { reject } of batch) reject(error)
      }
    }
    writing = undefined
  }
  return {
    record(entry) {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      waiting.push({ entry, resolve, reject })
      // A microtask later, so that all who record at this moment share one write.
      writing ??= Promise.resolve().then(writeAll)
      return promise
    },
    async close() {
      await writing
      opened?.close()
    },
  }
}

interface Waiting {
  readonly entry: AuditEntry
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}
