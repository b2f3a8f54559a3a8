import { closeSync, fdatasync, fstatSync, ftruncateSync, lstatSync, renameSync, writeSync } from "node:fs"
import type { TakeLock } from "@skein/core/ports"
import { type Head, HeadFile } from "./head.ts"
import { encodeLine, type Fields, NO_SUM } from "./line.ts"
import { locked } from "./lock.ts"
import { openFull, openRecord } from "./open.ts"
import { fullFile, fullNumbers } from "./paths.ts"
import { repairOf } from "./repair.ts"
import { bytesAt, lastLine } from "./tail.ts"
import { refusal, unwritable } from "./world.ts"

export interface ChainOptions {
  readonly file: string
  readonly headFile: string
  readonly lock: TakeLock
  /** A file that would outgrow this is closed, and the chain goes on in a new one. */
  readonly bytesMax: number
  /** Whether a line is on disk, not only with the kernel, before it counts as written. */
  readonly isSynced: boolean
  readonly now: () => number
}

/** Where the chain stands, and how much of the file that is. */
interface Place {
  readonly seq: number
  readonly sum: string
  readonly bytes: number
}

/**
 * The record as a chain of lines in one file, which any number of processes append to. Each append holds the file's lock,
 * and goes on from the last whole line, whoever wrote it. What does not fit is told in the chain itself, by a line of its
 * own: bytes of a line that a kill cut short stay where they are, and nothing is ever glued onto them.
 */
export class Chain {
  readonly #options: ChainOptions
  readonly #head: HeadFile
  #fd: number | undefined
  #place: Place | undefined

  constructor(options: ChainOptions) {
    this.#options = options
    this.#head = new HeadFile(options.headFile)
  }

  /** Resolves when all of them are written. Rejects with SkeinError `audit.unwritable`, and then none of them is. */
  async append(entries: readonly Fields[]): Promise<void> {
    const { file, isSynced } = this.#options
    try {
      const fd = await this.#locked((held, size) => this.#write(held, size, entries))
      if (isSynced) await datasync(fd)
    } catch (cause) {
      this.close()
      throw unwritable(file, cause)
    }
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd)
    this.#fd = undefined
    this.#place = undefined
    this.#head.close()
  }

  /** With the lock of the file that has the name now: this or another process may have closed a full one, or moved it. */
  async #locked(use: (fd: number, size: number) => boolean): Promise<number> {
    const { file, lock } = this.#options
    for (;;) {
      this.#fd ??= openRecord(file)
      const release = await locked(lock, this.#fd, file)
      try {
        const { ino, size } = fstatSync(this.#fd)
        const isNamed = lstatSync(file, { throwIfNoEntry: false })?.ino === ino
        if (isNamed && use(this.#fd, size)) return this.#fd
      } finally {
        release()
      }
      closeSync(this.#fd)
      this.#fd = undefined
      this.#place = undefined
    }
  }

  /** False when the file is full and was given its number: the next one has to be locked first. */
  #write(fd: number, size: number, entries: readonly Fields[]): boolean {
    const { file, bytesMax } = this.#options
    const place = this.#place?.bytes === size ? this.#place : this.#found(fd, size)
    const { text, last } = chained(place, entries)
    if (place.bytes > 0 && place.bytes + text.length > bytesMax) {
      renameSync(file, fullFile(file, (fullNumbers(file).at(-1) ?? 0) + 1))
      return false
    }
    this.#put(fd, text, place.bytes, last)
    return true
  }

  /** Where to go on in a file that another wrote last, or that was never looked at. Says in the chain what does not fit. */
  #found(fd: number, size: number): Place {
    const found = lastLine(fd, size)
    if (found?.isEnded === false) {
      writeAll(fd, "\n")
      return this.#found(fd, size + 1)
    }
    const last = found?.line ?? this.#lastOfFull()
    const end = found?.end ?? 0
    const head = this.#head.read()
    const repair = repairOf({ last, head, torn: bytesAt(fd, end, size - end), now: this.#options.now() })
    if (repair === undefined) {
      // The first line of all has nothing to be missed by yet.
      if (last === undefined) this.#head.write({ seq: 0, sum: NO_SUM })
      return { seq: last?.seq ?? 0, sum: last?.sum ?? NO_SUM, bytes: size }
    }
    const { text, sum } = encodeLine(repair.seq, last?.sum ?? NO_SUM, repair.fields)
    return this.#put(fd, size > end ? `\n${text}` : text, size, { seq: repair.seq, sum })
  }

  /** One write, and one of the head. What was cut short, by a full disk as well, is taken back. */
  #put(fd: number, text: string, size: number, last: Head): Place {
    try {
      writeAll(fd, text)
      this.#head.write(last)
    } catch (cause) {
      this.#place = undefined
      try {
        ftruncateSync(fd, size)
      } catch (second) {
        throw new AggregateError([cause, second], `${String(cause)}; and a half-written line stays: ${String(second)}`)
      }
      throw cause
    }
    this.#place = { ...last, bytes: size + text.length }
    return this.#place
  }

  #lastOfFull() {
    const { file } = this.#options
    const newest = fullNumbers(file).at(-1)
    if (newest === undefined) return undefined
    const fd = openFull(fullFile(file, newest))
    try {
      return lastLine(fd, fstatSync(fd).size)?.line
    } finally {
      closeSync(fd)
    }
  }
}

function chained(place: Place, entries: readonly Fields[]) {
  let { seq, sum } = place
  let text = ""
  for (const fields of entries) {
    seq += 1
    const line = encodeLine(seq, sum, fields)
    text += line.text
    sum = line.sum
  }
  return { text, last: { seq, sum } }
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text)
  // A second round happens only when the first was cut short, and then it tells why.
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done, bytes.length - done)
}

function datasync(fd: number): Promise<void> {
  return new Promise((resolve, reject) => {
    fdatasync(fd, (error) => (error === null || refusal(error) === "EINVAL" ? resolve() : reject(error)))
  })
}
