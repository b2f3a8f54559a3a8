import { closeSync, fdatasync, fsync, ftruncateSync, openSync, writeSync } from "node:fs"
import { type DurableEvent, SkeinError } from "@skein/protocol"
import { LINE_BYTES_MAX, LineWriter } from "./line.ts"
import type { LogIndex } from "./log-index.ts"
import { refusal, unwritable } from "./world.ts"

/** A log held for writing: its open, locked file and what is known of it. */
export interface HeldFile {
  readonly fd: number
  readonly path: string
  /** Whole lines in it, which is the last `seq`. */
  readonly lines: number
  readonly bytes: number
  /** Folders whose entries must reach the disk for the file to be found again. */
  readonly folders: readonly string[]
}

/** How a file's content gets onto the disk. */
export type ToDisk = (fd: number) => Promise<void>

/**
 * Appends to one file. Every append is one write; a failed one is rolled back to the length before, and after it nothing
 * is acknowledged any more: where bytes were lost once, the next ones are no safer.
 */
export class Appender {
  readonly #file: HeldFile
  readonly #index: LogIndex
  readonly #toDisk: ToDisk
  readonly #lines = new LineWriter()
  #seq: number
  #bytes: number
  #state: { kind: "open" } | { kind: "failed"; error: SkeinError } | { kind: "closed" } = { kind: "open" }
  #waiting: PromiseWithResolvers<void>[] = []
  #isSyncing = false
  #isNameOnDisk = false
  #lateSync: ReturnType<typeof setTimeout> | undefined

  constructor(file: HeldFile, index: LogIndex, toDisk: ToDisk = datasync) {
    this.#file = file
    this.#index = index
    this.#toDisk = toDisk
    this.#seq = file.lines
    this.#bytes = file.bytes
  }

  append(events: readonly DurableEvent[], flush: boolean): Promise<void> {
    this.#assertOpen()
    if (events.length > 0) this.#write(events)
    if (flush) return this.#flush()
    // Without this a pause in a stream would leave its text to the kernel's half minute: at most a second is at risk.
    this.#lateSync ??= setTimeout(() => this.#flush().catch(keptInState), LATE_SYNC_MS).unref()
    return Promise.resolve()
  }

  async close(): Promise<void> {
    if (this.#state.kind === "closed") return
    const isDirty = this.#lateSync !== undefined || this.#isSyncing
    try {
      if (isDirty && this.#state.kind === "open") await this.#flush()
    } finally {
      clearTimeout(this.#lateSync)
      this.#state = { kind: "closed" }
      closeSync(this.#file.fd)
    }
  }

  #assertOpen(): void {
    if (this.#state.kind === "failed") throw this.#state.error
    if (this.#state.kind === "closed") {
      throw new SkeinError("session.closed", `Cannot write ${this.#file.path}: the session is closed. Open it again.`)
    }
  }

  #write(events: readonly DurableEvent[]): void {
    for (const [index, event] of events.entries()) {
      if (event.seq === this.#seq + index + 1) continue
      throw new Error(
        `Event ${event.type} has seq ${event.seq} where ${this.#seq + index + 1} belongs in ${this.#file.path}`,
      )
    }
    const lines = this.#lines.encode(events)
    const longest = Math.max(0, ...this.#lines.lengths)
    if (longest > LINE_BYTES_MAX) throw this.#tooLong(longest)
    try {
      // A second round happens only when the first was cut short, and then it tells why.
      for (let done = 0; done < lines.length; ) done += writeSync(this.#file.fd, lines, done, lines.length - done)
    } catch (cause) {
      throw this.#rolledBack(cause)
    }
    this.#seq += events.length
    for (const [index, event] of events.entries()) {
      const length = this.#lines.lengths[index] ?? 0
      this.#index.add(event, this.#bytes, length, this.#lines.sums[index] ?? 0)
      this.#bytes += length
    }
  }

  /** Nothing of it was written, so that the session can go on. */
  #tooLong(bytes: number): SkeinError {
    const [is, max] = [bytes, LINE_BYTES_MAX].map((each) => Math.ceil(each / 1024 / 1024))
    return new SkeinError(
      "log.unwritable",
      `Cannot write ${this.#file.path}: one event has ${is} MB, and a line holds at most ${max} MB. Give it less at once.`,
    )
  }

  #rolledBack(cause: unknown): SkeinError {
    try {
      ftruncateSync(this.#file.fd, this.#bytes)
    } catch (second) {
      return this.#failed(
        new AggregateError([cause, second], `${String(cause)}; and the half-written line stays: ${String(second)}`),
      )
    }
    return this.#failed(cause)
  }

  #failed(cause: unknown): SkeinError {
    const error = unwritable(this.#file.path, cause)
    this.#state = { kind: "failed", error }
    return error
  }

  #flush(): Promise<void> {
    const waiter = Promise.withResolvers<void>()
    this.#waiting.push(waiter)
    if (!this.#isSyncing) {
      this.#isSyncing = true
      // A microtask later, so that all who ask at this moment share one sync.
      queueMicrotask(() => this.#syncAll())
    }
    return waiter.promise
  }

  /** One sync at a time; all who ask while it runs share the next. */
  async #syncAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const served = this.#waiting
      this.#waiting = []
      clearTimeout(this.#lateSync)
      this.#lateSync = undefined
      try {
        this.#assertOpen()
        await Promise.all([this.#toDisk(this.#file.fd), ...this.#namesToDisk()])
        this.#isNameOnDisk = true
        for (const waiter of served) waiter.resolve()
      } catch (cause) {
        // What a failed sync left in the cache may be gone although a second one succeeds, so there is no second one.
        const error = cause instanceof SkeinError ? cause : this.#failed(cause)
        for (const waiter of served) waiter.reject(error)
      }
    }
    this.#isSyncing = false
  }

  #namesToDisk(): Promise<void>[] {
    return this.#isNameOnDisk ? [] : this.#file.folders.map(syncFolder)
  }
}

const LATE_SYNC_MS = 1000

function datasync(fd: number): Promise<void> {
  return new Promise((resolve, reject) => fdatasync(fd, (error) => (error ? reject(error) : resolve())))
}

/** Makes what was created, renamed or removed in a folder survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const fd = openSync(path, "r")
  try {
    await new Promise<void>((resolve, reject) => fsync(fd, (error) => (error ? reject(error) : resolve())))
  } catch (error) {
    // Some file systems have no such thing for a folder, and then nothing is lost by its absence.
    if (!["EINVAL", "ENOTSUP", "EBADF"].includes(refusal(error) ?? "")) throw error
  } finally {
    closeSync(fd)
  }
}

/** A late sync has nobody to tell: its error is in the state, and the next append rejects with it. */
function keptInState(_error: unknown): void {}
