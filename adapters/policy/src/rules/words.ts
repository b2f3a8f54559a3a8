/** One word of a rule's `command`. */
export interface PatternWord {
  /** What stands for itself, between wildcards: one entry means the word is literal. */
  readonly pieces: readonly string[]
  /** A `*` by itself: whatever words follow, also none. */
  readonly isRest: boolean
}

/**
 * The words of a rule's `command`, as a shell would split them: quotes group, a backslash takes a character literally.
 * An unquoted `*` is a wildcard. Undefined when a quote is left open.
 */
export function patternWords(pattern: string): readonly PatternWord[] | undefined {
  const words: PatternWord[] = []
  let pieces: string[] | undefined
  let quote = ""
  const add = (text: string) => {
    pieces ??= [""]
    pieces[pieces.length - 1] += text
  }
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? ""
    if (quote === "'") {
      if (character === "'") quote = ""
      else add(character)
    } else if (character === "\\" && at + 1 < pattern.length) add(pattern[++at] ?? "")
    else if (quote !== "") {
      if (character === quote) quote = ""
      else add(character)
    } else if (character === "'" || character === '"') {
      quote = character
      add("")
    } else if (/\s/.test(character)) end()
    else if (character === "*") {
      pieces ??= [""]
      pieces.push("")
    } else add(character)
  }
  end()
  return quote === "" ? words : undefined

  function end(): void {
    if (pieces !== undefined) words.push({ pieces, isRest: pieces.length > 1 && pieces.every((piece) => piece === "") })
    pieces = undefined
  }
}

/** A whole line written so that a pattern takes it for itself: none of its stars is a wildcard. */
export function literalLine(line: string): string {
  return line.includes("*") ? line.replaceAll("\\", "\\\\").replaceAll("*", "\\*") : line
}

/** Whether a pattern is exactly this line: as it stands, or as `literalLine` wrote it. */
export function isExactLine(pattern: string, line: string): boolean {
  return pattern === line || (pattern.includes("\\") && pattern.replace(/\\([\\*])/g, "$1") === line)
}

/** Whether words are what a pattern says. `only` is told of words that a wildcard covered; undefined words never match. */
export function wordsMatch(
  pattern: readonly PatternWord[],
  words: readonly (string | undefined)[],
  isSame: (piece: string, word: string) => boolean = (piece, word) => piece === word,
): boolean {
  const [head, ...rest] = pattern
  if (head === undefined) return words.length === 0
  if (head.isRest) {
    if (rest.length === 0) return words.every((word) => word !== undefined)
    return words.some((_, at) => wordsMatch(rest, words.slice(at), isSame)) || wordsMatch(rest, [], isSame)
  }
  const [word, ...others] = words
  return word !== undefined && wordMatches(head, word, isSame) && wordsMatch(rest, others, isSame)
}

export function wordMatches(
  { pieces }: PatternWord,
  word: string,
  isSame: (piece: string, word: string) => boolean,
): boolean {
  const [first = "", ...others] = pieces
  if (others.length === 0) return isSame(first, word)
  if (!word.startsWith(first)) return false
  let at = first.length
  const last = others.pop() ?? ""
  for (const piece of others) {
    const found = word.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return word.length - last.length >= at && word.endsWith(last)
}
