import { closeSync, constants, fstatSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs"
import { dirname } from "node:path"
import type { LedgerEntry, LedgerPort } from "@skein/core/ports"

export interface LedgerOptions {
  /** Absolute: `…/records/egress.jsonl`. Made with the first entry. */
  readonly path: string
  /** Told once, in a sentence, when it cannot be written. */
  readonly onUnwritable?: ((sentence: string) => void) | undefined
  /** A file of this size becomes the first of the older ones. */
  readonly bytesMax?: number | undefined
}

export interface Ledger extends LedgerPort {
  close(): void
}

const BYTES_MAX = 8_000_000

/** `egress.jsonl.1` is the newest of these. */
export const OLDER_FILES = 4

/**
 * The record of what leaves, one JSON line for each entry, in one write that no other process's entry can come into. A
 * request is told in two entries, when it leaves and when its answer has come: what counts are their sums.
 */
export function ledger({ path, onUnwritable, bytesMax = BYTES_MAX }: LedgerOptions): Ledger {
  let fd: number | undefined
  let isTold = false

  function open(): number {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    fd = openSync(path, FLAGS, 0o600)
    return fd
  }
  /** Other processes write to it too, and one of them may have put it aside. */
  function current(): number {
    const held = fd ?? open()
    const own = fstatSync(held)
    const named = statSync(path, { throwIfNoEntry: false })
    if (named?.ino === own.ino && own.size < bytesMax) return held
    // Whoever else is putting it aside will be done by the next entry; until then this one is as good a place.
    if (named?.ino === own.ino && !alone(path, () => putAside(path, own.ino))) return held
    closeSync(held)
    fd = undefined
    return open()
  }
  return {
    record(entry) {
      try {
        writeSync(current(), `${lineOf(entry)}\n`)
      } catch (error) {
        if (!isTold) onUnwritable?.(`Cannot record what leaves this machine in ${path}: ${String(error)}.`)
        isTold = true
      }
    },
    close() {
      if (fd !== undefined) closeSync(fd)
      fd = undefined
    },
  }
}

const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK

/** One at a time: a second process that did the same would put one file in another's place. False when another is at it. */
function alone(path: string, act: () => void): boolean {
  const lock = `${path}.lock`
  try {
    closeSync(openSync(lock, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | constants.O_NOFOLLOW, 0o600))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error
    // It takes no time, so one that old was left by a process that was killed in it.
    const { mtimeMs = Number.POSITIVE_INFINITY } = statSync(lock, { throwIfNoEntry: false }) ?? {}
    const { mtimeMs: now } = statSync(path, { throwIfNoEntry: false }) ?? { mtimeMs: 0 }
    if (now - mtimeMs > LEFT_MS) rmSync(lock, { force: true })
    return false
  }
  try {
    act()
    return true
  } finally {
    rmSync(lock, { force: true })
  }
}

const LEFT_MS = 5_000

/** Unless another process did so meanwhile. */
function putAside(path: string, inode: number): void {
  if (statSync(path, { throwIfNoEntry: false })?.ino !== inode) return
  for (let age = OLDER_FILES; age > 0; age--) {
    const from = age === 1 ? path : `${path}.${age - 1}`
    if (statSync(from, { throwIfNoEntry: false }) !== undefined) renameSync(from, `${path}.${age}`)
  }
}

/** Exactly these fields, whatever else an object has: nothing that was said may come in. */
function lineOf(entry: LedgerEntry): string {
  const { at, host, port, purpose, bytesOut, bytesIn, sha256, decision, sessionId, callId } = entry
  return JSON.stringify({ at, host, port, purpose, bytesOut, bytesIn, sha256, decision, sessionId, callId })
}
