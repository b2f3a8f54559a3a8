import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"
import { countOf, patternHint } from "./glob.ts"
import { GATHERED, type Gathered, type GrepInput, gathered, LINES_MAX, MATCHES_MAX, SHOWN } from "./grep-run.ts"
import { byPath, failOn, notesOf, onOneLine } from "./ripgrep.ts"
import { planSearch, provenanceOf, type Scope } from "./scope.ts"

export const grep = defineTool<GrepInput, Scope>({
  name: "grep",
  description: "Search file contents by regular expression (Rust syntax). Ignore files are honoured.",
  input: () =>
    z.strictObject({
      pattern: z.string().min(1).max(4_000),
      path: z.string().default("."),
      glob: z.string().max(1_000).optional().describe("only these files: *.ts"),
      ignoreCase: z.boolean().default(false),
      literal: z.boolean().default(false),
      multiline: z.boolean().default(false).describe("a match may span lines, and . matches their ends"),
      context: z.int().min(0).max(20).default(0),
      before: z.int().min(0).max(20).optional(),
      after: z.int().min(0).max(20).optional(),
      type: z
        .string()
        .regex(/^[a-zA-Z\d+-]{1,30}$/, "is a type of ripgrep's: ts, py, rust")
        .optional(),
      limit: z.int().min(1).max(MATCHES_MAX).default(MATCHES_MAX),
      mode: z.enum(["content", "files", "count"]).default("content"),
      hidden: z.boolean().default(false),
    }),
  kind: "search",
  effects: ["read"],
  canBeLayered: true,
  isConcurrent: true,
  title: ({ pattern, path }) => (path === "." ? `grep ${pattern}` : `grep ${pattern} in ${path}`),
  paths: ({ path }) => [path],
  plan: ({ path }, world, context) => planSearch(path, world, context),
  async run(input, world, context, scope) {
    const all = await gathered(input, [], GATHERED, { world, context, scope })
    const isWhole = all.end.how !== "cut"
    const hits = isWhole ? all : await gathered(input, ["--sort=path"], SHOWN, { world, context, scope })
    if (hits.matches === 0) failOn(hits.end, `Cannot search for ${input.pattern}`)
    const found = shownOf(hits, input)
    const notes = notesOf(
      { ...hits.end, how: found.isCut ? "cut" : hits.end.how },
      `stopped at ${countOf(found.matches, "match").replace("matchs", "matches")}; narrow the pattern or the path`,
    )
    const lines =
      found.matches === 0
        ? [`No match for ${input.pattern}.${patternHint(input.glob ?? "")}`, ...notes]
        : [...found.lines, ...notes]
    if (scope.unread.length > 0) lines.push(`(not searched, because they hold secrets: ${namesOf(scope.unread)})`)
    const text = lines.join("\n")
    const files = countOf(found.files.size, "file")
    const summary = input.mode === "files" ? files : `${countOf(found.matches, "hit")}, ${files}`
    return {
      forModel: [{ type: "text", text }],
      forHuman: { kind: "matches", body: text, summary },
      provenance: provenanceOf(scope, found.files),
    }
  },
})

const NAMES_MAX = 5

function namesOf(paths: readonly string[]): string {
  const named = paths.slice(0, NAMES_MAX).map(onOneLine).join(", ")
  return paths.length > NAMES_MAX ? `${named} and ${paths.length - NAMES_MAX} more` : named
}

interface Found {
  readonly lines: readonly string[]
  readonly matches: number
  readonly files: ReadonlySet<string>
  readonly isCut: boolean
}

/** By path, as far as the limits allow. */
function shownOf({ files, end }: Gathered, { limit, mode, context, before, after }: GrepInput): Found {
  const lines: string[] = []
  const shown = new Set<string>()
  let matches = 0
  const isApart = (before ?? context) + (after ?? context) > 0 && mode === "content"
  for (const { path, hits } of files.toSorted((a, b) => byPath(a.path, b.path))) {
    if (isApart && lines.length > 0) lines.push("--")
    for (const hit of hits) {
      const isOver = hit !== "--" && matches + hit.matches > limit && mode !== "count"
      if (isOver || lines.length >= LINES_MAX || (mode === "count" && shown.size >= limit)) {
        return { lines, matches, files: shown, isCut: true }
      }
      lines.push(hit === "--" ? hit : path + hit.rest)
      if (hit !== "--") matches += hit.matches
      shown.add(path)
    }
  }
  return { lines, matches, files: shown, isCut: end.how === "cut" }
}
