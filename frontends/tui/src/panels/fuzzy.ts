/** How well a text fits what was typed, and which of its UTF-16 units did. More is better. */
export interface Match {
  readonly score: number
  readonly positions: readonly number[]
}

/** The letters of `query`, in order, in `text`; both in small letters. Together beats apart, a word's start beats its middle. */
export function fuzzy(query: string, text: string): Match | undefined {
  if (query === "") return { score: 0, positions: [] }
  const whole = wholeAt(query, text)
  if (whole !== -1) {
    const positions = Array.from({ length: query.length }, (_, at) => whole + at)
    return { score: WHOLE + scoreOf(text, positions), positions }
  }
  const positions = tightest(query, text)
  return positions === undefined ? undefined : { score: scoreOf(text, positions), positions }
}

const WHOLE = 40
const AT_WORD = 10
const TOGETHER = 6
const FIRST = 8

/** Where it stands in one piece: at a word's start, if it does at one. */
function wholeAt(query: string, text: string): number {
  const first = text.indexOf(query)
  for (let at = first; at !== -1; at = text.indexOf(query, at + 1)) if (isWordStart(text, at)) return at
  return first
}

/** Forward to where the last letter is found, then back: the shortest stretch that ends there. */
function tightest(query: string, text: string): number[] | undefined {
  let found = 0
  let end = 0
  for (; end < text.length && found < query.length; end++) if (text[end] === query[found]) found += 1
  if (found < query.length) return undefined
  const positions: number[] = []
  for (let at = end - 1; found > 0; at--) {
    if (text[at] !== query[found - 1]) continue
    positions.push(at)
    found -= 1
  }
  return positions.reverse()
}

function scoreOf(text: string, positions: readonly number[]): number {
  let score = 0
  let last = -2
  for (const at of positions) {
    score += at === last + 1 ? TOGETHER : last >= 0 ? -Math.min(at - last, TOGETHER) : 0
    const isFirst = at === 0 || (at === 1 && text[0] === "/")
    if (isWordStart(text, at)) score += isFirst ? AT_WORD + FIRST : AT_WORD
    last = at
  }
  return score - Math.min(text.length, 100) / 20
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || WORD_ENDS.includes(text[at - 1] ?? "")
}

const WORD_ENDS = " /-_.:,("
