import { type FileBytes, type PlanContext, ToolFailure } from "@skein/core/ports"
import type { Planned, ToolWorld } from "../define.ts"
import { currentFile, type PreparedChange, planChange, refuseStale } from "../files/change.ts"
import { refuseMarks } from "../files/marks.ts"
import { nearNames } from "../files/near-names.ts"
import { type Place, placeOf } from "../files/place.ts"
import { tmpNote } from "../files/private-tmp.ts"
import { type Applied, applyEdit, type Edit } from "./apply.ts"

/** Works out a file's content after some edits. Changes nothing; throws ToolFailure when one of them does not fit. */
export async function planEdits(
  path: string,
  edits: readonly Edit[],
  world: ToolWorld,
  context: PlanContext,
): Promise<Planned<PreparedChange>> {
  const place = await placeOf(path, world, context)
  const before = await currentFile(place, world)
  if (before === null) {
    throw new ToolFailure(
      `There is no file ${place.shown}.${await nearNames(place, world)}${await tmpNote(place, world, context)} To create one, use write.`,
    )
  }
  refuseMarks(
    edits.flatMap(({ oldText, newText }) => [oldText, newText]),
    before.bytes,
    place.shown,
  )
  await refuseStale(place, before, world, context)
  const isObserved = context.observed(place.path) !== undefined
  const applied: Applied[] = []
  for (const [index, edit] of edits.entries()) {
    const one = await applyOne(applied.at(-1)?.bytes ?? before.bytes, edit, place, edits.length, index)
    if (!isObserved) refuseGuess(one, place)
    applied.push(one)
  }
  return await planned(place, before, applied)
}

/** An edit that fails says which file, and which of several edits it is. */
async function applyOne(bytes: Uint8Array, edit: Edit, place: Place, count: number, index: number): Promise<Applied> {
  try {
    return await applyEdit(bytes, edit)
  } catch (cause) {
    if (!(cause instanceof ToolFailure)) throw cause
    const which = count === 1 ? "" : `edit ${index + 1} of ${count}: `
    throw new ToolFailure(`${place.shown}: ${which}${cause.message}`, { cause })
  }
}

/** What the model never read it may change only where its words stand exactly, and once. */
function refuseGuess({ stage, count }: Applied, place: Place): void {
  if (stage === "exact" && count === 1) return
  const why = stage === "exact" ? `oldText occurs ${count} times` : `oldText was found only apart from ${stage}`
  throw new ToolFailure(`${place.shown}: ${why}, and you have not read the file. Nothing was written. Read it first.`)
}

async function planned(place: Place, before: FileBytes, applied: readonly Applied[]): Promise<Planned<PreparedChange>> {
  const after = applied.at(-1)?.bytes ?? before.bytes
  const loose = [...new Set(applied.map(({ stage }) => stage).filter((stage) => stage !== "exact"))]
  const total = applied.reduce((sum, { count }) => sum + count, 0)
  const notes = [
    ...(total > applied.length ? [`${total} occurrences were replaced.`] : []),
    ...(loose.length > 0 ? [`oldText matched apart from ${loose.join(" and ")}; the file's own was kept.`] : []),
  ]
  return await planChange(place, before, after, notes.length === 0 ? undefined : notes.join(" "))
}
