import { safeLine } from "../../view/text/safe.ts"
import { fuzzy } from "../fuzzy.ts"
import type { Entry } from "./entry.ts"

/** An entry with its texts as they are drawn and searched. Made once, when the list is opened. */
export interface Prepared {
  readonly entry: Entry
  readonly label: string
  readonly detail: string
  readonly lowLabel: string
  readonly lowRest: string
}

/** An entry that fits what was typed, and which units of its label did. */
export interface Matched {
  readonly prepared: Prepared
  readonly positions: ReadonlySet<number>
}

export function prepared(entry: Entry): Prepared {
  const label = safeLine(entry.label)
  const detail = safeLine(entry.detail ?? "")
  const low = label.toLowerCase()
  return {
    entry,
    label,
    detail,
    // Some letters are longer in small: positions would be those of another text.
    lowLabel: low.length === label.length ? low : label,
    lowRest: ` ${detail} ${entry.aside ?? ""} ${entry.words ?? ""}`.toLowerCase(),
  }
}

/** All entries that fit, best first; as they were given while nothing is typed. */
export function matching(query: string, entries: readonly Prepared[]): readonly Matched[] {
  const words = query
    .toLowerCase()
    .split(" ")
    .filter((word) => word !== "")
  if (words.length === 0) return entries.map((each) => ({ prepared: each, positions: NONE }))
  const found = entries.flatMap((each) => {
    const match = matched(words, each)
    return match === undefined ? [] : [match]
  })
  // Sorting keeps the order of equals.
  return found.sort((a, b) => b.score - a.score)
}

const NONE: ReadonlySet<number> = new Set()
/** Beside the label a word counts more than scattered letters of the label do, and less than letters in one piece. */
const WORD_IN_REST = 20
const IN_REST = -20

/** Each word is in the label, letter by letter, or in what stands beside it, whole. */
function matched(words: readonly string[], each: Prepared): (Matched & { readonly score: number }) | undefined {
  let score = 0
  const positions = new Set<number>()
  for (const word of words) {
    const inLabel = fuzzy(word, each.lowLabel)
    const isInRest = each.lowRest.includes(word)
    if (inLabel === undefined && !isInRest) return undefined
    const beside = !isInRest ? Number.NEGATIVE_INFINITY : each.lowRest.includes(` ${word}`) ? WORD_IN_REST : IN_REST
    score += Math.max(inLabel?.score ?? Number.NEGATIVE_INFINITY, beside)
    if (inLabel !== undefined && inLabel.score >= beside) for (const at of inLabel.positions) positions.add(at)
  }
  return { prepared: each, positions, score }
}
