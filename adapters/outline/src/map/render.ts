import type { Located, RepositoryMap } from "@skein/core/ports"

/** Characters of a token, as the host estimates them. */
const CHARS_PER_TOKEN = 3.5
/** This close to the budget no line would fit. */
const REST_CHARS = 16

/**
 * The best of these definitions that fit, those of a file together, files in the order of their best one. Never over the
 * budget, and as near to it as one more line allows.
 */
export function rendered(best: readonly Located[], tokensMax: number): RepositoryMap {
  const charsMax = Math.floor(tokensMax * CHARS_PER_TOKEN)
  const files = new Map<string, Located[]>()
  let chars = 0
  let definitions = 0
  for (const one of best) {
    const known = files.get(one.path)
    const cost = lineOf(one).length + 1 + (known === undefined ? shownPath(one.path).length + 1 : 0)
    if (chars + cost > charsMax) {
      if (charsMax - chars < REST_CHARS) break
      continue
    }
    chars += cost
    definitions += 1
    if (known === undefined) files.set(one.path, [one])
    else known.push(one)
  }
  const text = [...files].flatMap(([path, found]) => [
    shownPath(path),
    ...found.toSorted((a, b) => a.line - b.line).map(lineOf),
  ])
  return { text: text.join("\n"), files: files.size, definitions }
}

function lineOf({ line, depth, signature }: Located): string {
  return `${" ".repeat(1 + 2 * Math.min(depth, 4))}${line}: ${signature}`
}

/** A name with line ends in it could pass for another. */
export function shownPath(path: string): string {
  return path.replace(/[\n\r\t]/g, (character) => JSON.stringify(character).slice(1, -1))
}
