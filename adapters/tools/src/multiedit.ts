import { type PlanContext, ToolFailure } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { withHunks } from "./confirm/chosen.ts"
import { defineTool, type Planned, type ToolWorld } from "./define.ts"
import type { Edit } from "./edit/apply.ts"
import { planEdits } from "./edit/plan.ts"
import type { PreparedChange } from "./files/change.ts"
import { placeOf } from "./files/place.ts"
import { runChanges } from "./files/transaction.ts"

export interface MultieditInput {
  readonly path?: string | undefined
  readonly edits: readonly (Edit & { readonly path?: string | undefined })[]
}

/** Several edits, of one file or of several, each on the result of the one before: one transaction, and one undo. */
export const multiedit = defineTool<MultieditInput, readonly PreparedChange[]>({
  name: "multiedit",
  description:
    "Several edits as edit does them, each on the result of the one before: all or none. An edit's own path is for " +
    "changing several files at once.",
  input: () => z.strictObject(multieditShape()),
  kind: "edit",
  effects: ["write"],
  canBeLayered: true,
  title: (input) => `edit ${pathsOf(input).join(", ")} (${input.edits.length} edits)`,
  paths: (input) => pathsOf(input),
  plan: (input, world, context) => planMultiedit(input, world, context),
  chosen: withHunks,
  run: (_, world, context, prepared) => runChanges(prepared, world, context),
})

export const multieditShape = () => ({
  path: z.string().optional(),
  edits: z
    .array(
      z.strictObject({
        path: z.string().optional(),
        oldText: z.string(),
        newText: z.string(),
        replaceAll: z.boolean().optional(),
      }),
    )
    .min(1),
})

/** Works out all files together; one edit that does not fit refuses all. */
export async function planMultiedit(
  { path, edits }: MultieditInput,
  world: ToolWorld,
  context: PlanContext,
): Promise<Planned<readonly PreparedChange[]>> {
  const byFile = new Map<string, { readonly path: string; readonly edits: Edit[] }>()
  const reals = new Map<string, string>()
  for (const [index, { path: own, ...edit }] of edits.entries()) {
    const named = own ?? path
    if (named === undefined) throw new ToolFailure(`Edit ${index + 1} names no file. Nothing was written.`)
    // Two names of one file are one file.
    const real = reals.get(named) ?? (await placeOf(named, world, context)).path
    reals.set(named, real)
    const file = byFile.get(real) ?? { path: named, edits: [] }
    file.edits.push(edit)
    byFile.set(real, file)
  }
  const planned = await Promise.all(
    [...byFile.values()].map((file) => planEdits(file.path, file.edits, world, context)),
  )
  return {
    effects: planned.flatMap(({ effects }) => effects),
    actions: planned.flatMap(({ actions }) => actions),
    fingerprint: planned.map(({ fingerprint }) => fingerprint).join("\n"),
    prepared: planned.map(({ prepared }) => prepared),
  }
}

export function pathsOf({ path, edits }: MultieditInput): readonly string[] {
  return [...new Set(edits.flatMap((edit) => edit.path ?? path ?? []))]
}
