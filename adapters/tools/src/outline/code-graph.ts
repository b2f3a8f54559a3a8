import { type GraphEdge, ToolFailure } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"
import { countOf } from "../search/glob.ts"
import { onOneLine } from "../search/ripgrep.ts"
import { mermaid } from "./mermaid.ts"
import { type CodeScope, codeProvenance, coverageNote, outlineIn, planCode, sourceTree } from "./source-tree.ts"

interface CodeGraphInput {
  readonly path?: string | undefined
  readonly symbol?: string | undefined
  readonly direction: "out" | "in" | "both"
  readonly depth: number
  readonly limit: number
  readonly format: "text" | "mermaid"
}

export const codeGraph = defineTool<CodeGraphInput, CodeScope>({
  name: "code_graph",
  description:
    "Which files import each other (path), or which functions call each other (symbol). By syntax: calls through variables are not seen.",
  summary: "which files import, or functions call, each other",
  input: () =>
    z.strictObject({
      path: z.string().optional().describe("a file or folder; with symbol, where to look for it"),
      symbol: z.string().min(1).max(200).optional().describe("the name of a function, method or class"),
      direction: z.enum(["out", "in", "both"]).default("both").describe("what it uses, what uses it"),
      depth: z.int().min(1).max(4).default(1),
      limit: z.int().min(1).max(400).default(80).describe("edges"),
      format: z.enum(["text", "mermaid"]).default("text"),
    }),
  kind: "search",
  effects: ["read"],
  isConcurrent: true,
  title: ({ path, symbol }) => `code_graph ${symbol ?? path ?? "."}`,
  paths: ({ path }) => (path === undefined ? [] : [path]),
  plan({ path, symbol }, world, context) {
    if (path === undefined && symbol === undefined) {
      throw new ToolFailure("Nothing to draw: name a path for its imports, or a symbol for its calls.")
    }
    return planCode(path ?? ".", world, context)
  },
  async run({ path = ".", symbol, direction, depth, limit, format }, world, context, scope) {
    const outline = outlineIn(world)
    const tree = await sourceTree(scope, world, context)
    const of = symbol === undefined ? { path: scope.within } : { symbol }
    const graph = await outline.graph(tree, { of, direction, depth, edgesMax: limit }, context.signal)
    const edges = graph.edges.map(shownFrom(scope.tree.prefix))
    const notes = [...(graph.isCut ? [`(more than is shown; limit is ${limit} edges)`] : []), ...coverageNote(graph)]
    const none =
      symbol === undefined ? `No import between files is seen for ${path}.` : `No call is seen of or in ${symbol}.`
    const drawn = mermaid(edges)
    const body = edges.length === 0 ? none : format === "mermaid" ? drawn : edges.map(lineOf).join("\n")
    return {
      forModel: [{ type: "text", text: [body, ...notes].join("\n") }],
      forHuman: { kind: "listing", body: [body, ...notes].join("\n"), summary: countOf(edges.length, "edge") },
      provenance: codeProvenance(
        scope,
        edges.map(({ from }) => from),
      ),
    }
  },
})

function shownFrom(prefix: string): (edge: GraphEdge) => GraphEdge {
  return ({ from, to, how }) => ({ from: prefix + onOneLine(from), to: prefix + onOneLine(to), how })
}

function lineOf({ from, to, how }: GraphEdge): string {
  return `${from} ${how} ${to}`
}
