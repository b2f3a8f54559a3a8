import { type Finding, lineAt, type Rule } from "../rule.ts"
import { commentsOf, mask } from "../source/mask.ts"
import { neighbours, packagesOf } from "../source/packages.ts"
import { isSource, isTest, type Tree } from "../tree.ts"

export const noCycles: Rule = {
  name: "no file imports itself through others, not even for a type",
  why: "files in a cycle are one file in several pieces: none can be read, moved or loaded alone",
  instead: "move what both need into a third file, or pass it as an argument",
  check(tree) {
    const packages = packagesOf(tree)
    const graph = new Map<string, string[]>()
    for (const path of tree.files.keys()) {
      if (isSource(path)) graph.set(path, neighbours(tree, packages, path, ["static", "dynamic", "type"]))
    }
    return cyclesOf(graph).map((cycle) => ({ path: cycle[0] ?? "", what: [...cycle, cycle[0]].join(" → ") }))
  },
}

/** One cycle for each set of files that reach each other. */
function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const done = new Set<string>()
  const cycles: string[][] = []
  const visit = (path: string, trail: string[]) => {
    const seenAt = trail.indexOf(path)
    if (seenAt !== -1) cycles.push(trail.slice(seenAt))
    if (seenAt !== -1 || done.has(path)) return
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path])
    done.add(path)
  }
  for (const path of graph.keys()) visit(path, [])
  return cycles
}

export const noStars: Rule = {
  name: "every export is named where it is exported: no `export *`, no default export",
  why: "a reader of an index file must see what a package offers, and one thing must have one name",
  instead: "export { each, name } from the file",
  check: (tree) =>
    search(tree, [
      [/\bexport\s+(type\s+)?\*/g, "exports everything with `export *`"],
      [/\bexport\s+default\b|\bas\s+default\b/g, "has a default export"],
    ]),
}

const EMPTY_CATCH = /\bcatch\s*(\([^)]*\))?\s*\{\s*\}/g
const DROPPED = /\.catch\(\s*(async\s*)?\(\s*\w*\s*\)\s*=>\s*(\{\s*\}|undefined|null|void 0)\s*\)/g

export const noSwallowedErrors: Rule = {
  name: "no error is dropped without a word on who hears of it instead",
  why: "an error nobody hears of becomes a wrong answer somewhere else",
  instead:
    "turn it into a value, a ToolFailure or a SkeinError with `cause`; check the code of an expected error and rethrow the rest; if it is truly told elsewhere, say so in a comment at the place",
  check: (tree) =>
    [...tree.files].flatMap(([path, text]) => {
      if (!isSource(path) || isTest(path)) return []
      const code = mask(text)
      return [...code.matchAll(EMPTY_CATCH), ...code.matchAll(DROPPED)]
        .filter((match) => !isExplained(text, match.index, match.index + match[0].length))
        .map((match) => ({ path, line: lineAt(text, match.index), what: "drops an error in silence" }))
    }),
}

/** Whether a comment of some words stands inside, on the line before, or behind. */
function isExplained(text: string, start: number, end: number): boolean {
  const lineStart = text.lastIndexOf("\n", start)
  const from = lineStart <= 0 ? 0 : text.lastIndexOf("\n", lineStart - 1)
  const to = text.indexOf("\n", end) === -1 ? text.length : text.indexOf("\n", end)
  return commentsOf(text).some(
    (comment) => comment.at + comment.text.length > from && comment.at < to && comment.text.split(/\s+/).length > 3,
  )
}

function search(tree: Tree, patterns: readonly (readonly [RegExp, string])[]): Finding[] {
  return [...tree.files].flatMap(([path, text]) => {
    // A declaration file describes modules as they are, defaults and all.
    if (!isSource(path) || path.endsWith(".d.ts")) return []
    const code = mask(text)
    return patterns.flatMap(([pattern, what]) =>
      [...code.matchAll(pattern)].map((match) => ({ path, line: lineAt(text, match.index), what })),
    )
  })
}
