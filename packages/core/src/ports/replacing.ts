/**
 * Puts the file at `draft` in place of the one at `path` when what stands there `isExpected`, and puts everything back
 * when it is not. The draft is gone afterwards, unless it `cannot`: then nothing was done.
 */
export type Supplant = (draft: string, path: string, isExpected: (path: string) => boolean) => Supplanted

export type Supplanted =
  /** The draft stands there now; what it replaced is gone. */
  | { readonly kind: "done" }
  /**
   * Something else came first, and stands there. The draft is gone. `keptAs` names a file beside it with what was there
   * one save earlier, when something saved again at the very moment of putting back.
   */
  | { readonly kind: "changed"; readonly keptAs?: string | undefined }
  /** Names cannot be exchanged here; nothing was done. */
  | { readonly kind: "cannot" }

/**
 * Uses a file that has left its name, once nobody who opened it under that name still writes it. `isUnbroken` tells whether
 * somebody has begun to since: they wait until the use is over.
 */
export type Quietly = <T>(path: string, use: (isUnbroken: () => boolean) => T) => T
