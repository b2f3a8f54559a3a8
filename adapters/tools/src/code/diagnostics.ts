import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"
import { type Place, placeOf, reads } from "../files/place.ts"
import { codeOf, queryOf } from "./port.ts"
import { bounded, countText, diagnosticLine, onOneLine } from "./text.ts"

interface Input {
  readonly paths: readonly string[]
}

const PATHS_MAX = 50
const LINES_MAX = 100
/** A server that has yet to read a large project answers late. */
const WAIT_MS = 45_000

/** What language servers and linters say of files. */
export const diagnostics = defineTool<Input, readonly Place[]>({
  name: "diagnostics",
  description:
    "Errors and warnings of language servers and linters, of files or folders as they are on disk. New errors of your own " +
    "edits come with their results.",
  summary: "errors and warnings of language servers and linters, of files as on disk",
  input: () =>
    z.strictObject({
      paths: z
        .array(z.string())
        .max(PATHS_MAX)
        .default([])
        .describe("left out: what was changed or asked about so far"),
    }),
  kind: "search",
  effects: ["read"],
  timeoutMs: WAIT_MS + 15_000,
  title: ({ paths }) => `diagnostics ${paths.join(", ")}`.trimEnd(),
  paths: ({ paths }) => paths,
  async plan({ paths }, world, context) {
    const places = await Promise.all(paths.map((path) => placeOf(path, world, context)))
    const planned = places.map(reads)
    const nothing = { effects: [{ kind: "read", paths: [...context.roots], isInside: true } as const], actions: [] }
    return {
      effects: planned.length === 0 ? nothing.effects : planned.flatMap(({ effects }) => effects),
      actions: planned.flatMap(({ actions }) => actions),
      prepared: places,
    }
  },
  async run(_, world, context, places) {
    const named = places.map(({ path }) => path)
    const report = await codeOf(world).diagnostics(named, { ...queryOf(context), waitMs: WAIT_MS })
    const lines = report.diagnostics.map((one) => diagnosticLine(one, context.cwd))
    const summary = countText(report.diagnostics)
    const notes = report.late.map((sentence) => `(${onOneLine(sentence)})`)
    const text = [...(summary === undefined ? ["No errors or warnings."] : bounded(lines, LINES_MAX)), ...notes].join(
      "\n",
    )
    return {
      forModel: [{ type: "text", text }],
      forHuman: { kind: "matches", body: text, summary: summary ?? "nothing found" },
      provenance: { source: "language servers and linters", isTrusted: places.every(({ isInside }) => isInside) },
    }
  },
})
