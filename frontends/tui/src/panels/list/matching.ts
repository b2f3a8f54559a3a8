import { fuzzy } from "@skein/fuzzy"
import { safeLine } from "../../view/text/safe.ts"
import { isPlain } from "../../view/text/width.ts"
import type { Entry } from "./entry.ts"

/** An entry with its texts as they are drawn and searched. What is searched is made when something is typed. */
export class Prepared {
  readonly entry: Entry
  readonly label: string
  readonly detail: string
  #lowRest: string | undefined

  constructor(entry: Entry) {
    const { label, detail = "" } = entry
    this.entry = entry
    this.label = isPlain(label) ? label : safeLine(label)
    this.detail = isPlain(detail) ? detail : safeLine(detail)
  }

  /** What stands beside the label, behind a space each. */
  get lowRest(): string {
    this.#lowRest ??= ` ${this.detail} ${this.entry.aside ?? ""} ${this.entry.words ?? ""}`.toLowerCase()
    return this.#lowRest
  }
}

/** All entries that fit, best first; as they were given while nothing is typed, without those that are only found. */
export function matching(query: string, entries: readonly Prepared[]): readonly Prepared[] {
  const words = wordsOf(query)
  if (words.length === 0) return entries.filter(({ entry }) => entry.isOnlyFound !== true)
  const found: { readonly each: Prepared; readonly score: number }[] = []
  for (const each of entries) {
    const score = scoreOf(words, each)
    if (score !== undefined) found.push({ each, score })
  }
  // Sorting keeps the order of equals.
  return found.sort((a, b) => b.score - a.score).map(({ each }) => each)
}

/** Which units of the label were typed: for the few that are drawn. */
export function typedUnits(query: string, each: Prepared): ReadonlySet<number> {
  const positions = new Set<number>()
  for (const word of wordsOf(query)) {
    const match = fuzzy(word, each.label)
    if (match !== undefined && match.score >= (restScore(word, each) ?? match.score)) {
      for (const at of match.positions) positions.add(at)
    }
  }
  return positions
}

function wordsOf(query: string): readonly string[] {
  return query
    .toLowerCase()
    .split(" ")
    .filter((word) => word !== "")
}

/** Each word is in the label, letter by letter, or in what stands beside it, whole. */
function scoreOf(words: readonly string[], each: Prepared): number | undefined {
  let sum = 0
  for (const word of words) {
    const inLabel = fuzzy(word, each.label)?.score
    const beside = restScore(word, each)
    if (inLabel === undefined && beside === undefined) return undefined
    sum += Math.max(inLabel ?? Number.NEGATIVE_INFINITY, beside ?? Number.NEGATIVE_INFINITY)
  }
  return sum
}

/**
 * A letter of a word that stands beside the label: it counts more than a scattered letter of the label does, and less than one
 * of several in one piece. Within a word it counts less than either.
 */
const IN_REST = 22
const WITHIN_REST = 8

function restScore(word: string, { lowRest }: Prepared): number | undefined {
  if (!lowRest.includes(word)) return undefined
  return word.length * (lowRest.includes(` ${word}`) ? IN_REST : WITHIN_REST)
}
