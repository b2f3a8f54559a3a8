import type { HunkRevert } from "@skein/core/ports"
import { type PathChange, SkeinError } from "@skein/protocol"
import { apply, tidyFolders } from "./apply.ts"
import { Batch } from "./batch.ts"
import type { Blobs } from "./blobs.ts"
import { foundAt } from "./plan.ts"
import type { AtOnce } from "./put.ts"

/** Puts one hunk back. Both contents are kept before the file is touched, so that this can be taken back as well. */
export async function revert(asked: HunkRevert, blobs: Blobs, atOnce: AtOnce = {}): Promise<PathChange> {
  const { path, sha256, hunk, isNew = false } = asked
  const batch = new Batch(blobs, { isSure: true })
  const found = await foundAt(path, { blobs, batch })
  if (typeof found === "string") throw conflict(path, found)
  const { version } = found
  if (version?.kind !== "file" || version.sha256 !== sha256) throw conflict(path, "it was changed since it was shown")
  const now = batch.read(sha256)
  if (now === undefined) throw conflict(path, "it is too large to be kept first")
  const bytes = withoutHunk(now, hunk)
  if (bytes === undefined) throw conflict(path, `what is to be taken back does not stand at line ${hunk.line}`)
  const kept = batch.keep(bytes)
  if (!batch.commit() || !kept.isKept) {
    throw new SkeinError("checkpoint.unwritable", `Nothing was touched: ${batch.failure ?? "the store keeps no more"}.`)
  }
  await tidyFolders([path])
  const isGone = isNew && bytes.length === 0
  const target = isGone ? null : ({ kind: "file", bytes: bytes.length, mode: version.mode, ...kept } as const)
  const { changes, conflicts } = await apply([{ kind: "change", path, found, target }], blobs, atOnce)
  const [change] = changes
  if (change === undefined) throw conflict(path, conflicts[0]?.reason ?? "the system refused it")
  return change
}

const NEWLINE = 10

/** The bytes with the old lines in the place of the new ones; undefined when those do not stand there, as whole lines. */
export function withoutHunk(now: Uint8Array, { line, oldText, newText }: HunkRevert["hunk"]): Uint8Array | undefined {
  const [before, after] = [Buffer.from(oldText), Buffer.from(newText)]
  const start = startOf(now, line)
  if (start === undefined) return undefined
  const end = start + after.length
  if (!after.equals(now.subarray(start, end))) return undefined
  const isWhole = after.length === 0 || end === now.length || now[end - 1] === NEWLINE
  return isWhole ? Buffer.concat([now.subarray(0, start), before, now.subarray(end)]) : undefined
}

/** Where a line begins, the one after the last included. */
function startOf(bytes: Uint8Array, line: number): number | undefined {
  let start = 0
  for (let at = 1; at < line; at++) {
    const end = bytes.indexOf(NEWLINE, start)
    if (end < 0) return at === line - 1 ? bytes.length : undefined
    start = end + 1
  }
  return start
}

function conflict(path: string, why: string): SkeinError {
  return new SkeinError("checkpoint.conflict", `Cannot take that back, and nothing was touched. ${path}: ${why}.`)
}
