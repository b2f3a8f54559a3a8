import { ToolFailure, type ToolResult } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { defineTool } from "./define.ts"
import { runChanges } from "./files/transaction.ts"
import { parsePatch } from "./patch/parse.ts"
import { type PreparedPatch, planPatch } from "./patch/plan.ts"

interface Input {
  readonly patch: string
}

/** Changes, adds, moves and deletes files by a patch, in the public `apply_patch` format or as a unified diff. */
export const applyPatch = defineTool<Input, PreparedPatch>({
  name: "apply_patch",
  aliases: ["patch"],
  summary: "add, change, move and delete files by a *** Begin Patch or a unified diff",
  description:
    "Add, change, move and delete files by one patch: *** Begin Patch … *** End Patch, or a unified diff. Give each chunk " +
    "about three lines of context, so that it fits in one place only.",
  input: () =>
    z.strictObject({
      patch: z
        .string()
        .describe(
          '"*** Begin Patch", then per file "*** Add File: p" with "+" lines, "*** Delete File: p", or "*** Update File: p", ' +
            'optionally "*** Move to: q", and chunks: "@@" or "@@ a line above", then lines with " ", "-" or "+" before them; ' +
            'last "*** End Patch". Operations before one that fails hold. Of a unified diff all or nothing is done.',
        ),
    }),
  kind: "edit",
  effects: ["write"],
  canBeLayered: true,
  title: (input) => `patch ${pathsOf(input).join(", ")}`.trimEnd(),
  paths: (input) => pathsOf(input),
  plan: ({ patch }, world, context) => planPatch(parsePatch(patch), world, context),
  async run(_, world, context, { changes, failure }) {
    const result = await runChanges(changes, world, context)
    return failure === undefined ? result : partly(result, failure)
  },
})

/** Some of it is done, and the call failed all the same: both have to be known. */
function partly(result: ToolResult, failure: string): ToolResult {
  return { ...result, isError: true, forModel: [...result.forModel, { type: "text", text: failure }] }
}

/** For showing a call before it is planned: a patch that cannot be read names no file. */
function pathsOf({ patch }: Input): readonly string[] {
  try {
    const { operations } = parsePatch(patch)
    return [...new Set(operations.flatMap((one) => [one.path, ...(one.kind === "update" && one.to ? [one.to] : [])]))]
  } catch (error) {
    if (error instanceof ToolFailure) return []
    throw error
  }
}
