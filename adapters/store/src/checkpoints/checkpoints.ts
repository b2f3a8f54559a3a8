import { join } from "node:path"
import type { CheckpointsPort, Quietly, Supplant } from "@skein/core/ports"
import type { SessionId } from "@skein/protocol"
import { ownPaths } from "../paths.ts"
import type { Blobs } from "./blobs.ts"
import type { Bounds } from "./bounds.ts"
import type { Roots } from "./roots.ts"

export interface CheckpointsOptions {
  /** Absolute. `checkpoints` in it is made, for its owner alone, with the first bytes that are kept. */
  readonly dataDir: string
  /** The person's home folder, absolute, links resolved: neither it nor what holds it is scanned. */
  readonly home: string
  /** Milliseconds, as file systems stamp them. */
  readonly now: () => number
  readonly bounds?: Partial<Bounds> | undefined
  /** Loads what keeps a save of another process at the same moment; without it a last look and a rename have to do. */
  readonly supplant?: (() => Promise<Supplant | undefined>) | undefined
  /** Tells, where the system can, that nobody still writes a file that is taken away. */
  readonly quietly?: (() => Promise<Quietly>) | undefined
}

export interface Checkpoints extends CheckpointsPort {
  /** Resolves when what was begun in the background is done. */
  idle(): Promise<void>
}

/**
 * Checkpoints in a store of its own, `<dataDir>/checkpoints`: bytes by their hash, once for all sessions, and what is
 * known of each tree. Nothing is loaded before it is needed.
 */
export function checkpoints(options: CheckpointsOptions): Checkpoints {
  let opened: Promise<Opened> | undefined
  const open = () => {
    opened ??= opening(options)
    return opened
  }
  return {
    prepare(scope) {
      void prepared(scope.roots, scope.signal)
    },
    async watch(scope) {
      const { watch } = await import("./watch.ts")
      return await watch(scope, await open())
    },
    async leftBehind(sessionId) {
      const { leftBehind } = await import("./left-behind.ts")
      return await leftBehind(sessionId, await open())
    },
    async preview(steps) {
      const { actionOf, planned } = await import("./plan.ts")
      return (await planned(steps, await open())).map(actionOf)
    },
    async restore(steps, onConflict) {
      const { restore } = await import("./restore.ts")
      const [supplant, quietly] = await Promise.all([options.supplant?.(), options.quietly?.()])
      return await restore(steps, onConflict, (await open()).blobs, { supplant, quietly })
    },
    async revertHunk(asked) {
      const { revert } = await import("./revert.ts")
      const [supplant, quietly] = await Promise.all([options.supplant?.(), options.quietly?.()])
      return await revert(asked, (await open()).blobs, { supplant, quietly })
    },
    async diff(steps) {
      const { diffs } = await import("./restore.ts")
      return await diffs(steps, (await open()).blobs)
    },
    async idle() {
      if (opened === undefined) return
      const { blobs, roots } = await opened
      await roots.idle()
      await blobs.idle()
    },
  }

  async function prepared(roots: readonly string[], signal: AbortSignal): Promise<void> {
    const opened = await open()
    for (const root of roots) opened.roots.prepare(root, signal)
  }
}

interface Opened {
  readonly blobs: Blobs
  readonly roots: Roots
  readonly own: ReadonlySet<string>
  readonly now: () => number
  readonly watchedFor: Set<SessionId>
}

async function opening({ dataDir, home, now, bounds }: CheckpointsOptions): Promise<Opened> {
  const [{ Blobs }, { Roots }, { BOUNDS }] = await Promise.all([
    import("./blobs.ts"),
    import("./roots.ts"),
    import("./bounds.ts"),
  ])
  const blobs = new Blobs(join(dataDir, "checkpoints"), { ...BOUNDS, ...bounds }, now)
  const own = ownPaths(dataDir)
  return { blobs, roots: new Roots({ blobs, home, own, now }), own, now, watchedFor: new Set() }
}
