/** How well a text fits what was typed, and by which of its UTF-16 units. */
export interface Match {
  /** Higher is better; comparable for one pattern only. */
  readonly score: number
  /** Which units of the text were typed, ascending. */
  readonly positions: readonly number[]
}

/**
 * Whether the pattern's characters occur in the text in this order, and how well: at starts of words and of parts of a
 * path, and side by side, is better. Words of the pattern that are parted by spaces may come in any order, all of them.
 * The best places are found, not the first ones. Upper and lower case are one; the same case is a little better.
 */
export function fuzzy(pattern: string, text: string): Match | undefined {
  const words = pattern.split(" ").filter((word) => word !== "")
  const [only] = words
  if (only === undefined) return { score: 0, positions: [] }
  if (words.length === 1) return best(only, text)
  let score = 0
  const positions = new Set<number>()
  for (const word of words) {
    const match = best(word, text)
    if (match === undefined) return undefined
    score += match.score
    for (const position of match.positions) positions.add(position)
  }
  return { score, positions: [...positions].toSorted((a, b) => a - b) }
}

/** The entries that match, best first; of two equals the shorter, then the one that came first. */
export function ranked<T>(
  pattern: string,
  entries: readonly T[],
  textOf: (entry: T) => string,
): readonly { readonly entry: T; readonly match: Match }[] {
  return entries
    .flatMap((entry) => {
      const text = textOf(entry)
      const match = fuzzy(pattern, text)
      return match === undefined ? [] : [{ entry, match, length: pattern === "" ? 0 : text.length }]
    })
    .toSorted((a, b) => b.match.score - a.match.score || a.length - b.length)
}

const HIT = 16
const SAME_CASE = 1
const BESIDE = 10
const GAP = -3
const GAP_MORE = -1
const NEVER = -1e9
/** What comes after this of a text is not looked at: no one types so far into a line. */
const TEXT_MAX = 512

/** For each character of the pattern and each place of the text: the best score of a match that has the one at the other. */
function best(pattern: string, whole: string): Match | undefined {
  const text = whole.length > TEXT_MAX ? whole.slice(0, TEXT_MAX) : whole
  const wanted = pattern.toLowerCase()
  const lower = text.toLowerCase()
  // Where lower case has another length, places would be off: then case counts.
  const [has, needs] = lower.length === text.length ? [lower, wanted] : [text, pattern]
  if (!isWithin(needs, has)) return undefined
  const columns = text.length
  const scores = new Int32Array(needs.length * columns).fill(NEVER)
  const from = new Int32Array(needs.length * columns).fill(-1)
  for (let row = 0; row < needs.length; row++) fillRow({ row, columns, needs, has, pattern, text, scores, from })
  return traced(scores, from, needs.length, columns)
}

interface Table {
  readonly row: number
  readonly columns: number
  readonly needs: string
  readonly has: string
  readonly pattern: string
  readonly text: string
  readonly scores: Int32Array
  readonly from: Int32Array
}

function fillRow({ row, columns, needs, has, pattern, text, scores, from }: Table): void {
  const code = needs.charCodeAt(row)
  const above = (row - 1) * columns
  let gapped = NEVER
  let gappedAt = -1
  for (let at = row; at < columns; at++) {
    const before = row === 0 || at === 0 ? NEVER : (scores[above + at - 1] ?? NEVER)
    gapped += GAP_MORE
    const opened = row === 0 || at < 2 ? NEVER : (scores[above + at - 2] ?? NEVER) + GAP
    if (opened > gapped) {
      gapped = opened
      gappedAt = at - 2
    }
    if (has.charCodeAt(at) !== code) continue
    const bonus = bonusAt(text, at)
    const own = HIT + (pattern.charCodeAt(row) === text.charCodeAt(at) ? SAME_CASE : 0)
    if (row === 0) {
      scores[at] = own + 2 * bonus
      continue
    }
    const beside = before + own + Math.max(bonus, BESIDE)
    const apart = gapped + own + bonus
    const isBeside = beside >= apart
    const score = isBeside ? beside : apart
    if (score <= 0) continue
    scores[above + columns + at] = score
    from[above + columns + at] = isBeside ? at - 1 : gappedAt
  }
}

function traced(scores: Int32Array, from: Int32Array, rows: number, columns: number): Match | undefined {
  const last = (rows - 1) * columns
  let at = -1
  let score = 0
  for (let column = 0; column < columns; column++) {
    const here = scores[last + column] ?? NEVER
    if (here > score) {
      score = here
      at = column
    }
  }
  if (at === -1) return undefined
  const positions = [at]
  for (let row = rows - 1; row > 0; row--) {
    at = from[row * columns + at] ?? -1
    positions.push(at)
  }
  return { score, positions: positions.reverse() }
}

function isWithin(needs: string, has: string): boolean {
  let at = -1
  for (let index = 0; index < needs.length; index++) {
    at = has.indexOf(needs[index] ?? "", at + 1)
    if (at === -1) return false
  }
  return true
}

/** How good a place is to begin at. */
function bonusAt(text: string, at: number): number {
  if (at === 0) return 12
  const before = text.charCodeAt(at - 1)
  if (before === 47 || before === 92) return 11
  if (before === 32 || before === 95 || before === 45 || before === 46 || before === 58) return 8
  const here = text.charCodeAt(at)
  const isUpper = here >= 65 && here <= 90
  if (isUpper && before >= 97 && before <= 122) return 7
  const isDigit = here >= 48 && here <= 57
  return isDigit && !(before >= 48 && before <= 57) ? 4 : 0
}
