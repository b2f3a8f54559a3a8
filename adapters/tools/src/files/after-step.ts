import type { RunContext } from "@skein/core/ports"
import type { ToolWorld } from "../define.ts"

/** What follows a change of files, told together with it. */
export interface AfterChange {
  /** Files that hold something else now than what was written. */
  readonly rewritten: readonly Rewritten[]
  /** Whole sentences for the model, one block each. What they quote from elsewhere is bounded by who writes them. */
  readonly notes: readonly string[]
  /** What a person is to see of it below the diff, a line each; and what its summary says besides: `2 errors`. */
  readonly shown?: { readonly lines: readonly string[]; readonly summary: string } | undefined
}

export interface Rewritten {
  /** Absolute, one of those that were changed. */
  readonly path: string
  /** The program that did it: `prettier`. */
  readonly by: string
}

/** A file that was changed, and what was written. */
export interface Written {
  /** Absolute. */
  readonly path: string
  readonly sha256: string
}

/**
 * One thing that is done with files once they are changed. A step never makes the change fail: what it could not do is a note, or
 * nothing. It writes no other files than these.
 */
export type AfterStep = (
  world: ToolWorld,
  context: RunContext,
  written: readonly Written[],
) => Promise<Partial<AfterChange>>
