import type { RunContext } from "@skein/core/ports"
import * as z from "@skein/protocol/schema"
import { defineTool, type ToolWorld } from "../define.ts"
import { byPath, excluding, failOn, notesOf, onOneLine, ripgrep } from "./ripgrep.ts"
import { planSearch, provenanceOf, type Scope } from "./scope.ts"

const FILES_MAX = 1_000
/** More are not worth sorting here: ripgrep itself gives the first of them. */
const GATHERED_MAX = 5_000

interface GlobInput {
  readonly pattern: string
  readonly path: string
  readonly hidden: boolean
  readonly newestFirst: boolean
}

export const glob = defineTool<GlobInput, Scope>({
  name: "glob",
  description: "Find files by name: `**/*.ts`, `src/{a,b}/*.json`. Sorted; ignore files are honoured.",
  input: () =>
    z.strictObject({
      pattern: z.string().min(1).max(1_000),
      path: z.string().default("."),
      hidden: z.boolean().default(false).describe("also dotfiles"),
      newestFirst: z.boolean().default(false).describe("by time of change"),
    }),
  kind: "search",
  effects: ["read"],
  canBeLayered: true,
  isConcurrent: true,
  title: ({ pattern, path }) => (path === "." ? `glob ${pattern}` : `glob ${pattern} in ${path}`),
  paths: ({ path }) => [path],
  plan: ({ path }, world, context) => planSearch(path, world, context),
  async run(input, world, context, scope) {
    const { pattern, newestFirst } = input
    const gathered = newestFirst ? undefined : await search(input, [], GATHERED_MAX, { world, context, scope })
    const isWhole = gathered !== undefined && gathered.end.how !== "cut"
    const sort = newestFirst ? "--sortr=modified" : "--sort=path"
    const { names, end } = isWhole ? gathered : await search(input, [sort], FILES_MAX, { world, context, scope })
    if (names.length === 0) failOn(end, `Cannot find files by ${pattern}`)
    const found = (isWhole ? names.toSorted(byPath).slice(0, FILES_MAX) : names).map(
      (name) => scope.prefix + onOneLine(name),
    )
    const notes = notesOf(
      names.length > FILES_MAX ? { ...end, how: "cut" } : end,
      `more than ${FILES_MAX}; narrow the pattern`,
    )
    const lines =
      found.length === 0 ? [`No file matches ${pattern}.${patternHint(pattern)}`, ...notes] : [...found, ...notes]
    return {
      forModel: [{ type: "text", text: lines.join("\n") }],
      forHuman: { kind: "listing", body: lines.join("\n"), summary: countOf(found.length, "file") },
      provenance: provenanceOf(scope, found),
    }
  },
})

interface Where {
  readonly world: ToolWorld
  readonly context: RunContext
  readonly scope: Scope
}

async function search(
  { pattern, hidden }: GlobInput,
  sorting: readonly string[],
  most: number,
  { world, context, scope }: Where,
) {
  const names: string[] = []
  const end = await ripgrep({
    args: [
      "--files",
      "--null",
      ...sorting,
      ...(hidden ? ["--hidden"] : []),
      ...excluding([pattern], scope),
      "--",
      scope.file ?? "./",
    ],
    cwd: scope.folder,
    world,
    context,
    separator: "\0",
    onLine: (name) => {
      if (names.length === most) return false
      names.push(name.replace(/^\.\//, ""))
      return true
    },
  })
  return { names, end }
}

/** Why a pattern that names folders found nothing, with the call that was meant. "/src/*.ts" is one from `path` on. */
export function patternHint(pattern: string): string {
  if (!/^(\/|~|\.\.\/)/.test(pattern)) return ""
  const parts = pattern.split("/")
  const wild = parts.slice(0, -1).findIndex((part) => /[*?[{]/.test(part))
  const count = wild === -1 ? parts.length - 1 : wild
  const meant = { path: parts.slice(0, count).join("/") || "/", pattern: parts.slice(count).join("/") }
  return ` A pattern is looked for below path: did you mean ${JSON.stringify(meant)}?`
}

/** `1 file`, `12 files`, `no files`. */
export function countOf(count: number, noun: string): string {
  return count === 0 ? `no ${noun}s` : `${count} ${noun}${count === 1 ? "" : "s"}`
}
