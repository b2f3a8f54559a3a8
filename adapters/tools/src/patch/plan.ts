import { type PlanContext, ToolFailure } from "@skein/core/ports"
import type { Planned, ToolWorld } from "../define.ts"
import { asBefore } from "../files/as-before.ts"
import type { PreparedChange } from "../files/change.ts"
import { refuseMarks } from "../files/marks.ts"
import { nearNames } from "../files/near-names.ts"
import { applyChunks } from "./apply.ts"
import { type Draft, Drafts } from "./drafts.ts"
import type { FileOperation, Patch } from "./operations.ts"

export interface PreparedPatch {
  readonly changes: readonly PreparedChange[]
  /** Why the patch ended before its last operation. */
  readonly failure?: string | undefined
}

/** Works out what a patch does. Throws ToolFailure when nothing of it can be done. */
export async function planPatch(
  { operations, isInOrder }: Patch,
  world: ToolWorld,
  context: PlanContext,
): Promise<Planned<PreparedPatch>> {
  const drafts = new Drafts(world, context)
  let failure: string | undefined
  for (const [index, operation] of operations.entries()) {
    try {
      await draft(operation, drafts, world)
    } catch (cause) {
      if (!(cause instanceof ToolFailure)) throw cause
      if (index === 0 || !isInOrder) throw new ToolFailure(`${cause.message} Nothing was written.`, { cause })
      const rest = operations.length - index - 1
      const left = rest === 0 ? "" : `, nor was anything of the ${rest} after it`
      failure = `The patch ends before operation ${index + 1} of ${operations.length}: ${cause.message} It was not done${left}.`
      break
    }
  }
  const planned = await drafts.planned()
  if (planned.prepared.length === 0)
    throw new ToolFailure(failure ?? "The files already are as the patch makes them: there is nothing to change.")
  return {
    ...planned,
    fingerprint: `${planned.fingerprint}\n${failure ?? ""}`,
    prepared: { changes: planned.prepared, failure },
  }
}

async function draft(operation: FileOperation, drafts: Drafts, world: ToolWorld): Promise<void> {
  switch (operation.kind) {
    case "add":
      return await draftAdded(operation, drafts)
    case "delete":
      return await draftDeleted(operation, drafts, world)
    case "update":
      return await draftUpdated(operation, drafts, world)
  }
}

type Of<K extends FileOperation["kind"]> = Extract<FileOperation, { kind: K }>

async function draftAdded({ path, content, mayReplace, mode }: Of<"add">, drafts: Drafts): Promise<void> {
  if (!content.isWellFormed()) throw new ToolFailure(`${path}: the content holds half of a surrogate pair.`)
  const found = await drafts.at(path)
  refuseMarks([content], found.bytes, found.place.shown)
  if (found.bytes === null) return drafts.keep({ ...found, bytes: new TextEncoder().encode(content), mode })
  if (!mayReplace) throw new ToolFailure(`${found.place.shown} is there already, and the diff makes it anew.`)
  const { bytes, note } = asBefore({ bytes: found.bytes }, content)
  drafts.keep({ ...found, bytes, note: sentences(replacedNote(found), note) })
}

async function draftDeleted({ path }: Of<"delete">, drafts: Drafts, world: ToolWorld): Promise<void> {
  const found = await drafts.notThroughLink(path)
  if (found.bytes === null) throw await missing(found, world)
  drafts.keep({ ...found, bytes: null })
}

async function draftUpdated({ path, to, chunks }: Of<"update">, drafts: Drafts, world: ToolWorld): Promise<void> {
  const found = to === undefined ? await drafts.at(path) : await drafts.notThroughLink(path)
  const { place, bytes: old } = found
  if (old === null) throw await missing(found, world)
  const texts = chunks.flatMap(({ lines }) => lines.map(({ text }) => text))
  refuseMarks(texts, old, place.shown)
  const { bytes, note } = await patched(found, old, chunks, drafts)
  const target = to === undefined ? undefined : await drafts.at(to)
  if (target === undefined || target.place.path === place.path) return drafts.keep({ ...found, bytes, note })
  drafts.keep({ ...found, bytes: null })
  const said = sentences(`It was ${place.shown}.`, replacedNote(target), note)
  drafts.keep({ ...target, bytes, like: found.like ?? place.path, note: said })
}

/** Of a file that the patch itself made nobody has to be told. */
function replacedNote({ before, bytes }: Draft): string | undefined {
  const isLost = before !== null && bytes !== null
  return isLost ? "A file was there already and is replaced; undo brings it back." : undefined
}

function sentences(...given: readonly (string | undefined)[]): string | undefined {
  const said = given.filter((one) => one !== undefined)
  return said.length === 0 ? undefined : said.join(" ")
}

async function patched(
  draft: Draft,
  old: Uint8Array,
  chunks: Of<"update">["chunks"],
  drafts: Drafts,
): Promise<{ readonly bytes: Uint8Array; readonly note: string | undefined }> {
  if (chunks.length === 0) return { bytes: old, note: draft.note }
  const { shown } = draft.place
  const { bytes, stages } = await applyChunks(old, chunks).catch((cause: unknown) => {
    throw cause instanceof ToolFailure ? new ToolFailure(`${shown}: ${cause.message}`, { cause }) : cause
  })
  const loose = stages.filter((stage) => stage !== "exact")
  if (loose.length === 0) return { bytes, note: draft.note }
  // What the model never read it may change only where its words stand exactly.
  if (draft.before !== null && !drafts.isObserved(draft))
    throw new ToolFailure(
      `${shown}: its lines were found only apart from ${loose.join(" and ")}, and you have not read the file. Read it first.`,
    )
  return { bytes, note: `Lines matched apart from ${loose.join(" and ")}; the file's own were kept.` }
}

async function missing({ place }: Draft, world: ToolWorld): Promise<ToolFailure> {
  return new ToolFailure(`There is no file ${place.shown}.${await nearNames(place, world)}`)
}
