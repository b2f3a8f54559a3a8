import type { Node, Word } from "../syntax/nodes.ts"

/** Whether these parts of a pipeline give names of files below the folder and nothing else: `find . -name x | sort`. */
export function listsNear([first, ...filters]: readonly Node[]): boolean {
  return first !== undefined && isListing(first) && filters.every(isFilter)
}

function isListing(node: Node): boolean {
  const words = wordsOf(node)
  if (words === undefined || words.slice(1).some(isFar)) return false
  const [program, verb] = words.map(({ value = "" }) => value)
  const has = (option: RegExp) => words.some(({ value = "" }) => option.test(value))
  if (program === "git")
    return verb === "ls-files" || (/^(?:diff|grep)$/.test(verb ?? "") && has(/^(?:--name-only|-l)$/))
  if (program === "find") return !has(/^-(?:f?printf|f?print0?f|exec|ok|fls|ls)/)
  if (program === "rg" || program === "grep") return has(/^(?:-[a-zA-Z]*l[a-zA-Z]*|--files(?:-with-matches)?)$/)
  return program === "ls" ? words.length === 1 : program === "fd"
}

/** It passes some of its lines on as they are. */
function isFilter(node: Node): boolean {
  const words = wordsOf(node)
  if (words === undefined) return false
  const [program, ...rest] = words.map(({ value = "" }) => value)
  if (/^(?:head|tail|sort|uniq)$/.test(program ?? "")) return rest.every((word) => /^-|^\d+$/.test(word))
  return program === "grep" && rest.every((word) => /^-[vEFie]+$/.test(word) || word === rest.at(-1))
}

/** Of a plain command; its files are its words alone. */
function wordsOf(node: Node): readonly Word[] | undefined {
  if (node.kind !== "simple" || node.assigns.length > 0) return undefined
  const isFed = node.redirects.some(({ kind, target }) => kind !== "duplicate" && target.value !== "/dev/null")
  return isFed || node.words.some(({ value }) => value === undefined) ? undefined : node.words
}

const isFar = ({ value = "" }: Word) => /^[/~]|(?:^|[/=])\.\.(?:\/|$)|=[/~]/.test(value)
