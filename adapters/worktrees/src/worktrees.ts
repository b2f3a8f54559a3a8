import { existsSync } from "node:fs"
import { type TakeLock, ToolFailure, type Worktree, type WorktreesPort } from "@skein/core/ports"
import type { SessionId } from "@skein/protocol"
import { differenceOf } from "./difference.ts"
import { gitOf } from "./git.ts"
import { planMerge } from "./merge/plan.ts"
import { type OpenOptions, opened } from "./open.ts"
import { type Kept, recordsIn } from "./record.ts"
import { committed, contentOf, removed } from "./remove.ts"

export interface WorktreesOptions extends Pick<OpenOptions, "include" | "refusal" | "objection" | "now" | "newId"> {
  /** Told when one is gone, with the session that asked for it. */
  readonly onRemoved: (worktree: Worktree, by: SessionId | undefined) => Promise<void>
  /** Where they and what is known of them lie; absolute. Made when the first one is. */
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly lock: () => Promise<TakeLock>
  /** The system's folder for temporary files. */
  readonly temporary: string
}

/** Working copies of repositories. Nothing is read or run before one is asked for. */
export function worktrees(options: WorktreesOptions): WorktreesPort {
  const git = gitOf(options.env, options.temporary)
  const records = recordsIn(options.folder, options.lock)
  let cleaning: Promise<unknown> | undefined
  let opening: Promise<unknown> = Promise.resolve()

  const shown = async ({ v: _, gitDir: __, parentGitDir: ___, ...facts }: Kept): Promise<Worktree> => ({
    ...facts,
    isOwned: (await records.isOwned(facts.id)) !== false,
  })
  const keptOf = ({ id }: Pick<Worktree, "id">): Kept => {
    const kept = records.read().find((one) => one.id === id)
    if (kept !== undefined) return kept
    throw new ToolFailure(`There is no worktree ${id} any more.`)
  }

  const taken = async (
    kept: Kept,
    worktree: Worktree,
    { isDryRun, by }: { isDryRun: boolean; by?: SessionId | undefined },
  ) => {
    const done = await removed(kept, worktree, { git, records, isDryRun })
    if (!isDryRun) await options.onRemoved(worktree, by)
    return done
  }

  const cleanUp: WorktreesPort["cleanUp"] = async ({ isDryRun, isThorough }) => {
    const done = []
    for (const kept of records.read()) {
      const worktree = await shown(kept)
      // Without its repository there is no branch that could keep what was done: only who names it takes it away.
      if (worktree.isOwned || !existsSync(kept.parentGitDir)) continue
      const isMissed = !isThorough && ["changes", "unknown"].includes(await contentOf(git, kept))
      if (!isMissed) done.push(await taken(kept, worktree, { isDryRun }))
    }
    return done
  }

  return {
    async open(request) {
      cleaning ??= cleanUp({ isDryRun: false, isThorough: false })
      await cleaning
      // One after the other: git locks its list of worktrees and refuses whoever comes meanwhile.
      const made = opening.then(() => opened(request, { ...options, git, records }))
      opening = made.catch(() => {
        // Told to who asked for it; the next one is not concerned.
      })
      return await shown(await made)
    },
    list: () => Promise.all(records.read().map(shown)),
    async find(name) {
      const all = records.read()
      const found = all.filter(({ id, branch }) => (name !== "" && id.startsWith(name)) || branch === name)
      const [only] = found
      if (only !== undefined && found.length === 1) return await shown(only)
      const names = all.map(({ id, branch }) => `${id} (${branch})`).join(", ")
      const there = all.length === 0 ? "There are none." : `There are ${names}.`
      throw new ToolFailure(`${found.length === 0 ? "No" : "More than one"} worktree is called "${name}". ${there}`)
    },
    difference: (worktree) => differenceOf(git, keptOf(worktree)),
    async planMerge(worktree, onConflict) {
      const kept = keptOf(worktree)
      const plan = await planMerge(git, kept, worktree, onConflict)
      const apply = async () => {
        await committed(git, kept)
        await plan.apply()
        const isWhole = plan.conflicts.length === 0 || onConflict === "mark"
        if (isWhole) records.write({ ...keptOf(worktree), isMerged: true })
      }
      return { ...plan, apply }
    },
    remove: (worktree, by) => taken(keptOf(worktree), worktree, { isDryRun: false, by }),
    cleanUp,
  }
}
