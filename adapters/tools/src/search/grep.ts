import type { RunContext } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { defineTool, type ToolWorld } from "../define.ts"
import { countOf, patternHint } from "./glob.ts"
import { excluding, failOn, notesOf, onOneLine, type RipgrepEnd, ripgrep } from "./ripgrep.ts"
import { planSearch, provenanceOf, type Scope } from "./scope.ts"

const MATCHES_MAX = 500
const LINE_BYTES_MAX = 300
/** Lines of context count too: a bound for what is handed on, besides the one for matches. */
const LINES_MAX = 3_000

interface GrepInput {
  readonly pattern: string
  readonly path: string
  readonly glob?: string | undefined
  readonly ignoreCase: boolean
  readonly literal: boolean
  readonly context: number
  readonly mode: "content" | "files" | "count"
  readonly hidden: boolean
}

export const grep = defineTool<GrepInput, Scope>({
  name: "grep",
  description:
    "Search file contents by regular expression (Rust syntax). Ignore files are honoured, files over 5 MB skipped.",
  input: () =>
    z.strictObject({
      pattern: z.string().min(1).max(4_000),
      path: z.string().default("."),
      glob: z.string().max(1_000).optional().describe("only these files: *.ts"),
      ignoreCase: z.boolean().default(false),
      literal: z.boolean().default(false),
      context: z.int().min(0).max(20).default(0),
      mode: z.enum(["content", "files", "count"]).default("content"),
      hidden: z.boolean().default(false),
    }),
  kind: "search",
  canBeLayered: true,
  isConcurrent: true,
  title: ({ pattern, path }) => (path === "." ? `grep ${pattern}` : `grep ${pattern} in ${path}`),
  paths: ({ path }) => [path],
  plan: ({ path }, world, context) => planSearch(path, world, context),
  async run(input, world, context, scope) {
    const found = await search(input, world, context, scope)
    if (found.matches === 0) failOn(found.end, `Cannot search for ${input.pattern}`)
    const notes = notesOf(
      found.end,
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
  readonly end: RipgrepEnd
}

async function search(input: GrepInput, world: ToolWorld, context: RunContext, scope: Scope): Promise<Found> {
  const lines: string[] = []
  const files = new Set<string>()
  let matches = 0
  let begun = ""
  const end = await ripgrep({
    args: [...options(input, scope), "--", input.pattern, scope.file === undefined ? "./" : `./${scope.file}`],
    cwd: scope.folder,
    world,
    context,
    separator: input.mode === "files" ? "\0" : "\n",
    onLine: (line) => {
      const whole = begun + line
      const hit = parse(whole, input.mode)
      // A name with a line end in it comes in pieces. Every path starts with "./", so none starts with "--".
      begun = hit === undefined && whole !== "--" ? `${whole}\n` : ""
      if (hit === undefined) {
        if (whole === "--") lines.push(whole)
        return true
      }
      if (matches + hit.matches > MATCHES_MAX && input.mode !== "count") return false
      if (lines.length >= LINES_MAX) return false
      matches += hit.matches
      const path = scope.prefix + onOneLine(hit.path.replace(/^\.\//, ""))
      files.add(path)
      lines.push(path + hit.rest)
      return true
    },
  })
  return { lines, matches, files, end }
}

function options(input: GrepInput, scope: Scope): readonly string[] {
  const modes = {
    content: [
      "--null",
      "--line-number",
      `--context=${input.context}`,
      `--max-columns=${LINE_BYTES_MAX}`,
      "--max-columns-preview",
    ],
    files: ["--files-with-matches", "--null"],
    count: ["--null", "--count"],
  } as const
  return [
    "--with-filename",
    "--no-heading",
    "--sort=path",
    "--max-filesize=5000000",
    ...modes[input.mode],
    ...(input.ignoreCase ? ["--ignore-case"] : []),
    ...(input.literal ? ["--fixed-strings"] : []),
    ...(input.hidden ? ["--hidden"] : []),
    ...excluding(input.glob === undefined ? [] : [input.glob], scope, scope.unread),
  ]
}

interface Hit {
  readonly path: string
  /** `:12:text`, `-11-text` around a match, `:7` for a count, nothing for a file. */
  readonly rest: string
  readonly matches: number
}

/** A line is a path; where there is more, NUL stands between, and what has none is no hit. */
function parse(line: string, mode: GrepInput["mode"]): Hit | undefined {
  if (mode === "files") return { path: line, rest: "", matches: 1 }
  const end = line.indexOf("\0")
  if (end === -1) return binaryHit(line)
  const path = line.slice(0, end)
  const rest = line.slice(end + 1).replace(/\r$/, "")
  if (mode === "count") return { path, rest: `:${rest}`, matches: Number(rest) }
  const isMatch = /^\d+:/.test(rest)
  return { path, rest: `${isMatch ? ":" : "-"}${cut(rest)}`, matches: isMatch ? 1 : 0 }
}

/** ripgrep says of a file with NUL in it only that it matches. */
function binaryHit(line: string): Hit | undefined {
  const path = /^([\s\S]*): binary file matches \(found/.exec(line)?.[1]
  return path === undefined ? undefined : { path, rest: ": the file is binary, and matches", matches: 1 }
}

function cut(text: string): string {
  return text.length > LINE_BYTES_MAX + 80 ? `${text.slice(0, LINE_BYTES_MAX + 80)} …` : text
}
