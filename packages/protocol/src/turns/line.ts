/** One command of a shell line, its redirections left out, and what joins it to the next. */
export interface LinePart {
  readonly words: readonly string[]
  readonly next: "&&" | "||" | "|" | ";" | "&" | ""
}

/**
 * A shell line as the commands it is made of. Undefined for what is more than a list of commands (loops, groups, substitutions
 * outside quotes, here-documents): nothing can be said of what its exit code means.
 */
export function partsOf(line: string): readonly LinePart[] | undefined {
  const parts: LinePart[] = []
  let words: string[] = []
  let rest = line
  while (rest !== "") {
    const token = tokenOf(rest)
    if (token === undefined) return undefined
    rest = rest.slice(token.length)
    if (token.kind === "word") words.push(token.text)
    if (token.kind !== "join") continue
    if (words.length > 0) parts.push({ words, next: token.join })
    else if (token.join !== ";") return undefined
    words = []
  }
  if (words.length > 0) parts.push({ words, next: "" })
  return parts.some(({ words: [first = ""] }) => RESERVED.has(first)) ? undefined : parts
}

type Token =
  | { readonly kind: "word"; readonly text: string; readonly length: number }
  | { readonly kind: "join"; readonly join: LinePart["next"]; readonly length: number }
  | { readonly kind: "nothing"; readonly length: number }

const RESERVED = new Set(
  "! [[ if then elif else fi for while until do done case esac select function time coproc alias trap exec { }".split(
    " ",
  ),
)
const BLANK = /^(?:[ \t\r]+|\\\n|#[^\n]*)/
/** The file behind a redirection is a word of its own, never one of the command. */
const REDIRECTION = /^(?:\d+|&)?(?:>>|>\||>&|<&|>|<(?![<(]))[ \t]*(?:"[^"]*"|'[^']*'|[^\s"'`;|&()<>]+)/
const JOINS = ["&&", "||", "|", ";", "\n", "&"] as const
const WORD = /^(?:[^\s"'`\\;|&()<>$]|\\[^\n]|'[^']*'|"(?:[^"\\]|\\[\s\S])*"|\$(?![('`]))+/
const QUOTED = /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])/g

function tokenOf(rest: string): Token | undefined {
  const nothing = BLANK.exec(rest) ?? REDIRECTION.exec(rest)
  if (nothing !== null) return { kind: "nothing", length: nothing[0].length }
  const join = JOINS.find((one) => rest.startsWith(one))
  if (join !== undefined) return { kind: "join", join: join === "\n" ? ";" : join, length: join.length }
  const word = WORD.exec(rest)?.[0]
  if (word === undefined) return undefined
  const text = word.replace(QUOTED, (_, single, double, escaped) => single ?? double ?? escaped)
  return { kind: "word", text, length: word.length }
}
