import type { FileChange } from "@skein/protocol"

/** Throw-away layers over folders: what a command writes goes there, and is kept or dropped as a whole. */
export interface LayersPort {
  /** Whether this machine can; with the reason and the cure when it cannot. */
  available(): Promise<
    { readonly isAvailable: true } | { readonly isAvailable: false; readonly reason: string; readonly cure: string }
  >
  /** Rejects with SkeinError `sandbox.unavailable`. */
  open(roots: readonly string[]): Promise<Layer>
}

export interface Layer {
  readonly id: string
  readonly roots: readonly string[]
  /** What differs from the folders below, with diffs of text files, bounded. */
  changes(): Promise<readonly FileChange[]>
  /** What `changes` does not list, in sentences for a person: paths over its bound, and what is never kept, and why. */
  notes(): Promise<readonly string[]>
  /**
   * Puts everything into the folders, all or nothing. Throws SkeinError `checkpoint.conflict` and does nothing when a file
   * there is no longer as the layer found it.
   */
  keep(): Promise<void>
  discard(): Promise<void>
}
