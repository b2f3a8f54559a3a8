import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"
import type { Edit } from "../edit/apply.ts"
import { planEdits } from "../edit/plan.ts"
import type { PreparedChange } from "../files/change.ts"
import { runChanges } from "../files/transaction.ts"
import { type MultieditInput, multieditShape, pathsOf, planMultiedit } from "../multiedit.ts"
import { withHunks } from "./chosen.ts"

/** What the person who is asked may put into the arguments: the hunks of the shown diff that they want. */
const hunks = () =>
  z.array(z.int().min(1)).optional().describe("for the person who answers: only these hunks of the diff, from 1")

interface Hunks {
  readonly hunks?: readonly number[] | undefined
}

/** An edit that a person sees and decides about, whatever the mode. */
export const confirmEdit = defineTool<Edit & { readonly path: string } & Hunks, readonly PreparedChange[]>({
  name: "confirm_edit",
  summary: "an edit that the person sees as a diff and decides about, in every mode",
  description:
    "As edit, but the person is shown the diff and asked first, in every mode: for changes they want to see.",
  input: () =>
    z.strictObject({
      path: z.string(),
      oldText: z.string(),
      newText: z.string(),
      replaceAll: z.boolean().optional(),
      hunks: hunks(),
    }),
  kind: "edit",
  needs: ["person"],
  effects: ["write"],
  canBeLayered: true,
  isAlwaysAsked: true,
  title: ({ path }) => `edit ${path}`,
  paths: ({ path }) => [path],
  async plan({ path, hunks: wanted, ...edit }, world, context) {
    const planned = await planEdits(path, [edit], world, context)
    return await withHunks({ ...planned, prepared: [planned.prepared] }, wanted)
  },
  run: (_, world, context, prepared) => runChanges(prepared, world, context),
})

/** Several edits that a person sees and decides about. */
export const confirmMultiedit = defineTool<MultieditInput & Hunks, readonly PreparedChange[]>({
  name: "confirm_multiedit",
  summary: "several edits, decided about by the person, in every mode",
  description: "As multiedit, but the person is shown the diff and asked first, in every mode.",
  input: () => z.strictObject({ ...multieditShape(), hunks: hunks() }),
  kind: "edit",
  needs: ["person"],
  effects: ["write"],
  canBeLayered: true,
  isAlwaysAsked: true,
  title: (input) => `edit ${pathsOf(input).join(", ")} (${input.edits.length} edits)`,
  paths: (input) => pathsOf(input),
  plan: async ({ hunks: wanted, ...input }, world, context) =>
    await withHunks(await planMultiedit(input, world, context), wanted),
  run: (_, world, context, prepared) => runChanges(prepared, world, context),
})
