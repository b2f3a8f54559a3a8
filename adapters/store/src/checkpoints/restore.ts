import type { OnConflict, Restored, RestoreStep } from "@skein/core/ports"
import { type PathDiff, SkeinError } from "@skein/protocol"
import { apply, tidyFolders } from "./apply.ts"
import { Batch } from "./batch.ts"
import type { Blobs } from "./blobs.ts"
import { sizeText } from "./bounds.ts"
import { isSameContent } from "./entry.ts"
import { merged } from "./merge.ts"
import { chosen, type Planned, planned } from "./plan.ts"
import type { AtOnce } from "./put.ts"
import { type Side, unified } from "./unified.ts"

/** Puts paths back. Everything is looked at, and what is there is kept, before the first is touched. */
export async function restore(
  steps: readonly RestoreStep[],
  onConflict: OnConflict,
  blobs: Blobs,
  atOnce: AtOnce = {},
): Promise<Restored> {
  const batch = new Batch(blobs, { isSure: true })
  const plan = await planned(steps, { blobs, batch, isOverwriting: onConflict === "overwrite" })
  const decided = onConflict === "merge" ? await withMerges(plan, steps, blobs, batch) : chosen(plan, onConflict)
  batch.commit()
  const safe = withoutLosses(decided, onConflict, blobs, batch)
  const conflicts = safe.flatMap((each) => (each.kind === "conflict" ? [{ path: each.path, reason: each.reason }] : []))
  if (onConflict === "refuse" && conflicts.length > 0) throw refused(conflicts)
  await tidyFolders(steps.map(({ path }) => path))
  const done = await apply(
    safe.filter((each) => each.kind === "change"),
    blobs,
    atOnce,
  )
  return { changes: done.changes, conflicts: [...conflicts, ...done.conflicts] }
}

/** From what was to what is there now. */
export async function diffs(steps: readonly RestoreStep[], blobs: Blobs): Promise<PathDiff[]> {
  const found: PathDiff[] = []
  for (const each of await planned(steps, { blobs })) {
    if (each.kind === "none") continue
    const { path, target } = each
    if (each.found === undefined) {
      found.push({ path, diff: `${path}: ${each.kind === "conflict" ? each.reason : "it cannot be seen"}.\n` })
      continue
    }
    const was: Side = { version: target, bytes: target?.kind === "file" ? blobs.read(target.sha256) : undefined }
    const is: Side = { version: each.found.version, bytes: await bytesAt(each, blobs) }
    const now = is.version?.kind === "file" && is.version.sha256 !== "" ? { sha256: is.version.sha256 } : {}
    const isFolder = [was, is].every(({ version }) => version === null || version.kind === "folder")
    found.push({ path, diff: await unified(path, was, is), ...now, ...(isFolder ? { isFolder } : {}) })
  }
  return found.filter((each) => !isSaidByWhatIsIn(each, found))
}

/** A folder that came or went with what is in it. Other rights of a folder are nothing that its files tell. */
function isSaidByWhatIsIn({ path, diff, isFolder }: PathDiff, all: readonly PathDiff[]): boolean {
  return isFolder === true && diff.startsWith(`${path}: `) && all.some((other) => other.path.startsWith(`${path}/`))
}

/** A change that something else made since is kept, and only ours is taken out of the file. */
async function withMerges(
  plan: readonly Planned[],
  steps: readonly RestoreStep[],
  blobs: Blobs,
  batch: Batch,
): Promise<Planned[]> {
  // What lies between two changes of ours is not known well enough to be kept by a merge.
  const expected = new Map(steps.map((step) => [step.path, step.isInterrupted === true ? undefined : step.expected]))
  const result: Planned[] = []
  for (const each of plan) result.push((await mergeOf(each)) ?? each)
  return result

  async function mergeOf(each: Planned): Promise<Planned | undefined> {
    if (
      each.kind !== "conflict" ||
      each.isFinal ||
      each.found?.version?.kind !== "file" ||
      each.target?.kind !== "file"
    ) {
      return undefined
    }
    const base = expected.get(each.path)
    if (base?.kind !== "file") return undefined
    const now = each.found.version
    const [from, to, other] = [blobs.read(base.sha256), blobs.read(each.target.sha256), batch.read(now.sha256)]
    if (from === undefined || to === undefined || other === undefined) return undefined
    const bytes = isSameContent(now, base) ? to : await merged(from, to, other)
    if (bytes === undefined)
      return { ...each, reason: "it was changed since, and the two changes cannot be put together" }
    const mode = now.mode === base.mode ? each.target.mode : now.mode
    const target = { kind: "file", bytes: bytes.length, mode, ...batch.keep(bytes) } as const
    return { kind: "change", path: each.path, found: each.found, target }
  }
}

/** What could not be brought back is not taken away, but by choice; never where another step of the restore needs it. */
function withoutLosses(plan: readonly Planned[], onConflict: OnConflict, blobs: Blobs, batch: Batch): Planned[] {
  const needed = new Set(
    plan.map((each) => (each.kind === "change" && each.target?.kind === "file" ? each.target.sha256 : "")),
  )
  return plan.map((each) => {
    if (each.kind !== "change" || each.found.version?.kind !== "file") return each
    const { version } = each.found
    if (each.target !== null && isSameContent(version, each.target)) return each
    if (version.sha256 !== "" && blobs.read(version.sha256) !== undefined) return each
    if (onConflict === "overwrite" && !needed.has(version.sha256)) return each
    const why = batch.failure ?? "they are too many"
    const reason = `its ${sizeText(version.bytes)} cannot be kept first, and would be lost: ${why}`
    return { kind: "conflict", path: each.path, reason, found: each.found, target: each.target, isFinal: false }
  })
}

function refused(conflicts: Restored["conflicts"]): SkeinError {
  const lines = conflicts.map(({ path, reason }) => `  ${path}: ${reason}`)
  const count = conflicts.length === 1 ? "1 path is" : `${conflicts.length} paths are`
  return new SkeinError(
    "checkpoint.conflict",
    `Cannot restore: ${count} not as skein left it, and nothing was touched.\n${lines.join("\n")}\nSkip them, merge, or overwrite.`,
  )
}

async function bytesAt(each: Planned, blobs: Blobs): Promise<Uint8Array | undefined> {
  if (each.kind === "none" || each.found?.version?.kind !== "file") return undefined
  const held = blobs.read(each.found.version.sha256)
  if (held !== undefined || each.found.version.bytes > DIFF_BYTES_MAX) return held
  const bytes = new Uint8Array(await Bun.file(each.path).arrayBuffer())
  return Bun.CryptoHasher.hash("sha256", bytes, "hex") === each.found.version.sha256 ? bytes : undefined
}

const DIFF_BYTES_MAX = 10_000_000
