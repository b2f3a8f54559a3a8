import { type RunContext, ToolFailure, type ToolResult } from "@skein/core/ports"
import type { ToolWorld } from "../define.ts"
import { currentFile, type PreparedChange, runChange } from "./change.ts"
import { sha256Of } from "./open.ts"

/**
 * Writes several files, all or none: each is looked at before the first is written, and when one cannot be written,
 * those before it are put back, newest first. A crash in the middle leaves every file old or new, never in between; what
 * was old is what the undo of the call has.
 */
export async function runChanges(
  changes: readonly PreparedChange[],
  world: ToolWorld,
  context: RunContext,
): Promise<ToolResult> {
  // Of one file the writing itself looks.
  if (changes.length > 1) await checkAll(changes, world)
  // In one order for all transactions, so that two of them meet at their first common file.
  const ordered = changes.toSorted((a, b) => (a.place.path < b.place.path ? -1 : 1))
  const results: ToolResult[] = []
  try {
    for (const change of ordered) results.push(await runChange(change, world, context))
  } catch (error) {
    // The one that failed too: its new content may be there before its failure is.
    const left = await putBack(ordered.slice(0, results.length + 1), world)
    if (!(error instanceof ToolFailure) || ordered.length === 1) throw error
    const how = left.length === 0 ? "No file was changed." : `These stay changed: ${left.join(", ")}.`
    throw new ToolFailure(`${error.message} ${how}`, { cause: error })
  }
  return merged(results)
}

/** So that what is stale already costs no write and no undoing. */
async function checkAll(changes: readonly PreparedChange[], world: ToolWorld): Promise<void> {
  for (const { place, before } of changes) {
    const now = await currentFile(place, world)
    if (now?.sha256 === before?.sha256) continue
    throw new ToolFailure(`${place.shown} changed underneath. Nothing was written, in no file; read it again.`)
  }
}

/** Newest first. The files that could not be put back: something else has changed them meanwhile. */
async function putBack(changes: readonly PreparedChange[], world: ToolWorld): Promise<readonly string[]> {
  const left: string[] = []
  for (const { place, before, after } of changes.toReversed()) {
    if (before === null) throw new Error("Only files that are there are edited")
    try {
      const now = await currentFile(place, world)
      if (now?.sha256 === sha256Of(after)) await world.files.replace(place.path, before.bytes, now.sha256)
    } catch (_refused) {
      // Whatever it was: the files before it are still to be put back, and this one is named.
      left.push(place.shown)
    }
  }
  return left
}

function merged(results: readonly ToolResult[]): ToolResult {
  const [first, ...more] = results
  if (first === undefined) throw new Error("A transaction has at least one file")
  if (more.length === 0) return first
  const bodies = results.map(({ forHuman }) => forHuman?.body ?? "")
  return {
    forModel: results.flatMap(({ forModel }) => forModel),
    forHuman: { kind: "diff", body: bodies.join("\n"), summary: `${results.length} files` },
    changes: results.flatMap(({ changes = [] }) => changes),
    observed: results.flatMap(({ observed = [] }) => observed),
    provenance: { source: "edits of the workspace", isTrusted: true },
  }
}
