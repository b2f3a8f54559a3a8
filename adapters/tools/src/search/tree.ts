import * as z from "@skein/protocol/schema"
import { defineTool } from "../define.ts"
import { countOf } from "./glob.ts"
import { excluding, failOn, notesOf, onOneLine, ripgrep } from "./ripgrep.ts"
import { planSearch, provenanceOf, type Scope } from "./scope.ts"

const FILES_MAX = 20_000

interface TreeInput {
  readonly path: string
  readonly depth: number
  readonly limit: number
}

export const tree = defineTool<TreeInput, Scope>({
  name: "tree",
  summary: "a folder's files as a tree",
  description: "Show a folder's files as a tree; ignore files are honoured.",
  input: () =>
    z.strictObject({
      path: z.string().default("."),
      depth: z.int().min(1).max(20).default(3),
      limit: z.int().min(1).max(2_000).default(400),
    }),
  kind: "search",
  effects: ["read"],
  canBeLayered: true,
  isConcurrent: true,
  title: ({ path }) => `tree ${path}`,
  paths: ({ path }) => [path],
  plan: ({ path }, world, context) => planSearch(path, world, context),
  async run({ depth, limit }, world, context, scope) {
    const root: Folder = new Map()
    let files = 0
    const end = await ripgrep({
      args: ["--files", "--null", "--hidden", ...excluding([], scope), "--", scope.file ?? "./"],
      cwd: scope.folder,
      world,
      context,
      separator: "\0",
      onLine: (name) => {
        if (files === FILES_MAX) return false
        files += 1
        insert(root, onOneLine(name.replace(/^\.\//, "")).split("/"))
        return true
      },
    })
    if (files === 0) failOn(end, "Cannot show the tree")
    const all = [...draw(root, depth, "")]
    const more = all.length - limit
    const notes = [
      ...(more > 0 ? [`(${more} more lines; name a subfolder)`] : []),
      ...notesOf(end, `more than ${FILES_MAX} files; the counts are too low`),
    ]
    const lines = files === 0 ? ["(no files)", ...notes] : [...all.slice(0, limit), ...notes]
    return {
      forModel: [{ type: "text", text: lines.join("\n") }],
      forHuman: { kind: "listing", body: lines.join("\n"), summary: countOf(files, "file") },
      provenance: provenanceOf(scope, []),
    }
  },
})

/** A folder's entries; a file has no entries of its own. */
type Folder = Map<string, Folder | undefined>

function insert(root: Folder, parts: readonly string[]): void {
  let at = root
  for (const [index, part] of parts.entries()) {
    if (index === parts.length - 1) {
      at.set(part, undefined)
      return
    }
    const next = at.get(part) ?? new Map()
    at.set(part, next)
    at = next
  }
}

function* draw(folder: Folder, depth: number, indent: string): Generator<string> {
  for (const [name, inner] of [...folder].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (inner === undefined) yield `${indent}${name}`
    else if (depth > 1) {
      yield `${indent}${name}/`
      yield* draw(inner, depth - 1, `${indent}  `)
    } else yield `${indent}${name}/ (${countOf(filesIn(inner), "file")})`
  }
}

function filesIn(folder: Folder): number {
  return [...folder.values()].reduce((sum, inner) => sum + (inner === undefined ? 1 : filesIn(inner)), 0)
}
