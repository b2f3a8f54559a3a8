import * as z from "@skein/protocol/schema"
import { withHunks } from "./confirm/chosen.ts"
import { defineTool } from "./define.ts"
import type { Edit } from "./edit/apply.ts"
import { planEdits } from "./edit/plan.ts"
import type { PreparedChange } from "./files/change.ts"
import { runChanges } from "./files/transaction.ts"

type Input = Edit & { readonly path: string }

/** Replaces one text in a file, or all its occurrences. */
export const edit = defineTool<Input, readonly PreparedChange[]>({
  name: "edit",
  description:
    "Replace oldText by newText in a file. Copy oldText from the file without line numbers, with enough lines around it " +
    "that it occurs once; replaceAll replaces every occurrence. Encoding and line ends are kept.",
  input: () =>
    z.strictObject({ path: z.string(), oldText: z.string(), newText: z.string(), replaceAll: z.boolean().optional() }),
  kind: "edit",
  effects: ["write"],
  canBeLayered: true,
  title: ({ path }) => `edit ${path}`,
  paths: ({ path }) => [path],
  async plan({ path, ...one }, world, context) {
    const planned = await planEdits(path, [one], world, context)
    return { ...planned, prepared: [planned.prepared] }
  },
  chosen: withHunks,
  run: (_, world, context, prepared) => runChanges(prepared, world, context),
})
