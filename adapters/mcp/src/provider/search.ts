import type { KnownTool } from "./definitions.ts"

/**
 * The tools that fit a search best, best first: BM25 over the words of their names and descriptions, a word of the name
 * worth more, a word that is only begun worth less. Names that fit no word are left out.
 */
export function searched(tools: readonly KnownTool[], query: string, limit: number): readonly KnownTool[] {
  const words = [...new Set(wordsOf(query))]
  const documents = tools.map(documentOf)
  const lengthMean = documents.reduce((sum, { length }) => sum + length, 0) / Math.max(documents.length, 1)
  const weights = words.map((word) => {
    const holding = documents.filter((document) => countOf(document, word) > 0).length
    return { word, rarity: Math.log(1 + (documents.length - holding + 0.5) / (holding + 0.5)) }
  })
  const scored = documents.map((document, at) => ({
    tool: tools[at],
    score: weights.reduce((sum, { word, rarity }) => {
      const count = countOf(document, word)
      return sum + (rarity * count * (K + 1)) / (count + K * (1 - B + (B * document.length) / (lengthMean || 1)))
    }, 0),
  }))
  return scored
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .slice(0, limit)
    .flatMap(({ tool }) => tool ?? [])
}

/** The usual constants of BM25. */
const K = 1.2
const B = 0.75
const NAME_WEIGHT = 4

interface Document {
  readonly counts: ReadonlyMap<string, number>
  readonly length: number
}

function documentOf({ group, name, title, description }: KnownTool): Document {
  const counts = new Map<string, number>()
  const add = (text: string, weight: number) => {
    for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + weight)
  }
  add(`${group} ${name} ${title}`, NAME_WEIGHT)
  add(description, 1)
  return { counts, length: [...counts.values()].reduce((sum, count) => sum + count, 0) }
}

function countOf({ counts }: Document, word: string): number {
  const whole = counts.get(word)
  if (whole !== undefined) return whole
  if (word.length < 3) return 0
  for (const [known, count] of counts)
    if (known.startsWith(word) || (known.length > 3 && word.startsWith(known))) return count / 2
  return 0
}

/** `getUserByID` is get, user, by, id. */
function wordsOf(text: string): readonly string[] {
  return text
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word.length > 1)
}
