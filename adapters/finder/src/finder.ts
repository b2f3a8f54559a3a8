import { statSync } from "node:fs"
import type { FinderPort } from "@skein/core/ports"
import { findFiles } from "@skein/fuzzy"
import { type FoundPaths, SkeinError } from "@skein/protocol"
import { type Listed, listed } from "./listed.ts"
import { FolderWatch } from "./watch.ts"

export interface FinderOptions {
  /** Absolute path of ripgrep. */
  readonly ripgrep: () => Promise<string>
  /** Milliseconds on any scale. */
  readonly now: () => number
  /** Told once when a root cannot be watched, with the reason. */
  readonly onUnwatched: (sentence: string) => void
  /** After so long without a question all is let go of. */
  readonly idleMs?: number | undefined
}

export interface Finder extends FinderPort {
  close(): void
}

/** Where nothing is watched, a listing holds for so long. */
const UNWATCHED_MS = 3_000
/** What comes into being in a folder that was empty before is seen by then. */
const WATCHED_MS = 10_000
const IDLE_MS = 60_000

/** Finds by name, in listings that are made when they are asked for and watched while they are. */
export function finder({ ripgrep, now, onUnwatched, idleMs = IDLE_MS }: FinderOptions): Finder {
  let kept: Kept | undefined
  let idle: Timer | undefined

  function release(): void {
    clearTimeout(idle)
    kept?.watch.close()
    kept = undefined
  }

  function current(root: string): Kept {
    const isFresh =
      kept?.root === root && now() - kept.atMs < (kept.watch.isOn ? WATCHED_MS : UNWATCHED_MS) && !kept.watch.hasChanged
    if (kept !== undefined && isFresh) return kept
    const watch = kept?.root === root ? kept.watch : new FolderWatch(root, onUnwatched)
    if (kept?.root !== root) release()
    watch.settle()
    const names = ripgrep().then((program) => listed(program, root))
    const made: Kept = { root, atMs: now(), watch, names }
    kept = made
    names.then(
      ({ paths }) => (kept === made ? watch.follow(paths) : undefined),
      // Whoever asked is told; the next question lists anew.
      () => (kept === made ? release() : undefined),
    )
    return made
  }

  return {
    async find(root, query, limit): Promise<FoundPaths> {
      if (statSync(root, { throwIfNoEntry: false })?.isDirectory() !== true) {
        throw new SkeinError("op.invalid", `Cannot find files in ${root}: it is no folder.`)
      }
      clearTimeout(idle)
      idle = setTimeout(release, idleMs)
      idle.unref()
      const { paths, isCut } = await current(root).names
      const found = findFiles(paths, query, limit).map(({ path, match }) => ({ path, ...match }))
      return { paths: found, lookedAt: paths.length, isCut }
    },
    close: release,
  }
}

interface Kept {
  readonly root: string
  readonly atMs: number
  readonly watch: FolderWatch
  readonly names: Promise<Listed>
}
