import { isWithin, type Rule } from "@skein/protocol"

type Conditions = Pick<Rule, "path" | "decision">

/**
 * Whether a rule's `path` covers a path, by components: `/w/app` is itself and all below it, and never `/w/app-evil`. With
 * `*`, `?` or `**` in it, it is what that matches; a rule that asks or denies covers what lies below that as well, and
 * takes upper and lower case for the same, because some file systems do.
 */
export function coversPath({ path: pattern = "", decision }: Conditions, path: string): boolean {
  const isStrict = decision !== "allow"
  if (isStrict && mayBecome(path)) return componentsMeet(partsOf(pattern), partsOf(path.toLowerCase()))
  if (!path.startsWith("/") || path.split("/").includes("..")) return false
  const [rule, given] = isStrict ? [pattern.toLowerCase(), path.toLowerCase()] : [pattern, path]
  if (!/[*?]/.test(rule)) return isWithin(given, plain(rule))
  return globMatches(partsOf(rule), partsOf(given), isStrict)
}

/** A path of a command with a wildcard of its own stands for all that it may become. */
const mayBecome = (path: string) => /[*?[{]/.test(path)

function plain(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, "") : path
}

export function partsOf(path: string): readonly string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".")
}

/** `**` stands for any folders, also none. */
function globMatches(pattern: readonly string[], parts: readonly string[], isBelowToo: boolean): boolean {
  const [head, ...rest] = pattern
  if (head === undefined) return parts.length === 0 || isBelowToo
  if (head === "**") {
    if (rest.length === 0) return true
    for (let at = 0; at <= parts.length; at++) if (globMatches(rest, parts.slice(at), isBelowToo)) return true
    return false
  }
  const [part, ...others] = parts
  return part !== undefined && partMatches(head, part) && globMatches(rest, others, isBelowToo)
}

/** `*` stands for any characters of one name, `?` for one. Linear: no expression is built from what others wrote. */
export function partMatches(pattern: string, name: string): boolean {
  let [at, star, mark] = [0, -1, 0]
  let on = 0
  while (on < name.length) {
    const wanted = pattern[at]
    if (wanted === "*") {
      star = at++
      mark = on
    } else if (wanted !== undefined && (wanted === "?" || wanted === name[on])) {
      at++
      on++
    } else if (star >= 0) {
      at = star + 1
      on = ++mark
    } else return false
  }
  while (pattern[at] === "*") at++
  return at === pattern.length
}

/** Whether two patterns may name the same place, or one a folder above it. Errs towards yes. */
export function componentsMeet(left: readonly string[], right: readonly string[]): boolean {
  const [a, ...restLeft] = left
  const [b, ...restRight] = right
  if (a === undefined) return true
  if (b === undefined) return left.every((part) => part === "**")
  if (a === "**" || b === "**") return true
  return mayBeSame(a.toLowerCase(), b.toLowerCase()) && componentsMeet(restLeft, restRight)
}

function mayBeSame(a: string, b: string): boolean {
  if (!/[*?[{]/.test(a)) return !/[*?[{]/.test(b) ? a === b : partMatches(loosened(b), a)
  if (!/[*?[{]/.test(b)) return partMatches(loosened(a), b)
  const [headA = "", headB = ""] = [a.split(/[*?[{]/)[0], b.split(/[*?[{]/)[0]]
  return headA.startsWith(headB) || headB.startsWith(headA)
}

/** Classes and braces stand for every text. */
function loosened(part: string): string {
  return part.replace(/\[[^\]]*\]|\{[^}]*\}/g, "*").replace(/[[{].*$/, "*")
}
