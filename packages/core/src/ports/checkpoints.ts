import type { FileAction, FileVersion, Op, PathChange, PathDiff, SessionId } from "@skein/protocol"

/**
 * Keeps what skein changes in a workspace, so that it can be put back: bytes, modes and links, exactly. A store of its
 * own, never the person's git. What each call changed is in the session's log; here are the bytes.
 */
export interface CheckpointsPort {
  /**
   * Begins to look at these roots in the background, before anything is to be watched, so that the first `watch` finds
   * most of it done. Called as a turn begins; returns at once and never throws. Not every store needs it.
   */
  prepare?(scope: Pick<WatchScope, "roots" | "signal">): void
  /**
   * Begins to watch, before a call that may change something: resolves when every byte that could be lost is kept, within
   * the store's bounds. `paths` says exactly what will be written, else anything in `roots` may be. Never refuses a call
   * for its own sake: what it cannot watch is named by `settle`.
   */
  watch(scope: WatchScope): Promise<Watch>
  /**
   * What a process that was killed left unrecorded: what differs now from when its watches for this session began. Asked of
   * a session that no process runs; undefined when there is nothing to compare with. Never throws.
   */
  leftBehind?(sessionId: SessionId): Promise<LeftBehind | undefined>
  /** What each step would do now. Writes nothing. */
  preview(steps: readonly RestoreStep[]): Promise<readonly FileAction[]>
  /**
   * Puts paths back, whole or not at all as `onConflict` says; every file by a rename. Throws SkeinError
   * `checkpoint.conflict`, naming every path, when something else changed one and `onConflict` is `refuse`: then nothing
   * was touched. A path that is already as wanted is no conflict.
   */
  restore(steps: readonly RestoreStep[], onConflict: OnConflict): Promise<Restored>
  /**
   * Puts one hunk of a file back. Throws SkeinError `checkpoint.conflict` when the file is not as `sha256` says or the hunk
   * does not stand there, `checkpoint.unwritable` when it could not be taken back again: then nothing was touched.
   */
  revertHunk(asked: HunkRevert): Promise<PathChange>
  /** Unified diffs from what was to what is there now. A folder that came or went is told only where nothing in it is. */
  diff(steps: readonly RestoreStep[]): Promise<readonly PathDiff[]>
}

export type OnConflict = "refuse" | "skip" | "merge" | "overwrite"

export interface WatchScope {
  readonly sessionId: SessionId
  /** Absolute, links resolved. */
  readonly roots: readonly string[]
  readonly paths?: readonly string[] | undefined
  readonly signal: AbortSignal
}

export interface Watch {
  /** What differs now from when the watch began. Called once, after the call ended, however it did. Never throws. */
  settle(): Promise<Watched>
  /** What `settle` told is in the session's log: after a kill nothing has to be found out. Never throws. */
  recorded?(): void
}

export interface Watched {
  readonly changes: readonly PathChange[]
  /** In sentences for a person: folders left out, files over a bound. */
  readonly notCovered: readonly string[]
}

/** Somebody else may have made some of the changes, after the kill. */
export interface LeftBehind extends Watched {
  /** It is in the session's log, and not to be told again. Never throws. */
  recorded(): void
}

/** One path to put back. */
export interface RestoreStep {
  readonly path: string
  /** As skein left it: when it is not that any more, something else changed it. */
  readonly expected: FileVersion | null
  /** As it is to be. */
  readonly target: FileVersion | null
  /** Something else changed it between two of skein's changes: a conflict, whatever stands there now. */
  readonly isInterrupted?: boolean | undefined
  /** Why `isInterrupted`: skein was stopped while it changed the path, and saw it only later. */
  readonly isUncertain?: boolean | undefined
}

export type HunkRevert = Pick<Op<"files.revert">, "path" | "sha256" | "hunk">

export interface Restored {
  /** What was changed, as it was found and as it was left. */
  readonly changes: readonly PathChange[]
  readonly conflicts: readonly { readonly path: string; readonly reason: string }[]
}
