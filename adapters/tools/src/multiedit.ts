import * as z from "@skein/protocol/schema"
import { defineTool } from "./define.ts"
import type { Edit } from "./edit/apply.ts"
import { planEdits } from "./edit/plan.ts"
import { type PreparedChange, runChange } from "./files/change.ts"

interface Input {
  readonly path: string
  readonly edits: readonly Edit[]
}

/** Several edits of one file, each on the result of the one before. */
export const multiedit = defineTool<Input, PreparedChange>({
  name: "multiedit",
  description: "Several edits of one file, as edit does them, each on the result of the one before: all or none.",
  input: () =>
    z.strictObject({
      path: z.string(),
      edits: z
        .array(z.strictObject({ oldText: z.string(), newText: z.string(), replaceAll: z.boolean().optional() }))
        .min(1),
    }),
  kind: "edit",
  title: ({ path, edits }) => `edit ${path} (${edits.length} edits)`,
  paths: ({ path }) => [path],
  plan: ({ path, edits }, world, context) => planEdits(path, edits, world, context),
  run: (_, world, context, prepared) => runChange(prepared, world, context),
})
