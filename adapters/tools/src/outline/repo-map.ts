import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"
import { countOf } from "../search/glob.ts"
import { type CodeScope, codeProvenance, coverageNote, outlineIn, planCode, sourceTree } from "./source-tree.ts"

interface RepoMapInput {
  readonly path: string
  readonly budgetTokens: number
  readonly focus: readonly string[]
}

export const repoMap = defineTool<RepoMapInput, CodeScope>({
  name: "repo_map",
  description:
    "The definitions that most of the code rests on, with file and line, within a token budget. To find your way in unknown code.",
  summary: "what most of the code rests on, within a token budget",
  input: () =>
    z.strictObject({
      path: z.string().default(".").describe("show only what is in this folder"),
      budgetTokens: z.int().min(100).max(20_000).default(2_000),
      focus: z
        .array(z.string().min(1).max(500))
        .max(20)
        .default([])
        .describe("paths or names: what they are about comes first"),
    }),
  kind: "search",
  effects: ["read"],
  isConcurrent: true,
  title: ({ path }) => (path === "." ? "repo_map" : `repo_map ${path}`),
  paths: ({ path }) => [path],
  plan: ({ path }, world, context) => planCode(path, world, context),
  async run({ budgetTokens, focus }, world, context, scope) {
    const outline = outlineIn(world)
    const tree = await sourceTree(scope, world, context)
    const from = scope.tree.prefix === "" ? [] : [`(paths are from ${scope.tree.prefix})`]
    const tokensMax = budgetTokens - Math.ceil(from.join("").length / 3)
    const map = await outline.map(tree, { tokensMax, focus, within: scope.within }, context.signal)
    const lines = [...(map.text === "" ? ["(nothing is defined here)"] : [map.text]), ...from, ...coverageNote(map)]
    const text = lines.join("\n")
    return {
      forModel: [{ type: "text", text }],
      forHuman: {
        kind: "listing",
        body: text,
        summary: `${countOf(map.definitions, "definition")}, ${countOf(map.files, "file")}`,
      },
      provenance: codeProvenance(scope, []),
    }
  },
})
