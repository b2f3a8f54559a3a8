import { join, normalize } from "node:path"
import type { MergeConflict, MergedFile, MergePlan, OnMergeConflict, Worktree } from "@skein/core/ports"
import { type Changed, changedBetween, fileIn } from "../difference.ts"
import type { Git } from "../git.ts"
import { type Kept, parentOf, placeOf } from "../record.ts"
import { treeOf } from "../snapshot.ts"
import { applied, type Write } from "./apply.ts"
import { diffOf } from "./diff.ts"
import { threeWay } from "./three-way.ts"
import { hashOf, isAlike, type Version, versionAt } from "./version.ts"

interface Planned extends Write {
  readonly isMerged: boolean
}

/**
 * What a merge would write, file by file: what only the worktree changed is taken, what both changed is merged line by
 * line, and what cannot be is a conflict. All of it is compared with the files as they are here and now.
 */
export async function planMerge(
  git: Git,
  kept: Kept,
  worktree: Worktree,
  onConflict: OnMergeConflict,
): Promise<MergePlan> {
  const place = placeOf(kept)
  const changed = await changedBetween(git, place, kept.base, await treeOf(git, place))
  const planned: Planned[] = []
  const conflicts: MergeConflict[] = []
  let alikeCount = 0
  for (const one of changed) {
    const found = await mergedPath(git, kept, one, onConflict)
    if (found === undefined) alikeCount += 1
    else {
      if (found.write !== undefined) planned.push(found.write)
      if (found.why !== undefined) conflicts.push({ path: one.path, why: found.why })
    }
  }
  const writes = onConflict === "refuse" && conflicts.length > 0 ? [] : planned
  const files = await Promise.all(writes.map((write) => fileOf(kept.repository, write)))
  return { worktree, files, conflicts, alikeCount, apply: () => applied(kept.repository, writes) }
}

interface Found {
  readonly write?: Planned | undefined
  readonly why?: string | undefined
}

/** Undefined where both sides hold the same already. */
async function mergedPath(
  git: Git,
  kept: Kept,
  { path, kind, modeBefore, modeAfter }: Changed,
  onConflict: OnMergeConflict,
): Promise<Found | undefined> {
  const ours = versionAt(kept.repository, path)
  const theirs = kind === "delete" ? ({ kind: "none" } as const) : versionAt(kept.path, path)
  if (isAlike(ours, theirs)) return undefined
  const why = strangeness(path, ours, theirs, [modeBefore, modeAfter])
  if (why !== undefined) return { why }
  const base = await baseOf(git, kept, path, modeBefore)
  const write = (after: Version, isMerged: boolean): Planned => ({ path, before: ours, after, isMerged })
  if (isAlike(ours, base)) return { write: write(theirs, false) }
  if (ours.kind !== "file" || theirs.kind !== "file") return { why: oneSided(ours, theirs) }
  const bytesBefore = base.kind === "file" ? base.bytes : new Uint8Array()
  const merge = await threeWay(git, { ours: ours.bytes, base: bytesBefore, theirs: theirs.bytes })
  if (merge.kind === "binary") return { why: "it was changed on both sides, and it is no text" }
  // Who made it executable, or no longer so, is the side that differs from the base.
  const wasExecutable = base.kind === "file" && base.isExecutable
  const isExecutable = ours.isExecutable === wasExecutable ? theirs.isExecutable : ours.isExecutable
  const after: Version = { kind: "file", bytes: merge.bytes, isExecutable }
  if (merge.kind === "merged") return { write: write(after, true) }
  const places = `line${merge.lines.length === 1 && !merge.lines[0]?.includes("-") ? "" : "s"} ${merge.lines.join(", ")}`
  const conflict = base.kind === "none" ? "it was added on both sides, and differs" : `${places} changed on both sides`
  return { why: conflict, ...(onConflict === "mark" ? { write: write(after, true) } : {}) }
}

async function baseOf(git: Git, kept: Kept, path: string, mode: string): Promise<Version> {
  const bytes = await fileIn(git, parentOf(kept), kept.base, path)
  if (bytes === null) return { kind: "none" }
  return mode === LINK ? { kind: "link", bytes } : { kind: "file", bytes, isExecutable: mode === EXECUTABLE }
}

const LINK = "120000"
const SUBMODULE = "160000"
const EXECUTABLE = "100755"

function strangeness(path: string, ours: Version, theirs: Version, modes: readonly string[]): string | undefined {
  if (modes.includes(SUBMODULE)) return "it is a repository of its own, which is left as it is"
  if (ours.kind === "other") return `here, ${ours.why}`
  if (theirs.kind === "other") return `in the worktree, ${theirs.why}`
  if (theirs.kind === "link" && isLeadingOut(path, new TextDecoder().decode(theirs.bytes)))
    return "in the worktree, it is a link that leads out of the repository"
  return undefined
}

function isLeadingOut(path: string, target: string): boolean {
  return target.startsWith("/") || normalize(join(path, "..", target)).startsWith("..")
}

function oneSided(ours: Version, theirs: Version): string {
  if (theirs.kind === "none") return "it was deleted in the worktree and changed here"
  if (ours.kind === "none") return "it was deleted here and changed in the worktree"
  return "it is a link on one side, and both changed it"
}

async function fileOf(root: string, { path, before, after, isMerged }: Planned): Promise<MergedFile> {
  const kind = before.kind === "none" ? "add" : after.kind === "none" ? "delete" : "update"
  const hashes = { before: hashOf(before), after: hashOf(after) }
  return { path: join(root, path), kind, ...hashes, diff: await diffOf(path, before, after), isMerged }
}
