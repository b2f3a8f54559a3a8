import { editDistance } from "@skein/protocol"
/**
 * A key's place as TOML writes it: `models."openai/gpt-5".price.input`. A repository chooses the names in its file, so
 * what would move a cursor or hide text is escaped.
 */
export function keyText(path: readonly string[]): string {
  return path.map((part) => (/^[A-Za-z0-9_-]+$/.test(part) ? part : quoted(part))).join(".")
}

function quoted(part: string): string {
  return JSON.stringify(part).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (unseen) => {
    return `\\u${(unseen.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`
  })
}

/** Whether these words fill this pattern so far. `*` takes any one word but the one that would change an object's kind. */
export function fits(pattern: readonly string[], path: readonly string[]): boolean {
  if (path.length > pattern.length) return false
  return path.every((part, index) => pattern[index] === part || (pattern[index] === "*" && part !== "__proto__"))
}

/** The candidate most like a word; undefined when none is within two edits, or one for a short word. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined
  let bestDistance = word.length < 5 ? 2 : 3
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate)
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance]
  }
  return best
}
