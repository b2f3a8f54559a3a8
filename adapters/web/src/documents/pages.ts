import { ToolFailure } from "@skein/core/ports"

/**
 * The numbers that `2`, `3-7` or `1,4-5` names, of `count`; all when nothing is said. In order, each once. Throws
 * ToolFailure.
 */
export function pagesIn(text: string | undefined, count: number, unit: string): readonly number[] {
  if (text === undefined || text.trim() === "") return Array.from({ length: count }, (_, at) => at + 1)
  const wanted = new Set<number>()
  for (const part of text.split(",")) {
    const [, from, isRange, to] = /^\s*(\d{1,6})\s*(-\s*(\d{1,6})?)?\s*$/.exec(part) ?? []
    if (from === undefined)
      throw new ToolFailure(`"${text.slice(0, 100)}" names no ${unit}s. It takes 2, 3-7 or 1,4-5.`)
    const first = Number(from)
    const last = isRange === undefined ? first : to === undefined ? count : Number(to)
    for (let page = first; page <= Math.min(last, count); page += 1) if (page > 0) wanted.add(page)
  }
  if (wanted.size === 0) throw new ToolFailure(`There is no ${unit} ${text.trim()}: there ${areOf(count, unit)}.`)
  return [...wanted].toSorted((a, b) => a - b)
}

function areOf(count: number, unit: string): string {
  return count === 1 ? `is 1 ${unit}` : `are ${count} ${unit}s`
}
