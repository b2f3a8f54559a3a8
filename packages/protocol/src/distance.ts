/**
 * The name that a slip of the fingers meant: the nearest, a third of its letters away at most; of two as near
 * the one with as many letters, as `modle` is `model` and not `mode`. Undefined when none is near.
 */
export function nearestName(word: string, names: readonly string[]): string | undefined {
  const slipsMax = Math.max(1, Math.floor(word.length / 3))
  const wanted = word.toLowerCase()
  return names
    .map((name) => ({ name, slips: editDistance(wanted, name) }))
    .filter(({ slips }) => slips <= slipsMax)
    .toSorted((a, b) => a.slips - b.slips || lengthGap(a.name, word) - lengthGap(b.name, word))[0]?.name
}

function lengthGap(a: string, b: string): number {
  return Math.abs(a.length - b.length)
}

/**
 * How many single changes lead from one name to another: a letter added, removed or replaced, or two neighbours swapped.
 * For telling people what they may have meant. Costs the product of the lengths: for names, not for texts.
 */
export function editDistance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const swapped = isSwap ? (beforeLast[j - 2] ?? 0) + 1 : replaced
      row.push(Math.min(replaced, swapped, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1))
    }
    beforeLast = last
    last = row
  }
  return last[b.length] ?? 0
}
