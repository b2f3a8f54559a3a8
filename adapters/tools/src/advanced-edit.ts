import type { ToolResult } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { defineTool } from "./define.ts"
import { runChanges } from "./files/transaction.ts"
import { countOf } from "./search/glob.ts"
import { provenanceOf } from "./search/scope.ts"
import type { Found, SyntaxEdit } from "./syntax/plan.ts"

/** Finds code by its syntax, in one file or many, and rewrites it. */
export const advancedEdit = defineTool<SyntaxEdit, Found>({
  name: "advanced_edit",
  summary: "find or rewrite code by its syntax, over many files: foo($A) -> bar($A)",
  description:
    "Find code by its syntax tree and rewrite it, in a file or all files of a folder, all or none. In pattern $NAME stands " +
    "for one piece of code, $$$NAME for any number (arguments, statements); rewrite may repeat them. Space, line breaks and " +
    "comments in the code do not matter. Without rewrite it only finds.",
  input: () =>
    z.strictObject({
      pattern: z.string().min(1).max(10_000).describe("`if ($A) { return $B }`"),
      rewrite: z.string().max(10_000).optional(),
      path: z.string().default(".").describe("a file or folder"),
      language: z
        .string()
        .optional()
        .describe("typescript, tsx, javascript, python, go, rust, java, ruby, c, css; a file tells it"),
      dryRun: z.boolean().default(false).describe("show the diff, write nothing"),
    }),
  kind: "edit",
  effects: ["read", "write"],
  canBeLayered: true,
  title: ({ pattern, rewrite, path }) =>
    rewrite === undefined
      ? `find ${short(pattern)} in ${path}`
      : `rewrite ${short(pattern)} to ${short(rewrite)} in ${path}`,
  paths: ({ path }) => [path],
  plan: async (input, world, context) => await (await import("./syntax/plan.ts")).planSyntaxEdit(input, world, context),
  async run({ rewrite, dryRun }, world, context, found) {
    if (rewrite === undefined || dryRun || found.changes.length === 0) return shown(found, dryRun)
    const result = await runChanges(found.changes, world, context)
    const head = { type: "text", text: [headOf(found), ...found.notes].join("\n") } as const
    return { ...result, forModel: [head, ...result.forModel] }
  },
})

/** A pattern can be a page; a title is a line. */
function short(code: string): string {
  const line = code.trim().replace(/\s+/g, " ")
  return line.length > 60 ? `${line.slice(0, 59)}…` : line
}

const headOf = ({ matches, files, language }: Found) =>
  matches === 0 ? `No ${language.name} code matches.` : `${countOf(matches, "place")} in ${countOf(files, "file")}.`

function shown(found: Found, isDryRun: boolean): ToolResult {
  const { changes, places, matches, scope, notes } = found
  const isDiff = isDryRun && changes.length > 0
  const body = isDiff ? changes.map(({ diff }) => diff.text).join("\n") : places.join("\n")
  const more = !isDiff && matches > places.length ? [`(${matches - places.length} more)`] : []
  const told = [headOf(found), ...(isDiff ? ["Nothing was written."] : []), body, ...more, ...notes].filter(Boolean)
  return {
    forModel: [{ type: "text", text: told.join("\n") }],
    forHuman: { kind: isDiff ? "diff" : "matches", body, summary: countOf(matches, "place") },
    provenance: provenanceOf(scope, places),
  }
}
