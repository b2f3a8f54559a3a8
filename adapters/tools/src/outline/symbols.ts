import { join } from "node:path"
import { type Definition, type Located, ToolFailure } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"
import { countOf } from "../search/glob.ts"
import { onOneLine } from "../search/ripgrep.ts"
import { type CodeScope, codeProvenance, coverageNote, outlineIn, planCode, sourceTree } from "./source-tree.ts"

interface SymbolsInput {
  readonly path: string
  readonly name?: string | undefined
  readonly kind?: string | undefined
  readonly limit: number
}

const KINDS = [
  ...["function", "method", "class", "interface", "type", "struct", "enum", "trait", "impl", "module", "macro"],
  ...["constant", "variable"],
] as const

export const symbols = defineTool<SymbolsInput, CodeScope>({
  name: "symbols",
  description:
    "What a code file defines, with lines; with `name`, where something is defined in a folder. By syntax, without a language server.",
  summary: "what a file defines, or where a name is defined",
  input: () =>
    z.strictObject({
      path: z.string().default(".").describe("a file, or a folder to look for name in"),
      name: z.string().min(1).max(200).optional().describe("whole or in part"),
      kind: z.enum(KINDS).optional(),
      limit: z.int().min(1).max(1_000).default(100),
    }),
  kind: "search",
  effects: ["read"],
  isConcurrent: true,
  title: ({ path, name }) => ["symbols", name, path === "." ? undefined : path].filter(Boolean).join(" "),
  paths: ({ path }) => [path],
  async plan(input, world, context) {
    const planned = await planCode(input.path, world, context)
    if (input.name === undefined && !planned.prepared.isFile) {
      throw new ToolFailure(
        `Cannot list the symbols of ${input.path}: it is a folder. Name a file, or give the name to look for; repo_map shows the most important of a folder.`,
      )
    }
    return planned
  },
  async run(input, world, context, scope) {
    const outline = outlineIn(world)
    const { name, limit } = input
    if (name === undefined) {
      const path = join(scope.tree.folder, scope.within)
      const found = await outline.outline(path, context.signal)
      if (found === undefined)
        throw new ToolFailure(
          `Cannot read ${input.path} for its definitions: no grammar of its language is here. grep finds text in it.`,
        )
      return resultOf(
        input,
        scope,
        found.filter(({ kind }) => input.kind === undefined || kind === input.kind).map(outlined),
        [],
      )
    }
    const tree = await sourceTree(scope, world, context)
    const found = await outline.find(
      tree,
      { name, kind: input.kind, within: scope.within, limit: limit + 1 },
      context.signal,
    )
    const more = found.found.length > limit ? [`(more than ${limit}; narrow it by path, kind or name)`] : []
    return resultOf(input, scope, found.found.map(located(scope)), [...more, ...coverageNote(found)])
  },
})

function resultOf({ name, limit }: SymbolsInput, scope: CodeScope, all: readonly string[], notes: readonly string[]) {
  const shown = all.slice(0, limit)
  const rest = name === undefined && all.length > limit ? [`(${all.length - limit} more)`] : []
  const none = name === undefined ? "(nothing is defined here)" : `Nothing called ${name} is defined here.`
  const text = [...(shown.length === 0 ? [none] : shown), ...rest, ...notes].join("\n")
  return {
    forModel: [{ type: "text", text }],
    forHuman: { kind: "matches", body: text, summary: countOf(shown.length, "definition") },
    provenance: codeProvenance(scope, [scope.within]),
  } as const
}

function outlined({ depth, line, lineEnd, signature }: Definition): string {
  return `${"  ".repeat(depth)}${line === lineEnd ? line : `${line}-${lineEnd}`}: ${signature}`
}

function located({ tree }: CodeScope): (found: Located) => string {
  return ({ path, line, kind, signature }) =>
    `${tree.prefix}${onOneLine(path)}:${line}: ${signature.includes(kind) ? signature : `${kind} ${signature}`}`
}
