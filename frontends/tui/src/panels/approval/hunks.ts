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
