/** From and to, in UTF-16 units of a line. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** Which stretches of two lines differ, in UTF-16 units. */
export interface WordChanges {
  readonly removed: readonly Range[]
  readonly added: readonly Range[]
}

/** Words beyond which only what is alike at both ends is looked for: comparing costs their product. */
const WORDS_MAX = 120

/** What was replaced within a line. Undefined when the lines have so little in common that all of it was. */
export function changedWords(before: string, after: string): WordChanges | undefined {
  const old = wordsOf(before)
  const next = wordsOf(after)
  const head = commonHead(old, next)
  const tail = commonTail(old, next, head)
  const oldMiddle = old.slice(head, old.length - tail)
  const nextMiddle = next.slice(head, next.length - tail)
  const isSmall = oldMiddle.length <= WORDS_MAX && nextMiddle.length <= WORDS_MAX
  const kept = isSmall ? commonWords(oldMiddle, nextMiddle) : { old: new Set<number>(), next: new Set<number>() }
  const removed = rangesOf(old, head, old.length - tail, kept.old)
  const added = rangesOf(next, head, next.length - tail, kept.next)
  return isAlike(before, removed) && isAlike(after, added) ? { removed, added } : undefined
}

function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? []
}

function commonHead(old: readonly string[], next: readonly string[]): number {
  let count = 0
  while (count < old.length && count < next.length && old[count] === next[count]) count += 1
  return count
}

function commonTail(old: readonly string[], next: readonly string[], head: number): number {
  let count = 0
  while (count < Math.min(old.length, next.length) - head && old.at(-1 - count) === next.at(-1 - count)) count += 1
  return count
}

/** The longest common sequence, by the places of its words in either. */
function commonWords(old: readonly string[], next: readonly string[]) {
  const width = next.length + 1
  const lengths = new Uint16Array((old.length + 1) * width)
  const at = (row: number, column: number) => lengths[row * width + column] ?? 0
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = next.length - 1; column >= 0; column -= 1) {
      lengths[row * width + column] =
        old[row] === next[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  const kept = { old: new Set<number>(), next: new Set<number>() }
  for (let row = 0, column = 0; row < old.length && column < next.length; ) {
    if (old[row] === next[column]) {
      kept.old.add(row++)
      kept.next.add(column++)
    } else if (at(row + 1, column) >= at(row, column + 1)) row += 1
    else column += 1
  }
  return kept
}

/** Neighbouring words as one range, a space between two of them with them. */
function rangesOf(words: readonly string[], from: number, to: number, kept: ReadonlySet<number>): Range[] {
  const ranges: Range[] = []
  let offset = 0
  for (const [at, word] of words.entries()) {
    const isChanged = at >= from && at < to && !kept.has(at - from)
    const last = ranges.at(-1)
    if (isChanged && last !== undefined && (last.to === offset || isGap(words, at, last.to, offset))) {
      ranges[ranges.length - 1] = { from: last.from, to: offset + word.length }
    } else if (isChanged) ranges.push({ from: offset, to: offset + word.length })
    offset += word.length
  }
  return ranges
}

function isGap(words: readonly string[], at: number, from: number, to: number): boolean {
  const before = words[at - 1] ?? ""
  return before.length === to - from && before.trim() === ""
}

/** At least a third of what is written there stayed. */
function isAlike(text: string, changed: readonly Range[]): boolean {
  const written = text.trim().length
  const gone = changed.reduce((total, { from, to }) => total + to - from, 0)
  return written === 0 || gone * 3 <= written * 2
}
