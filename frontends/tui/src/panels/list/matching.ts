import { safeLine } from "../../view/text/safe.ts"
import { isPlain } from "../../view/text/width.ts"
import { fuzzy, fuzzyScore } from "../fuzzy.ts"
import type { Entry } from "./entry.ts"

/** An entry with its texts as they are drawn and searched. What is searched is made when something is typed. */
export class Prepared {
  readonly entry: Entry
  readonly label: string
  readonly detail: string
  #lowLabel: string | undefined
  #lowRest: string | undefined

  constructor(entry: Entry) {
    const { label, detail = "" } = entry
    this.entry = entry
    this.label = isPlain(label) ? label : safeLine(label)
    this.detail = isPlain(detail) ? detail : safeLine(detail)
  }

  get lowLabel(): string {
    if (this.#lowLabel === undefined) {
      const low = this.label.toLowerCase()
      // Some letters are longer in small: positions would be those of another text.
      this.#lowLabel = low.length === this.label.length ? low : this.label
    }
    return this.#lowLabel
  }

  /** What stands beside the label, behind a space each. */
  get lowRest(): string {
    const { aside = "", words = "" } = this.entry
    this.#lowRest ??= ` ${this.detail} ${aside} ${words}`.toLowerCase()
    return this.#lowRest
  }
}

/** All entries that fit, best first; as they were given while nothing is typed. */
export function matching(query: string, entries: readonly Prepared[]): readonly Prepared[] {
  const words = wordsOf(query)
  if (words.length === 0) return entries
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
    const match = fuzzy(word, each.lowLabel)
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
    const inLabel = fuzzyScore(word, each.lowLabel)
    const beside = restScore(word, each)
    if (inLabel === undefined && beside === undefined) return undefined
    sum += Math.max(inLabel ?? Number.NEGATIVE_INFINITY, beside ?? Number.NEGATIVE_INFINITY)
  }
  return sum
}

/** Beside the label a word counts more than scattered letters of the label do, and less than letters in one piece. */
const WORD_IN_REST = 20
const IN_REST = -20

function restScore(word: string, { lowRest }: Prepared): number | undefined {
  const at = lowRest.indexOf(word)
  if (at === -1) return undefined
  return lowRest.includes(` ${word}`) ? WORD_IN_REST : IN_REST
}
