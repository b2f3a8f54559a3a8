import { ToolFailure } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { withHunks } from "./confirm/chosen.ts"
import { defineTool, type Planned } from "./define.ts"
import { asBefore } from "./files/as-before.ts"
import { currentFile, type PreparedChange, planChange, refuseStale } from "./files/change.ts"
import { refuseMarks } from "./files/marks.ts"
import { placeOf } from "./files/place.ts"
import { tmpNote } from "./files/private-tmp.ts"
import { runChanges } from "./files/transaction.ts"

interface Input {
  readonly path: string
  readonly content: string
}

/** Creates a file or gives it a new content. Never over one that the model has not read as it is now. */
export const write = defineTool<Input, readonly PreparedChange[]>({
  name: "write",
  description:
    "Create a file, or replace the whole content of one that you have read. Missing folders are made. To change parts " +
    "of a file use edit.",
  input: () => z.strictObject({ path: z.string(), content: z.string() }),
  kind: "edit",
  effects: ["write"],
  canBeLayered: true,
  title: ({ path }) => `write ${path}`,
  paths: ({ path }) => [path],
  async plan({ path, content }, world, context) {
    if (!content.isWellFormed())
      throw new ToolFailure("The content holds half of a surrogate pair. Nothing was written.")
    if (path.endsWith("/")) throw new ToolFailure(`${path} names a folder. Folders are made with the files in them.`)
    const place = await placeOf(path, world, context)
    const before = await currentFile(place, world)
    refuseMarks([content], before?.bytes ?? null, place.shown)
    if (before === null) {
      const note = (await tmpNote(place, world, context)).trimStart()
      return listed(await planChange(place, null, new TextEncoder().encode(content), note === "" ? undefined : note))
    }
    if (context.observed(place.path) === undefined) {
      throw new ToolFailure(
        `${place.shown} exists and you have not read it. Nothing was written. Read it first, then write it or, better, edit it.`,
      )
    }
    await refuseStale(place, before, world, context)
    const { bytes, note } = asBefore(before, content)
    return listed(await planChange(place, before, bytes, note))
  },
  chosen: withHunks,
  run: (_, world, context, prepared) => runChanges(prepared, world, context),
})

function listed(planned: Planned<PreparedChange>): Planned<readonly PreparedChange[]> {
  return { ...planned, prepared: [planned.prepared] }
}
