/** How much of a text, and how many commands, are looked at when it cannot be read whole. */
const SCANNED_MAX = 4_000_000
const COMMANDS_MAX = 5_000
const PIECE_MAX = 20_000

/**
 * Words that may be commands, of a text that is not understood: every place where one could begin, with quotes and
 * backslashes taken away. Only for finding what is forbidden; it allows nothing.
 */
export function roughly(text: string, isProgram: (name: string) => boolean): readonly (readonly string[])[] {
  const found = new Map<string, readonly string[]>()
  const scanned = text.slice(0, SCANNED_MAX)
  for (const splitter of [BREAKS, BREAKS_AND_QUOTES]) {
    for (const piece of scanned.split(splitter)) {
      for (const words of startsIn(piece, isProgram)) {
        const key = words.join(" ")
        if (!found.has(key)) found.set(key, words)
        if (found.size >= COMMANDS_MAX) return [...found.values()]
      }
    }
  }
  return [...found.values()]
}

const BREAKS = /[;&|\n\r\x00\v\f\u0085\u2028\u2029(){}`]/
const BREAKS_AND_QUOTES = /[;&|\n\r\x00\v\f\u0085\u2028\u2029(){}`'"]/

/** The piece as a command, and again from each word in it that is the name of a program: `xargs rm`. */
function startsIn(piece: string, isProgram: (name: string) => boolean): readonly (readonly string[])[] {
  const bare = piece
    .slice(0, PIECE_MAX)
    .replace(/[\\'"]/g, "")
    .replace(/^[\s!]+/, "")
  const words = bare.split(/\s+/).filter((word) => word !== "")
  while (words[0] !== undefined && isBefore(words[0])) words.shift()
  if (words.length === 0) return []
  // The first and the last time that each is named.
  const first = new Map<string, number>()
  const last = new Map<string, number>()
  for (const [at, word] of words.entries()) {
    if (at === 0 || !isProgram(word)) continue
    if (!first.has(word)) first.set(word, at)
    last.set(word, at)
  }
  const starts = new Set([...first.values(), ...last.values()])
  return [words.slice(0, 100), ...[...starts].map((at) => words.slice(at, at + 50))]
}

/** Assignments, and the shell's own words. */
function isBefore(word: string): boolean {
  return /^\w+\+?=/.test(word) || /^(?:if|then|else|elif|do|while|until|time|!|function|case|in|for)$/.test(word)
}
