import { join, relative } from "node:path"
import { isWithin } from "@skein/protocol"
import { type Field, frontmatter } from "@skein/protocol/frontmatter"
import { entriesOf } from "../entries.ts"

const FILES_MAX = 64
const DEPTH_MAX = 4
const GLOBS_MAX = 32
const GLOB_CHARS_MAX = 200

/** The rule files of a folder (`.claude/rules`, `.cursor/rules`), sorted; none where it is no folder. */
export function ruleFiles(folder: string, depth: number = DEPTH_MAX): readonly string[] {
  const files = entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return depth > 1 ? ruleFiles(path, depth - 1) : []
    return /\.(md|mdc)$/i.test(entry.name) ? [path] : []
  })
  return files.slice(0, FILES_MAX)
}

/** Says what of a rule file is read, by its whole text; undefined where it does not belong here now. */
export type BodyOf = (text: string) => string | undefined

/** Those that hold for the whole project. */
export const always: BodyOf = (text) => {
  const { body, globs } = read(text)
  return globs.length === 0 ? body : undefined
}

/** Those whose `paths` (`globs`) mean one of these files; they begin at `folder`. */
export function matching(paths: readonly string[], folder: string): BodyOf {
  const below = paths.filter((path) => isWithin(path, folder)).map((path) => relative(folder, path))
  return (text) => {
    const { body, globs } = read(text)
    return globs.some((glob) => below.some((path) => matches(glob, path))) ? body : undefined
  }
}

function matches(glob: string, path: string): boolean {
  // A name without a slash is meant in any folder.
  const pattern = new Bun.Glob(glob.includes("/") ? glob.replace(/^\.?\//, "") : `**/${glob}`)
  return pattern.match(path)
}

function read(text: string): { readonly body: string; readonly globs: readonly string[] } {
  const head = frontmatter(text)
  if (head === undefined) return { body: text, globs: [] }
  const isAlways = head.fields.some(({ key, value }) => key === "alwaysApply" && value === "true")
  const globs = isAlways ? [] : head.fields.filter(({ key }) => key === "paths" || key === "globs").flatMap(globsIn)
  return { body: head.body, globs: globs.filter((glob) => glob.length <= GLOB_CHARS_MAX).slice(0, GLOBS_MAX) }
}

function globsIn({ value }: Field): readonly string[] {
  if (typeof value === "string") return splitList(value)
  return Array.isArray(value) ? value.map(String) : []
}

/** At commas, but for those between braces. */
function splitList(text: string): readonly string[] {
  const parts = text.match(/(?:\{[^}]*\}|[^,])+/g) ?? []
  return parts.map((part) => part.trim()).filter((part) => part !== "")
}
