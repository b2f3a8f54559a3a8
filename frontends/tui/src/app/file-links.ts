import { join } from "node:path"
import { pathToFileURL } from "node:url"
import type { LinkOf } from "../view/markdown/context.ts"

/** The folder that is worked in, and the files of it that are known, folders with `/`. */
export interface KnownFiles {
  readonly cwd: string
  readonly files: readonly string[] | undefined
}

/** Where a click on the name of a file leads: to that file, for those that are known to be in the folder. */
export function fileLinks(known: () => KnownFiles): LinkOf {
  return (path, lines) => {
    const { cwd, files } = known()
    const inside = insideOf(path, cwd)
    if (files === undefined || inside.endsWith("/") || !setOf(files).has(inside)) return undefined
    return pathToFileURL(join(cwd, inside)).href + fragmentOf(lines)
  }
}

/** `#L10-L20`, as editors and forges name lines. */
function fragmentOf(lines: Parameters<LinkOf>[1]): string {
  if (lines === undefined) return ""
  return lines.to === undefined || lines.to <= lines.from ? `#L${lines.from}` : `#L${lines.from}-L${lines.to}`
}

/** Has ready what a list of files is asked with, so that no drawing has to wait for it. */
export function learnFiles(files: readonly string[]): void {
  setOf(files)
}

function insideOf(path: string, cwd: string): string {
  if (path.startsWith(`${cwd}/`)) return path.slice(cwd.length + 1)
  return path.startsWith("./") ? path.slice(2) : path
}

const sets = new WeakMap<readonly string[], ReadonlySet<string>>()

function setOf(files: readonly string[]): ReadonlySet<string> {
  const known = sets.get(files)
  if (known !== undefined) return known
  const made = new Set(files)
  sets.set(files, made)
  return made
}
