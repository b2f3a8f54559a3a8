import { existsSync, readdirSync, rmdirSync, rmSync } from "node:fs"
import { basename, dirname } from "node:path"
import type { RemovedWorktree, Worktree } from "@skein/core/ports"
import { changedBetween } from "./difference.ts"
import type { Git } from "./git.ts"
import { type Kept, parentOf, placeOf, type Records } from "./record.ts"
import { treeOf } from "./snapshot.ts"

interface At {
  readonly git: Git
  readonly records: Records
  readonly isDryRun: boolean
}

/** What its changes are worth: nothing that would be missed, something on its branch, or nobody can tell. */
type Content = "none" | "merged" | "changes" | "unknown"

export async function contentOf(git: Git, kept: Kept): Promise<Content> {
  if (kept.isMerged) return "merged"
  if (kept.gitDir === "") return "none"
  if (!existsSync(kept.path) || !existsSync(kept.gitDir)) return "unknown"
  const tree = await treeOf(git, placeOf(kept))
  return (await changedBetween(git, placeOf(kept), kept.base, tree)).length === 0 ? "none" : "changes"
}

/** Takes a worktree away. What is nowhere else is committed to its branch first, which then stays. */
export async function removed(
  kept: Kept,
  worktree: Worktree,
  { git, records, isDryRun }: At,
): Promise<RemovedWorktree> {
  const hasRepository = existsSync(kept.parentGitDir)
  const content = hasRepository ? await contentOf(git, kept) : "unknown"
  const isBranchKept = hasRepository && (content === "changes" || content === "unknown")
  const deed = `${DEEDS[content]}${isBranchKept ? `; the branch ${kept.branch} stays` : ""}`
  const found = { worktree, deed: hasRepository ? deed : "its repository is gone", isBranchKept }
  if (isDryRun) return found
  if (kept.gitDir === "" && hasRepository) {
    await unmade(kept, { git, records })
    return found
  }
  if (content === "changes") await committed(git, kept)
  rmSync(kept.path, { recursive: true, force: true })
  // What git itself does for one of its worktrees, without looking into the files of it.
  if (basename(dirname(kept.gitDir)) === "worktrees") forgotten(kept.gitDir)
  if (hasRepository && !isBranchKept) await git.run(parentOf(kept), ["update-ref", "-d", `refs/heads/${kept.branch}`])
  records.disown(kept.id)
  rmSync(records.folderOf(kept.id), { recursive: true, force: true })
  return found
}

/** Takes away one that was never whole: nobody has worked in it, so git itself may look into it. */
export async function unmade(kept: Kept, { git, records }: Pick<At, "git" | "records">): Promise<void> {
  await git.run(parentOf(kept), ["worktree", "remove", "--force", "--force", kept.path])
  await git.run(parentOf(kept), ["update-ref", "-d", `refs/heads/${kept.branch}`])
  records.disown(kept.id)
  rmSync(records.folderOf(kept.id), { recursive: true, force: true })
}

function forgotten(gitDir: string): void {
  rmSync(gitDir, { recursive: true, force: true })
  const list = dirname(gitDir)
  if (existsSync(list) && readdirSync(list).length === 0) rmdirSync(list)
}

const DEEDS: Readonly<Record<Content, string>> = {
  none: "nothing was changed in it",
  merged: "it was merged",
  changes: "its changes are committed",
  unknown: "its folder is gone or damaged",
}

/** Puts all that is in the worktree onto its branch. */
export async function committed(git: Git, kept: Kept): Promise<void> {
  const place = placeOf(kept)
  const tree = await treeOf(git, place)
  const tip = (await git.read(place, ["rev-parse", "--verify", `refs/heads/${kept.branch}`])).trim()
  if ((await git.read(place, ["rev-parse", `${tip}^{tree}`])).trim() === tree) return
  const words = kept.description.trim() || `Work of ${kept.agent}`
  const commit = (await git.read(place, ["commit-tree", tree, "-p", tip, "-m", words])).trim()
  await git.read(place, ["update-ref", `refs/heads/${kept.branch}`, commit, tip])
}
