import type { List, Node, Simple, Word } from "../syntax/nodes.ts"

/** One command of a script that is a list of commands, and what joins it to the next. */
export interface Part {
  /** As the shell would pass them, or as they are written where only running tells. */
  readonly words: readonly string[]
  /** What it is told to do is known: no word of it may turn out to be another option, and no text is fed to it. */
  readonly isKnown: boolean
  readonly next: List["items"][number]["after"] | "|"
}

/**
 * A script as the commands it is made of. Undefined for what is more than a list of commands (loops, groups, functions,
 * substitutions, results turned around): nothing can be said of what its exit code means.
 */
export function partsOf(script: Node): readonly Part[] | undefined {
  if (script.kind !== "list") return undefined
  const parts: Part[] = []
  for (const { node, after, isTurned } of script.items) {
    const commands = node.kind === "pipeline" ? node.parts : [node]
    if (isTurned === true || !commands.every(isPlainCommand)) return undefined
    for (const [at, command] of commands.entries()) {
      parts.push({ ...told(command), next: at === commands.length - 1 ? after : "|" })
    }
  }
  return parts
}

function isPlainCommand(node: Node): node is Simple {
  if (node.kind !== "simple") return false
  return node.nested.length === 0 && node.redirects.every(({ nested = [] }) => nested.length === 0)
}

function told({ words, redirects }: Simple): Pick<Part, "words" | "isKnown"> {
  const [program] = words
  const isKnown =
    program?.value !== undefined && words.every(isSure) && redirects.every((redirect) => redirect.kind !== "text")
  return { words: words.map(({ value, text }) => value ?? text), isKnown }
}

/** Known, or one word that is certainly no other option: `tests/*.py`, `--grep="$name"`. */
function isSure({ value, head, text, isSplit }: Word): boolean {
  if (value !== undefined) return true
  return /^(?:[^-]|--[\w-]+=)/.test(head) && !(isSplit && text.includes("$"))
}
