import { ToolFailure, type WorktreeDifference } from "@skein/core/ports"
import type { Git, GitPlace } from "./git.ts"
import { type Kept, placeOf } from "./record.ts"
import { treeOf } from "./snapshot.ts"

/** One path that differs between two trees. */
export interface Changed {
  /** From the root. */
  readonly path: string
  readonly kind: "add" | "update" | "delete"
  /** `100644`, `100755`, `120000`, `160000`; zeros where there is nothing. */
  readonly modeBefore: string
  readonly modeAfter: string
}

const DIFF_CHARACTERS_MAX = 60_000

/** What is in the worktree now, against what it began with. */
export async function differenceOf(git: Git, kept: Kept): Promise<WorktreeDifference> {
  const place = placeOf(kept)
  const tree = await treeOf(git, place)
  const changed = await changedBetween(git, place, kept.base, tree)
  if (changed.length === 0) return { files: [], diff: "" }
  const diffing = ["diff-tree", "-r", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames"]
  const numbers = numbersOf(await git.read(place, [...diffing, "--numstat", "-z", kept.base, tree]))
  const diff = await git.read(place, [...diffing, "-p", kept.base, tree])
  return { files: changed.map(({ path, kind }) => ({ path, kind, ...numbers.get(path) })), diff: cut(diff) }
}

export async function changedBetween(git: Git, place: GitPlace, from: string, to: string): Promise<readonly Changed[]> {
  const out = await git.read(place, ["diff-tree", "-r", "-z", "--no-renames", "--raw", from, to])
  const fields = out.split("\0")
  const found: Changed[] = []
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [modeBefore = "", modeAfter = "", , , status = ""] = (fields[at] ?? "").slice(1).split(" ")
    const path = fields[at + 1] ?? ""
    found.push({ path, kind: KINDS[status] ?? "update", modeBefore, modeAfter })
  }
  return found
}

const KINDS: Readonly<Record<string, Changed["kind"]>> = { A: "add", D: "delete" }

function numbersOf(out: string): ReadonlyMap<string, { readonly added: number; readonly removed: number }> {
  const rows = out.split("\0").flatMap((row) => {
    const [, added, removed, path] = /^(\d+)\t(\d+)\t([\s\S]+)$/.exec(row) ?? []
    return path === undefined ? [] : [[path, { added: Number(added), removed: Number(removed) }] as const]
  })
  return new Map(rows)
}

function cut(diff: string): string {
  if (diff.length <= DIFF_CHARACTERS_MAX) return diff
  const end = diff.lastIndexOf("\n", DIFF_CHARACTERS_MAX) + 1
  return `${diff.slice(0, end)}… (${diff.length - end} more characters of diff)\n`
}

/** A file of a commit as it would be checked out. Null where there is none. */
export async function fileIn(git: Git, place: GitPlace, commit: string, path: string): Promise<Uint8Array | null> {
  const { code, out, err } = await git.run(place, ["cat-file", "--filters", `${commit}:${path}`])
  if (code === 0) return new Uint8Array(out)
  if (/does not exist|exists on disk, but not in/.test(err)) return null
  throw new ToolFailure(`git cannot read ${path}: ${err.trim().slice(0, 300)}`)
}
