import { closeSync, constants, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs"
import { join } from "node:path"
import { reach } from "../paths.ts"

/**
 * What a keep is about to do, on disk before it does it, in the layer's own folder. A process that is killed leaves it;
 * the next one reads it and finishes, or cleans up where nothing was begun.
 */
export interface Journal {
  /** Folders in the roots that hold what is to come, and then what was there. */
  readonly stagings: readonly Staging[]
  /** Empty until all of it is staged: then nothing of the real folders has been touched. */
  readonly steps: readonly Step[]
}

export interface Staging {
  readonly root: string
  readonly name: string
}

/**
 * One change of a real folder, in one step of the kernel. `slot` is its name in the staging folder. `add`: the slot's
 * thing gets the path, where nothing is. `exchange`: it changes places with what is there. `remove`: what is there goes
 * to the slot. `mode`: permissions are set.
 */
export interface Step {
  readonly kind: "add" | "exchange" | "remove" | "mode"
  readonly staging: number
  /** Relative to the root. */
  readonly path: string
  readonly slot: string
  /** What is to be there before, as one line; empty for nothing. */
  readonly before: string
  /** The inode that is to be there afterwards, of `add` and `exchange`. */
  readonly inode: string
  readonly mode: number
}

const NAME = "journal.json"

export function writeJournal(folder: string, journal: Journal): void {
  const path = join(folder, NAME)
  const fd = openSync(`${path}.new`, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 0o600)
  try {
    const bytes = Buffer.from(JSON.stringify(journal))
    for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  renameSync(`${path}.new`, path)
  const held = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY)
  try {
    fsyncSync(held)
  } finally {
    closeSync(held)
  }
}

/** Undefined when no keep was begun, or it was over. */
export function readJournal(folder: string): Journal | undefined {
  const text = reach(() => readFileSync(join(folder, NAME), "utf8"))
  return text === undefined ? undefined : (JSON.parse(text) as Journal)
}

export function removeJournal(folder: string): void {
  rmSync(join(folder, NAME), { force: true })
}
