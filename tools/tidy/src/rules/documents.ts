import { posix } from "node:path"
import { type Finding, lineAt, type Rule } from "../rule.ts"
import { packagesOf } from "../source/packages.ts"
import { isEvidence, type Tree } from "../tree.ts"

const REQUIRED = [
  "README.md",
  "ARCHITECTURE.md",
  "AGENTS.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  "LICENSE",
  "docs/roadmap.md",
  "docs/dependencies.md",
  "docs/words.md",
]

export const documentsExist: Rule = {
  name: "the repository and every package of it explain themselves",
  why: "a reader who opens a folder must learn in a minute which question it answers",
  instead: "write a README.md of at most a page: the question, the picture, how to test, the invariants",
  check(tree) {
    return [
      ...REQUIRED.filter((path) => !tree.files.has(path)).map((path) => ({ path, what: "is missing" })),
      ...packagesOf(tree)
        .map(({ dir }) => `${dir}/README.md`)
        .filter((path) => path !== "/README.md" && !tree.files.has(path))
        .map((path) => ({ path, what: "is missing" })),
      ...longerThan(tree, "ARCHITECTURE.md", 300),
      ...((tree.files.get("CHANGELOG.md") ?? "## [Unreleased]").includes("## [Unreleased]")
        ? []
        : [{ path: "CHANGELOG.md", what: "has no section [Unreleased]" }]),
    ]
  },
}

function longerThan(tree: Tree, path: string, linesMax: number): Finding[] {
  const lines = (tree.files.get(path) ?? "").split("\n").length
  return lines > linesMax ? [{ path, what: `has ${lines} lines, more than ${linesMax}` }] : []
}

export const decisionsAreNumbered: Rule = {
  name: "decisions are numbered without a gap and say their status, why and what follows",
  why: "a decision is found by its number, and without its reason it cannot be changed",
  instead: "docs/decisions/NNNN-title.md with the sections Status, Context, Decision, Consequences",
  check(tree) {
    const paths = [...tree.files.keys()].filter((path) => /^docs\/decisions\/.*\.md$/.test(path)).toSorted()
    return paths.flatMap((path, at) => {
      const number = `${at + 1}`.padStart(4, "0")
      const text = tree.files.get(path) ?? ""
      const missing = ["Status", "Context", "Decision", "Consequences"].filter(
        (name) => !new RegExp(`^(## )?${name}\\b`, "m").test(text),
      )
      return [
        ...(posix.basename(path).startsWith(`${number}-`) ? [] : [{ path, what: `is not number ${number}` }]),
        ...missing.map((name) => ({ path, what: `has no section ${name}` })),
      ]
    })
  },
}

export const pathsExist: Rule = {
  name: "every path that a document names is there",
  why: "a map with places that are gone is worse than none",
  instead: "correct the path, or write it without the folder if it is only an example",
  check(tree) {
    const places = new Set(tree.files.keys())
    for (const path of tree.files.keys()) {
      for (let dir = posix.dirname(path); dir !== "."; dir = posix.dirname(dir)) places.add(dir)
    }
    return documents(tree).flatMap(([path, text]) =>
      pathsIn(text)
        .filter(({ named }) => !isThere(places, path, named))
        .map(({ named, at }) => ({ path, line: lineAt(text, at), what: `names ${named}` })),
    )
  },
}

/** The change log tells of what was; everything else tells of what is. */
export function documents(tree: Tree): [string, string][] {
  return [...tree.files].filter(([path]) => path.endsWith(".md") && !path.endsWith("CHANGELOG.md") && !isEvidence(path))
}

const TOP = String.raw`(?:apps|frontends|adapters|packages|tools|docs|bench|\.ci)`
const PATHS = [
  new RegExp(String.raw`(?<![\w./@-])(\.?/)?(${TOP}/[\w.*/-]*[\w*])`, "g"),
  /(?<=\x60)()((?:src|test)\/[\w.*/-]*[\w*])(?=\x60)/g,
  /(?<=\]\()()(?!https?:|#|mailto:)([^)#\s]+)/g,
]

function pathsIn(text: string): { named: string; at: number }[] {
  return PATHS.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({ named: match[2] ?? "", at: match.index })),
  )
}

/** Read from the root and from the document's own folder. `*` stands for one name; built files are not in the tree. */
function isThere(places: ReadonlySet<string>, document: string, named: string): boolean {
  return [named, posix.join(posix.dirname(document), named)].some((path) => {
    const clean = path.replace(/\/$/, "")
    if (!clean.includes("*")) return places.has(clean)
    const pattern = new RegExp(`^${clean.split("*").map(RegExp.escape).join("[^/]*")}$`)
    return [...places].some((place) => pattern.test(place))
  })
}

/** The fenced `ts` blocks of the documents, each to be compiled as a file. */
export function codeBlocks(tree: Tree): { path: string; line: number; code: string }[] {
  return documents(tree).flatMap(([path, text]) =>
    [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map((match) => ({
      path,
      line: lineAt(text, match.index) + 1,
      code: match[1] ?? "",
    })),
  )
}
