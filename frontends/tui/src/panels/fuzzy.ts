/** How well a text fits what was typed, and which of its UTF-16 units did. More is better. */
export interface Match {
  readonly score: number
  readonly positions: readonly number[]
}

/** The letters of `query`, in order, in `text`; both in small letters. Together beats apart, a word's start beats its middle. */
export function fuzzy(query: string, text: string): Match | undefined {
  const score = fuzzyScore(query, text)
  if (score === undefined) return undefined
  const whole = wholeAt(query, text)
  const positions = whole === -1 ? tightest(query, text) : Array.from({ length: query.length }, (_, at) => whole + at)
  return { score, positions: positions ?? [] }
}

/** The same without the positions: for thousands of texts at each key. */
export function fuzzyScore(query: string, text: string): number | undefined {
  if (query === "") return 0
  const length = Math.min(text.length, LENGTH_MAX) / LENGTH_WEIGHT
  const whole = wholeAt(query, text)
  if (whole !== -1) {
    let score = WHOLE + TOGETHER * (query.length - 1)
    for (let at = whole; at < whole + query.length; at++) score += startScore(text, at)
    return score - length
  }
  const positions = tightest(query, text)
  if (positions === undefined) return undefined
  let score = 0
  let last = -1
  for (const at of positions) {
    if (last >= 0) score += at === last + 1 ? TOGETHER : -Math.min(at - last, TOGETHER)
    score += startScore(text, at)
    last = at
  }
  return score - length
}

const WHOLE = 40
const AT_WORD = 10
const TOGETHER = 6
const FIRST = 8
/** Of two that fit alike the shorter is meant. */
const LENGTH_MAX = 100
const LENGTH_WEIGHT = 20

/** Where it stands in one piece: at a word's start, if it does at one. */
function wholeAt(query: string, text: string): number {
  const first = text.indexOf(query)
  for (let at = first; at !== -1; at = text.indexOf(query, at + 1)) if (isWordStart(text, at)) return at
  return first
}

/** Forward to where the last letter is found, then back: the shortest stretch that ends there. */
function tightest(query: string, text: string): number[] | undefined {
  let end = 0
  for (const letter of query.split("")) {
    const at = text.indexOf(letter, end)
    if (at === -1) return undefined
    end = at + 1
  }
  const positions: number[] = new Array(query.length)
  let found = query.length
  for (let at = end - 1; found > 0; at--) {
    if (text[at] !== query[found - 1]) continue
    found -= 1
    positions[found] = at
  }
  return positions
}

function startScore(text: string, at: number): number {
  if (!isWordStart(text, at)) return 0
  return at === 0 || (at === 1 && text[0] === "/") ? AT_WORD + FIRST : AT_WORD
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || WORD_ENDS.includes(text[at - 1] ?? "")
}

const WORD_ENDS = " /-_.:,("
