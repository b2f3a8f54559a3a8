import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Git } from "../git.ts"

export type ThreeWay =
  /** The changes of both do not touch each other. */
  | { readonly kind: "merged"; readonly bytes: Uint8Array }
  /** They do, in these lines of `ours`. `bytes` hold both between marks. */
  | { readonly kind: "conflict"; readonly bytes: Uint8Array; readonly lines: readonly string[] }
  /** It is no text. */
  | { readonly kind: "binary" }

interface Sides {
  readonly ours: Uint8Array
  readonly base: Uint8Array
  readonly theirs: Uint8Array
}

const LABELS = { ours: "here", base: "when the worktree was made", theirs: "in the worktree" }
/** What git ends with for each conflict, and for more than it can count. */
const CONFLICTS_MAX = 127

/** Merges three contents of a file, line by line, as git does. */
export async function threeWay(git: Git, sides: Sides): Promise<ThreeWay> {
  const aside = mkdtempSync(join(git.temporary, "skein-merge-"))
  try {
    const names = ["ours", "base", "theirs"] as const
    for (const name of names) writeFileSync(join(aside, name), sides[name], { mode: 0o600 })
    const labels = names.flatMap((name) => ["-L", LABELS[name]])
    const { code, out } = await git.run(aside, ["merge-file", "-p", "--diff3", ...labels, ...names])
    if (code === 0) return { kind: "merged", bytes: new Uint8Array(out) }
    if (code > CONFLICTS_MAX) return { kind: "binary" }
    return { kind: "conflict", bytes: new Uint8Array(out), lines: conflictLines(out.toString(), textOf(sides.ours)) }
  } finally {
    rmSync(aside, { recursive: true, force: true })
  }
}

/** Where the conflicts lie in our own file, as it is: `12`, `20-24`; where nothing of ours is left, the line before. */
export function conflictLines(marked: string, ours: string): readonly string[] {
  const lines = marked.split("\n")
  const own = ours.split("\n")
  const found: string[] = []
  let at = 0
  for (let index = 0; index < lines.length; index++) {
    if (!lines[index]?.startsWith(`<<<<<<< ${LABELS.ours}`)) continue
    const until = lines.findIndex((line, later) => later > index && line.startsWith(`||||||| ${LABELS.base}`))
    const block = lines.slice(index + 1, until)
    const before = lines[index - 1]
    at = startOf(own, block, before, at)
    found.push(block.length <= 1 ? String(at + 1) : `${at + 1}-${at + block.length}`)
    at += block.length
    index = until
  }
  return found
}

/** The first place from `from` on where the block stands in our file, behind the line that stands before it. */
function startOf(own: readonly string[], block: readonly string[], before: string | undefined, from: number): number {
  for (let at = from; at + block.length <= own.length; at++) {
    const isBlock = block.every((line, offset) => own[at + offset] === line)
    const isBehind = before === undefined || at === 0 || own[at - 1] === before || before.startsWith(">>>>>>>")
    if (isBlock && isBehind) return at
  }
  return from
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
