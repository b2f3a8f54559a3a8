import { resolve } from "node:path"
import type { Word } from "../syntax/nodes.ts"
import { isOperand } from "../syntax/words.ts"

/** Where the line stands. */
export interface Folder {
  /** Undefined when it cannot be known. */
  readonly cwd: string | undefined
  /** It was changed to a folder that may not be there; then the line went on where it was. */
  readonly isSure: boolean
}

export interface FolderFacts {
  readonly roots: readonly string[]
  readonly start: string
  readonly home: string | undefined
  /** CDPATH is set in the line, so that a name may mean a folder elsewhere. */
  readonly hasSearchPath: boolean
}

export function isFolderChange(name: string | undefined): boolean {
  return name === "cd" || name === "pushd" || name === "popd"
}

/** Where a `cd` leads. */
export function changed(words: readonly Word[], from: string | undefined, facts: FolderFacts): Folder {
  const [program, ...rest] = words
  const unknown = { cwd: undefined, isSure: false }
  if (program?.value !== "cd" && program?.value !== "pushd") return unknown
  const operands = rest.filter(({ value }) => value === undefined || !/^-[LPe@]*$|^--$/.test(value) || value === "-")
  const [target, more] = operands
  if (more !== undefined) return unknown
  if (target === undefined)
    return program.value === "cd" && facts.home !== undefined ? { cwd: facts.home, isSure: true } : unknown
  const path = target.value
  if (path === undefined || path === "-" || path === "" || !isOperand(target) || path.startsWith("+")) return unknown
  const isRelative = !path.startsWith("/")
  if (isRelative && facts.hasSearchPath && !/^\.\.?(?:\/|$)/.test(path)) return unknown
  if (isRelative && from === undefined) return unknown
  const cwd = resolve(from ?? "/", path)
  const isThere = [facts.start, ...facts.roots].some(
    (root) => root === cwd || root.startsWith(cwd === "/" ? "/" : `${cwd}/`),
  )
  return { cwd, isSure: isThere }
}
