import type { RunContext } from "@skein/core/ports"
import type { ToolWorld } from "../define.ts"
import { excluding, onOneLine, type RipgrepEnd, ripgrep } from "./ripgrep.ts"
import type { Scope } from "./scope.ts"

export const MATCHES_MAX = 500
const LINE_BYTES_MAX = 300
/** Lines of context count too: a bound for what is handed on, besides the one for matches. */
export const LINES_MAX = 3_000

/** What was asked for. */
export interface GrepInput {
  readonly pattern: string
  readonly path: string
  readonly glob?: string | undefined
  readonly ignoreCase: boolean
  readonly literal: boolean
  readonly multiline: boolean
  readonly context: number
  readonly before?: number | undefined
  readonly after?: number | undefined
  readonly type?: string | undefined
  readonly limit: number
  readonly mode: "content" | "files" | "count"
  readonly hidden: boolean
}

/** What one file has: its lines as they are shown, and how many of them, or what they count, are matches. */
export interface FileHits {
  readonly path: string
  readonly hits: (Hit | "--")[]
}

export interface Gathered {
  readonly files: readonly FileHits[]
  readonly matches: number
  readonly end: RipgrepEnd
}

/** So much is taken from ripgrep. */
interface Most {
  readonly matches: number
  readonly lines: number
}

/** What can be shown, and what is worth sorting here: of more, ripgrep itself gives the first. */
export const SHOWN: Most = { matches: MATCHES_MAX + 1, lines: LINES_MAX + 1 }
export const GATHERED: Most = { matches: 4 * MATCHES_MAX, lines: 2 * LINES_MAX }

interface Where {
  readonly world: ToolWorld
  readonly context: RunContext
  readonly scope: Scope
}

/** The hits of a search, file by file, in the order that ripgrep gives them. */
export async function gathered(
  input: GrepInput,
  sorting: readonly string[],
  most: Most,
  { world, context, scope }: Where,
): Promise<Gathered> {
  const files = new Map<string, FileHits>()
  const taken = { matches: 0, lines: 0 }
  let begun = ""
  let isApart = false
  const end = await ripgrep({
    args: [
      ...[...options(input, scope), ...sorting, "--", input.pattern],
      scope.file === undefined ? "./" : `./${scope.file}`,
    ],
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
        isApart ||= whole === "--"
        return true
      }
      if (taken.lines >= most.lines || (taken.matches >= most.matches && input.mode !== "count")) return false
      taken.lines += 1
      taken.matches += hit.matches
      const path = scope.prefix + onOneLine(hit.path.replace(/^\.\//, ""))
      const file = files.get(path) ?? { path, hits: [] }
      files.set(path, file)
      if (isApart && file.hits.length > 0) file.hits.push("--")
      isApart = false
      file.hits.push(hit)
      return true
    },
  })
  return { files: [...files.values()], matches: taken.matches, end }
}

function options(input: GrepInput, scope: Scope): readonly string[] {
  const modes = {
    content: [
      "--null",
      "--line-number",
      `--before-context=${input.before ?? input.context}`,
      `--after-context=${input.after ?? input.context}`,
      `--max-columns=${LINE_BYTES_MAX}`,
      "--max-columns-preview",
    ],
    files: ["--files-with-matches", "--null"],
    count: ["--null", "--count"],
  } as const
  return [
    "--with-filename",
    "--no-heading",
    ...modes[input.mode],
    ...(input.ignoreCase ? ["--ignore-case"] : []),
    ...(input.multiline ? ["--multiline", "--multiline-dotall", "--max-filesize=5000000"] : []),
    ...(input.type === undefined ? [] : [`--type=${input.type}`]),
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
