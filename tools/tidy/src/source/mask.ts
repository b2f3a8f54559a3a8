const REGEX_AFTER_WORD = /\b(return|typeof|case|in|of|delete|void|throw|new|else|do|await|yield)$/
const REGEX_AFTER_SIGN = "(,=:[!&|?{};+-*%<>~^}"

/**
 * The same text, as long as before, with comments and the insides of strings, templates and regular expressions as
 * spaces. What is left is code, at the offsets it had, so a rule can search it with plain patterns.
 *
 * A scanner, no parser: `/` after `)` is taken as a division.
 */
export function mask(source: string): string {
  return scanned(source).code
}

/** Every comment with its offset. */
export function commentsOf(source: string): readonly Comment[] {
  return scanned(source).comments
}

export interface Comment {
  readonly at: number
  readonly text: string
}

interface Scanned {
  readonly code: string
  readonly comments: readonly Comment[]
}

/** Every rule asks for the same files, so each is scanned once. */
const SCANNED = new Map<string, Scanned>()

function scanned(source: string): Scanned {
  const known = SCANNED.get(source) ?? scan(source)
  SCANNED.set(source, known)
  return known
}

function scan(source: string): Scanned {
  const comments: Comment[] = []
  const out: string[] = []
  /** For each open template: how many braces are open inside its current `${`. */
  const templates: number[] = []
  let at = 0
  let inTemplate = false

  const keep = () => out.push(source[at++] ?? "")
  const blank = () => out.push(source[at++] === "\n" ? "\n" : " ")
  const blankTo = (end: number) => {
    while (at < end) blank()
  }

  while (at < source.length) {
    const char = source[at] ?? ""
    if (inTemplate) {
      if (char === "\\") blankTo(Math.min(at + 2, source.length))
      else if (char === "`") {
        inTemplate = false
        templates.pop()
        keep()
      } else if (char === "$" && source[at + 1] === "{") {
        inTemplate = false
        templates[templates.length - 1] = 0
        keep()
        keep()
      } else blank()
    } else if (source.startsWith("//", at) || source.startsWith("/*", at) || (at === 0 && source.startsWith("#!"))) {
      const end = endOfComment(source, at)
      comments.push({ at, text: source.slice(at, end) })
      blankTo(end)
    } else if (char === '"' || char === "'") {
      const end = endOfString(source, at)
      keep()
      blankTo(end)
      if (at < source.length) keep()
    } else if (char === "/" && startsRegex(out)) {
      const end = endOfRegex(source, at)
      keep()
      blankTo(end)
      if (at < source.length) keep()
    } else if (char === "`") {
      inTemplate = true
      templates.push(0)
      keep()
    } else {
      const open = templates.length - 1
      if (open >= 0 && char === "{") templates[open] = (templates[open] ?? 0) + 1
      if (open >= 0 && char === "}") {
        if (templates[open] === 0) inTemplate = true
        else templates[open] = (templates[open] ?? 0) - 1
      }
      keep()
    }
  }
  return { code: out.join(""), comments }
}

function endOfComment(source: string, start: number): number {
  const isLine = source[start + 1] !== "*"
  const end = source.indexOf(isLine ? "\n" : "*/", start + 2)
  return end === -1 ? source.length : isLine ? end : end + 2
}

/** The offset of the closing quote, or of the line's end in broken text. */
function endOfString(source: string, start: number): number {
  const quote = source[start]
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] === "\\") at++
    else if (source[at] === quote || source[at] === "\n") return at
  }
  return source.length
}

function endOfRegex(source: string, start: number): number {
  let isInClass = false
  for (let at = start + 1; at < source.length; at++) {
    const char = source[at]
    if (char === "\\") at++
    else if (char === "[") isInClass = true
    else if (char === "]") isInClass = false
    else if ((char === "/" && !isInClass) || char === "\n") return at
  }
  return source.length
}

function startsRegex(before: readonly string[]): boolean {
  let end = before.length
  while (end > 0 && /\s/.test(before[end - 1] ?? "")) end--
  const sign = before[end - 1]
  if (sign === undefined || REGEX_AFTER_SIGN.includes(sign)) return true
  return REGEX_AFTER_WORD.test(before.slice(Math.max(0, end - 12), end).join(""))
}
