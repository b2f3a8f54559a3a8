import type { FileChange, SessionId } from "@skein/protocol"

/**
 * Working copies of a repository, one for each child session that is to change files by itself: nobody else's files change
 * until one is merged. All failures are ToolFailure, with a text for the model.
 */
export interface WorktreesPort {
  /** Makes one that holds what is in the repository of `cwd` now, with what is not committed there. */
  open(request: WorktreeRequest): Promise<Worktree>
  /** All of this machine, oldest first. */
  list(): Promise<readonly Worktree[]>
  /** By its id, the beginning of one, or its branch. */
  find(name: string): Promise<Worktree>
  /** What was changed in it since it was made. */
  difference(worktree: Worktree): Promise<WorktreeDifference>
  /** Works out what a merge into the tree it was made of would write there. Writes nothing. */
  planMerge(worktree: Worktree, onConflict: OnMergeConflict): Promise<MergePlan>
  /**
   * Takes its folder away. Its branch goes too where nothing on it is missing in the tree it was made of; else it stays,
   * with everything committed. `by` is the session that asks.
   */
  remove(worktree: Worktree, by?: SessionId): Promise<RemovedWorktree>
  /** Removes those whose skein has ended: merged and unchanged ones, and with `isThorough` all others as well. */
  cleanUp(how: { readonly isDryRun: boolean; readonly isThorough: boolean }): Promise<readonly RemovedWorktree[]>
}

export interface WorktreeRequest {
  /** Absolute: the folder of the session that asks. */
  readonly cwd: string
  /** Whose it is to be: part of the branch's name. */
  readonly agent: string
  /** What it is for, as a person is shown it. */
  readonly description: string
  readonly signal: AbortSignal
  /** The session that asks. */
  readonly sessionId?: SessionId | undefined
}

export interface Worktree {
  /** Six letters and digits. */
  readonly id: string
  readonly agent: string
  readonly description: string
  readonly branch: string
  /** The root of the tree it was made of, absolute. */
  readonly repository: string
  /** Its own root, absolute. */
  readonly path: string
  /** The folder in it that answers to the one it was asked for in. */
  readonly cwd: string
  /** The commit that it began with. */
  readonly base: string
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly isMerged: boolean
  /** The skein that made it still runs. */
  readonly isOwned: boolean
}

export interface WorktreeDifference {
  readonly files: readonly {
    /** From the root. */
    readonly path: string
    readonly kind: FileChange["kind"]
    /** Lines; undefined for what is no text. */
    readonly added?: number | undefined
    readonly removed?: number | undefined
  }[]
  /** Unified, bounded; says so where it is cut. */
  readonly diff: string
}

/**
 * What becomes of files that cannot be merged: then nothing is written at all, or they are left out, or they are written
 * with both versions between marks.
 */
export type OnMergeConflict = "refuse" | "skip" | "mark"

export interface MergePlan {
  readonly worktree: Worktree
  readonly files: readonly MergedFile[]
  readonly conflicts: readonly MergeConflict[]
  /** Paths that hold the same on both sides already. */
  readonly alikeCount: number
  /** Writes `files`, all or none. Throws ToolFailure, and has changed nothing, when one is not as it was planned. */
  apply(): Promise<void>
}

export interface MergedFile {
  /** Absolute, in the tree that is merged into. */
  readonly path: string
  readonly kind: FileChange["kind"]
  /** SHA-256; null where there is or will be no file. */
  readonly before: string | null
  readonly after: string | null
  readonly diff: string
  /** Both sides changed it, and the changes do not touch each other. */
  readonly isMerged: boolean
}

export interface MergeConflict {
  /** From the root. */
  readonly path: string
  /** A sentence part for a person: `lines 3-9 were changed on both sides`. */
  readonly why: string
}

export interface RemovedWorktree {
  readonly worktree: Worktree
  /** What was, or would be, done and why; a sentence for a person. */
  readonly deed: string
  readonly isBranchKept: boolean
}
