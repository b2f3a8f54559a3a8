/** A line as its words, as `shlex` splits it: quotes and backslashes, no expansion. Undefined when a quote is open. */
export function shellWords(line: string): readonly string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  let quote = ""
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? ""
    if (quote === "'") {
      if (character === "'") quote = ""
      else word = (word ?? "") + character
    } else if (character === "\\") {
      const next = line[++at]
      if (next === undefined) return undefined
      const isKept = quote === '"' && !/["\\$`\n]/.test(next)
      word = (word ?? "") + (isKept ? `\\${next}` : next)
    } else if (quote !== "") {
      if (character === quote) quote = ""
      else word = (word ?? "") + character
    } else if (character === "'" || character === '"') {
      quote = character
      word ??= ""
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (character === "#" && word === undefined) {
      while (at < line.length && line[at] !== "\n") at++
    } else word = (word ?? "") + character
  }
  if (quote !== "") return undefined
  if (word !== undefined) words.push(word)
  return words
}
