import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"
import { ACTIONS, type Ask, type LspInput } from "./input.ts"

/** What a language server knows of a place in code; and a rename, which is an edit like any other. */
export const lsp = defineTool<LspInput, Ask>({
  name: "lsp",
  description:
    "Ask a language server, which knows types and scopes where grep knows text: about the symbol at a place in a file, the " +
    "symbols of a file or of the workspace. rename changes all uses, all or none.",
  summary: "ask a language server: definition, references, hover, symbols, rename",
  input: () =>
    z.strictObject({
      action: z.enum(ACTIONS),
      path: z.string().optional(),
      line: z.int().min(1).optional(),
      column: z.int().min(1).optional(),
      symbol: z.string().max(200).optional().describe("the name at the place, instead of a column"),
      query: z.string().max(200).optional().describe("for workspace_symbols"),
      newName: z.string().max(200).optional().describe("for rename"),
    }),
  kind: "search",
  effects: ["read", "write"],
  timeoutMs: 90_000,
  title: ({ action, path, symbol, line, query, newName }) =>
    ["lsp", action, symbol ?? query, path === undefined ? undefined : `${path}${line === undefined ? "" : `:${line}`}`]
      .concat(newName === undefined ? [] : [`to ${newName}`])
      .filter((word) => word !== undefined)
      .join(" "),
  paths: ({ path }) => (path === undefined ? [] : [path]),
  plan: async (input, world, context) => (await import("./asked.ts")).planAsk(input, world, context),
  run: (_, world, context, ask) => ask(world, context),
})
