import { idSchema } from "../id-schema.ts"
import { lazy } from "../lazy.ts"
import * as z from "../schema.ts"
import { defineEvent } from "./define.ts"

/**
 * What stood at a path, exactly enough to put it back. `sha256` names the bytes in the checkpoint store; a file that the
 * store does not hold (too large, or over the total) has `isKept` false: it is told, and cannot be put back.
 */
export type FileVersion =
  | {
      readonly kind: "file"
      readonly sha256: string
      readonly bytes: number
      /** Permission bits, as 0o644. */
      readonly mode: number
      readonly isKept: boolean
    }
  | { readonly kind: "link"; readonly target: string }
  | { readonly kind: "folder"; readonly mode: number }

export const FileVersion = lazy(() =>
  z.discriminatedUnion("kind", [
    z.object({
      kind: z.literal("file"),
      sha256: z.string(),
      bytes: z.number(),
      mode: z.number(),
      isKept: z.boolean(),
    }),
    z.object({ kind: z.literal("link"), target: z.string() }),
    z.object({ kind: z.literal("folder"), mode: z.number() }),
  ]),
)

/** One path before and after; null where nothing was. Paths are absolute, links in them resolved but for the last part. */
export interface PathChange {
  readonly path: string
  readonly before: FileVersion | null
  readonly after: FileVersion | null
}

const PathChanges = lazy(() =>
  z.array(z.object({ path: z.string(), before: FileVersion().nullable(), after: FileVersion().nullable() })),
)

/**
 * What one call, or a person's own command, did to the workspace, whichever tool it used: the base of undo. Recorded before
 * the call settles. Bytes are in the checkpoint store, never here.
 */
export const FilesChanged = defineEvent("files.changed", "durable", () => ({
  /** Absent for a person's own command while no turn was open. */
  turnId: idSchema("trn").optional(),
  callId: idSchema("cal"),
  /** By a person's own command: `callId` is that of its `shell.started`. */
  isPersons: z.boolean().optional(),
  changes: PathChanges(),
  /** What could not be watched, in sentences: folders left out, files over a bound. */
  notCovered: z.array(z.string()),
  /** Skein was stopped while the call ran, and looked later: something else may have made some of these changes since. */
  isUncertain: z.boolean().optional(),
}))

/** The workspace was taken back, or forward again, to how it was after event `toSeq`; 0 where that is one of another log. */
export const FilesRestored = defineEvent("files.restored", "durable", () => ({
  toSeq: z.number(),
  changes: PathChanges(),
  /** Paths that were left as they are, because something else had changed them since. */
  conflicts: z.array(z.object({ path: z.string(), reason: z.string() })),
  /** Only this part of one file, which a person took back by itself. */
  isHunk: z.boolean().optional(),
}))
