import { parseDiff } from "../../view/diff/parse.ts"
import type { Fact } from "./facts.ts"
import type { Pending } from "./pending.ts"

/** The key for choosing hunks: offered where there are several. */
export const HUNKS_KEY = "h"

export function hasHunks({ event: { hunksCount = 0 } }: Pick<Pending, "event">): boolean {
  return hunksCount > 1
}

/** `1, 3-4` as numbers in order, once each; undefined for anything else, and for a hunk that is not there. */
export function hunksSaid(text: string, count: number): number[] | undefined {
  const numbers = new Set<number>()
  for (const part of text.split(/[\s,]+/).filter(Boolean)) {
    const [, from, to = from] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part) ?? []
    const [first, last] = [Number(from), Number(to)]
    if (from === undefined || first < 1 || last > count || first > last) return undefined
    for (let number = first; number <= last; number++) numbers.add(number)
  }
  return numbers.size === 0 ? undefined : [...numbers].toSorted((a, b) => a - b)
}

/** The number of the first hunk of each fact's diff, where hunks can be chosen; none where what is drawn has others than those. */
export function hunkNumbers(facts: readonly Fact[], pending: Pick<Pending, "event">): ReadonlyMap<Fact, number> {
  const numbers = new Map<Fact, number>()
  if (!hasHunks(pending)) return numbers
  let next = 1
  for (const fact of facts) {
    if (fact.diff === undefined) continue
    numbers.set(fact, next)
    next += parseDiff(fact.diff).reduce((sum, { hunks }) => sum + hunks.length, 0)
  }
  return next - 1 === pending.event.hunksCount ? numbers : new Map()
}
