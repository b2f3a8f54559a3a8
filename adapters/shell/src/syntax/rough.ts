/** How much of a text, and how many commands, are looked at when it cannot be read whole. */
const SCANNED_MAX = 4_000_000
const COMMANDS_MAX = 5_000

/**
 * Words that may be commands, of a text that is not understood: every place where one could begin, with quotes and
 * backslashes taken away. Only for finding what is forbidden; it allows nothing.
 */
export function roughly(text: string): readonly (readonly string[])[] {
  const found = new Map<string, readonly string[]>()
  for (const piece of text.slice(0, SCANNED_MAX).split(/[;&|\n\r\x00\v\f\u0085\u2028\u2029(){}`]|\$\(/)) {
    const bare = piece.replace(/[\\'"]/g, "").replace(/^[\s!]+/, "")
    const words = bare
      .slice(0, 4_000)
      .split(/\s+/)
      .filter((word) => word !== "")
      .slice(0, 100)
    while (words[0] !== undefined && isBefore(words[0])) words.shift()
    if (words.length === 0) continue
    const key = words.join(" ")
    if (!found.has(key)) found.set(key, words)
    if (found.size >= COMMANDS_MAX) break
  }
  return [...found.values()]
}

/** Assignments, and the shell's own words. */
function isBefore(word: string): boolean {
  return /^\w+\+?=/.test(word) || /^(?:if|then|else|elif|do|while|until|time|!|function|case|in|for)$/.test(word)
}
