import { ToolFailure } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"
import { currentFile, type PreparedChange, planChange, refuseStale } from "../files/change.ts"
import { refuseMarks } from "../files/marks.ts"
import { nearNames } from "../files/near-names.ts"
import { placeOf } from "../files/place.ts"
import { runChanges } from "../files/transaction.ts"
import type { CellChange } from "./cells.ts"

interface Input {
  readonly path: string
  readonly cell?: string | undefined
  readonly source?: string | undefined
  readonly type?: CellChange["type"]
  readonly mode: CellChange["mode"]
}

/** Changes one cell of a notebook that the model has read, and nothing else of its file. */
export const notebookEdit = defineTool<Input, PreparedChange>({
  name: "notebook_edit",
  summary: "change a cell of a Jupyter notebook",
  description:
    "Replace, insert or delete one cell of a Jupyter notebook that you have read. A cell is named by its id or its number " +
    "from 1, as read shows them. One whose source changes loses its outputs.",
  input: () =>
    z.strictObject({
      path: z.string().min(1),
      cell: z
        .string()
        .min(1)
        .max(100)
        .optional()
        .describe("with insert: the one before the new cell; left out, it is the first"),
      source: z.string().optional().describe("the whole new source; not with delete"),
      type: z.enum(["code", "markdown", "raw"]).optional(),
      mode: z.enum(["replace", "insert", "delete"]).default("replace"),
    }),
  kind: "edit",
  effects: ["read", "write"],
  canBeLayered: true,
  title: ({ path, cell, mode }) => `${mode} ${cell === undefined ? "a cell" : `cell ${cell}`} of ${path}`,
  paths: ({ path }) => [path],
  async plan({ path, cell, source, ...change }, world, context) {
    const place = await placeOf(path, world, context)
    const before = await currentFile(place, world)
    if (before === null) throw new ToolFailure(`There is no file ${place.shown}.${await nearNames(place, world)}`)
    if (context.observed(place.path) === undefined)
      throw new ToolFailure(`You have not read ${place.shown}. Nothing was written; read it first.`)
    await refuseStale(place, before, world, context)
    refuseMarks(source === undefined ? [] : [source], before.bytes, place.shown)
    if (source?.isWellFormed() === false)
      throw new ToolFailure("The source holds half of a surrogate pair. Nothing was written.")
    const { changedBook } = await import("./cells.ts")
    const book = changedBook(textOf(before.bytes, place.shown), { ...change, cell, source })
    return await planChange(place, before, new TextEncoder().encode(book.text), `${book.what}.`)
  },
  run: (_, world, context, prepared) => runChanges([prepared], world, context),
})

/** With its byte order mark, so that it stays. */
function textOf(bytes: Uint8Array, shown: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause
    throw new ToolFailure(`${shown} is not in UTF-8, as a notebook is. Nothing was written.`, { cause })
  }
}
