import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import type { TakeLock, Worktree } from "@skein/core/ports"
import type { GitPlace } from "./git.ts"

/** What is kept of a worktree beside it. */
export interface Kept extends Omit<Worktree, "isOwned"> {
  /** The version of this form. */
  readonly v: 1
  /** Where git keeps its HEAD and index: below the repository's `.git/worktrees`. */
  readonly gitDir: string
  /** The same of the tree it was made of. */
  readonly parentGitDir: string
}

/** The records of worktrees, each with a lock that is held as long as its skein lives. */
export interface Records {
  folderOf(id: string): string
  write(kept: Kept): void
  read(): readonly Kept[]
  /** For the life of this process. */
  own(id: string): Promise<void>
  /** Undefined where the file system has no locks: then nobody knows. */
  isOwned(id: string): Promise<boolean | undefined>
  disown(id: string): void
}

export function recordsIn(folder: string, lock: () => Promise<TakeLock>): Records {
  const held = new Map<string, number>()
  const folderOf = (id: string) => join(folder, id)
  return {
    folderOf,
    write(kept) {
      const path = join(folderOf(kept.id), RECORD)
      mkdirSync(folderOf(kept.id), { recursive: true, mode: 0o700 })
      writeFileSync(`${path}.new`, `${JSON.stringify(kept, undefined, 2)}\n`, { mode: 0o600 })
      renameSync(`${path}.new`, path)
    },
    read() {
      if (!existsSync(folder)) return []
      const ids = readdirSync(folder).filter((name) => existsSync(join(folder, name, RECORD)))
      return ids.flatMap((id) => keptIn(join(folder, id, RECORD)) ?? []).toSorted((a, b) => a.createdAt - b.createdAt)
    },
    async own(id) {
      const fd = openSync(join(folderOf(id), LOCK), "w", 0o600)
      ;(await lock())(fd)
      held.set(id, fd)
    },
    async isOwned(id) {
      if (held.has(id)) return true
      const path = join(folderOf(id), LOCK)
      if (!existsSync(path)) return false
      const fd = openSync(path, "r")
      try {
        const taken = (await lock())(fd)
        if (taken.kind === "locked") taken.release()
        return taken.kind === "unsupported" ? undefined : taken.kind === "held"
      } finally {
        closeSync(fd)
      }
    },
    disown(id) {
      const fd = held.get(id)
      if (fd !== undefined) closeSync(fd)
      held.delete(id)
    },
  }
}

const RECORD = "worktree.json"
const LOCK = "lock"

/** Undefined for one of a newer skein, or damaged: it is left alone. */
function keptIn(path: string): Kept | undefined {
  try {
    const kept: Kept = JSON.parse(readFileSync(path, "utf8"))
    return kept.v === 1 ? kept : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

export function placeOf({ gitDir, path }: Pick<Kept, "gitDir" | "path">): GitPlace {
  return { gitDir, root: path }
}

export function parentOf({ parentGitDir, repository }: Pick<Kept, "parentGitDir" | "repository">): GitPlace {
  return { gitDir: parentGitDir, root: repository }
}
