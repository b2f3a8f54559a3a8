import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
} from "node:fs"
import { join } from "node:path"
import { lstat, reach } from "../paths.ts"
import type { Libc } from "./libc.ts"

const PREFIX = "layer-"
const LOCK = "lock"

export interface LayerFolder {
  readonly path: string
  /** Removes it and all in it. */
  remove(): void
}

/** A folder of one layer that nobody else may enter, held as long as this process lives: from another container too. */
export function makeLayerFolder(parent: string, c: Libc): LayerFolder {
  for (;;) {
    const path = mkdtempSync(join(parent, PREFIX))
    const fd = held(path, c)
    if (fd !== undefined) {
      const remove = () => {
        removeTree(path)
        closeSync(fd)
      }
      return { path, remove }
    }
    // Somebody who cleans up took it for one that is left over.
    removeTree(path)
  }
}

/** Undefined when somebody else has it, or had it and removed it. */
function held(path: string, c: Libc): number | undefined {
  const fd = reach(() => openSync(join(path, LOCK), constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600))
  if (fd === undefined) return undefined
  if (c.lock(fd) && fstatSync(fd).nlink > 0) return fd
  closeSync(fd)
  return undefined
}

/** Calls `use` with each folder of a layer whose process is gone, while nobody else can have it. */
export function eachOrphan(parent: string, c: Libc, use: (path: string) => void): void {
  for (const name of layersIn(parent)) {
    const path = join(parent, name)
    const fd = held(path, c)
    if (fd === undefined) continue
    try {
      use(path)
    } finally {
      closeSync(fd)
    }
  }
}

/** Names of all layers in a folder, in use or not. */
export function layersIn(parent: string): readonly string[] {
  return (reach(() => readdirSync(parent)) ?? []).filter((name) => name.startsWith(PREFIX))
}

/** Makes the folder that holds layers, if need be. False when it is not ours alone. */
export function isOwnFolder(parent: string): boolean {
  const made = reach(() => mkdirSync(parent, { recursive: true, mode: 0o700 }) ?? true)
  const found = lstat(parent)
  return made !== undefined && found?.isDirectory() === true && found.uid === process.getuid?.() && isClosed(found.mode)
}

const isClosed = (mode: number) => (mode & 0o077) === 0

/** All of it, also folders whose owner may not enter them any more. Follows no link. */
export function removeTree(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined) return
  if (found.isDirectory()) open(path, found.mode)
  rmSync(path, { recursive: true, force: true })
}

function open(folder: string, mode: number): void {
  if (process.getuid?.() === 0) return
  if ((mode & 0o700) !== 0o700) chmodSync(folder, 0o700)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue
    const path = join(folder, entry.name)
    open(path, lstatSync(path).mode)
  }
}
