import { type RunContext, ToolFailure, type ToolResult } from "@skein/core/ports"
import type { ToolWorld } from "../define.ts"
import { afterChange, beforeChange } from "./after-change.ts"
import type { AfterChange, Rewritten } from "./after-step.ts"
import { currentFile, type PreparedChange } from "./change.ts"
import { sha256Of } from "./open.ts"
import { type Made, reportOf } from "./report.ts"

/**
 * Writes files, all or none: each is looked at before the first is written, and when one cannot be written, those before it
 * are put back, newest first. What is taken away goes last, when all that is new is there. A crash in the middle leaves every
 * file old or new, never in between; what was old is what the undo of the call has.
 */
export async function runChanges(
  changes: readonly PreparedChange[],
  world: ToolWorld,
  context: RunContext,
): Promise<ToolResult> {
  // Of one file the writing itself looks.
  if (changes.length > 1) await checkAll(changes, world)
  await beforeChange(
    world,
    context,
    changes.map(({ place }) => place.path),
  )
  const made = await makeAll(inOrder(changes), world, context)
  const written = made.flatMap(({ change, sha256 }) => (sha256 === null ? [] : [{ path: change.place.path, sha256 }]))
  const after: AfterChange =
    written.length === 0 ? { rewritten: [], notes: [] } : await afterChange(world, context, written)
  return await reportOf(await Promise.all(made.map((one) => asItIsNow(one, after.rewritten, world))), after)
}

/** One order for all transactions, so that two of them meet at their first common file. */
function inOrder(changes: readonly PreparedChange[]): readonly PreparedChange[] {
  const sorted = changes.toSorted((a, b) => (a.place.path < b.place.path ? -1 : 1))
  return [...sorted.filter(({ after }) => after !== null), ...sorted.filter(({ after }) => after === null)]
}

async function makeAll(ordered: readonly PreparedChange[], world: ToolWorld, context: RunContext): Promise<Made[]> {
  const made: Made[] = []
  try {
    for (const change of ordered) made.push(await make(change, world, context))
    return made
  } catch (error) {
    // The one that failed too: its new content may be there before its failure is.
    const left = await putBack(ordered.slice(0, made.length + 1), world)
    if (!(error instanceof ToolFailure) || ordered.length === 1) throw error
    const how = left.length === 0 ? "No file was changed." : `These stay changed: ${left.join(", ")}.`
    throw new ToolFailure(`${error.message} ${how}`, { cause: error })
  }
}

/** Refuses when the file, or any folder on its path, is no longer what it was when this was planned. */
async function make(change: PreparedChange, world: ToolWorld, context: RunContext): Promise<Made> {
  context.signal.throwIfAborted()
  const { place, before, after, like, mode } = change
  if (after === null) {
    if (before === null) throw new Error("Only a file that is there is taken away")
    await world.files.delete(place.path, before.sha256)
    return { change, sha256: null }
  }
  const { sha256 } = await world.files.replace(place.path, after, before?.sha256 ?? null, { like, mode })
  world.seen?.add(sha256, after)
  return { change, sha256 }
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
  for (const change of changes.toReversed()) {
    try {
      await putOneBack(change, world)
    } catch (_refused) {
      // Whatever it was: the files before it are still to be put back, and this one is named.
      left.push(change.place.shown)
    }
  }
  return left
}

/** What something else has written over it by now is that one's. */
async function putOneBack({ place, before, after, mode }: PreparedChange, world: ToolWorld): Promise<void> {
  const now = await currentFile(place, world)
  if (now?.sha256 !== (after === null ? undefined : sha256Of(after))) return
  if (before !== null) await world.files.replace(place.path, before.bytes, now?.sha256 ?? null, { mode })
  else if (now !== null) await world.files.delete(place.path, now.sha256)
}

async function asItIsNow(made: Made, rewritten: readonly Rewritten[], world: ToolWorld): Promise<Made> {
  const by = rewritten.find(({ path }) => path === made.change.place.path)?.by
  if (by === undefined) return made
  const now = await currentFile(made.change.place, world)
  // Gone again: whoever took it away did so after this call.
  if (now === null) return made
  world.seen?.add(now.sha256, now.bytes)
  return { ...made, sha256: now.sha256, rewritten: { bytes: now.bytes, by } }
}
