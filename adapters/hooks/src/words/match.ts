/**
 * A matcher as Claude Code reads it (hooks reference, "Matcher patterns"): empty or `*` is everything; letters, digits, `_`,
 * `-`, spaces, `,` and `|` are names, alternatives between `|` or `,`; anything else is a regular expression found anywhere.
 */
export function claudeMatches(matcher: string, words: readonly string[]): boolean {
  if (matcher === "" || matcher === "*") return true
  if (NAMES.test(matcher)) {
    const names = matcher.split(/[|,]/).map((name) => name.trim())
    return words.some((word) => names.includes(word))
  }
  return found(matcher, words)
}

/** As Codex reads it: a regular expression found anywhere; empty or `*` is everything. */
export function codexMatches(matcher: string, words: readonly string[]): boolean {
  return matcher === "" || matcher === "*" || found(matcher, words)
}

/** Why a matcher is no regular expression where it would be read as one. */
export function matcherFlaw(matcher: string): string | undefined {
  if (matcher === "*" || NAMES.test(matcher)) return undefined
  if (matcher.length > MATCHER_CHARS_MAX) return `Its matcher is longer than ${MATCHER_CHARS_MAX} characters.`
  try {
    patternOf(matcher)
    return undefined
  } catch (error) {
    if (error instanceof SyntaxError) return `Its matcher is no regular expression: ${error.message.slice(0, 200)}.`
    throw error
  }
}

const NAMES = /^[\w ,|-]*$/
const MATCHER_CHARS_MAX = 1_000
const WORD_CHARS_MAX = 200

/** Words are names; a long one is cut, so that no pattern takes long over it. */
function found(matcher: string, words: readonly string[]): boolean {
  const pattern = patternOf(matcher)
  return words.some((word) => pattern.test(word.slice(0, WORD_CHARS_MAX)))
}

const patterns = new Map<string, RegExp>()

function patternOf(matcher: string): RegExp {
  const known = patterns.get(matcher)
  if (known !== undefined) return known
  const made = new RegExp(matcher)
  if (patterns.size < PATTERNS_MAX) patterns.set(matcher, made)
  return made
}

const PATTERNS_MAX = 500
