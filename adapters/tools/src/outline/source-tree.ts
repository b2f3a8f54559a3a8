import { relative } from "node:path"
import {
  type Covered,
  type OutlinePort,
  type PlanContext,
  type RunContext,
  type SourceTree,
  ToolFailure,
} from "@skein/core/ports"
import { isWithin } from "@skein/protocol"
import type { Planned, ToolWorld } from "../define.ts"
import { excluding, failOn, ripgrep } from "../search/ripgrep.ts"
import { planSearch, provenanceOf, type Scope } from "../search/scope.ts"

/** A whole tree, and the part of it that was asked about. */
export interface CodeScope {
  readonly tree: Scope
  /** From the tree's folder on; empty for all of it. */
  readonly within: string
  readonly isFile: boolean
}

/** A bound for memory; what is beyond is said. */
const FILES_MAX = 400_000

/** Of a place in the workspace, the whole workspace is the tree: what matters in a part of it the rest decides. */
export async function planCode(path: string, world: ToolWorld, context: PlanContext): Promise<Planned<CodeScope>> {
  const asked = await planSearch(path, world, context)
  const { folder, file, isInside } = asked.prepared
  const root = isInside ? context.roots.find((one) => isWithin(folder, one)) : undefined
  const whole = root === undefined || root === folder ? undefined : await planSearch(root, world, context)
  const tree = whole?.prepared ?? { ...asked.prepared, file: undefined }
  const within = [relative(tree.folder, folder), file].filter((part) => part !== undefined && part !== "").join("/")
  return { ...(whole ?? asked), prepared: { tree, within, isFile: file !== undefined } }
}

/** What reads code. Throws ToolFailure where there is nothing that does. */
export function outlineIn(world: ToolWorld): OutlinePort {
  if (world.outline === undefined) throw new ToolFailure("Cannot read code for its definitions here.")
  return world.outline
}

/** The files of a tree that a search would read. */
export async function sourceTree({ tree }: CodeScope, world: ToolWorld, context: RunContext): Promise<SourceTree> {
  const files: string[] = []
  const end = await ripgrep({
    args: ["--files", "--null", ...excluding([], tree, tree.unread), "--", "./"],
    cwd: tree.folder,
    world,
    context,
    separator: "\0",
    onLine: (name) => files.push(name.startsWith("./") ? name.slice(2) : name) < FILES_MAX,
  })
  if (files.length === 0) failOn(end, "Cannot list the files")
  return { root: tree.folder, files }
}

/** One line, in parentheses, where an answer does not rest on all files yet. */
export function coverageNote({ filesAll, filesRead }: Covered<unknown>): readonly string[] {
  if (filesAll === 0) return ["(no file here is in a language that can be read for its definitions)"]
  if (filesRead >= filesAll) return []
  return [`(read ${filesRead} of ${filesAll} files so far; the same call again goes on from there)`]
}

export function codeProvenance({ tree }: CodeScope, paths: Iterable<string>) {
  return provenanceOf(tree, paths)
}
