/** Whether a name is the one meant, or of the kind: `*` stands for any part of a name. */
export function nameMatches(pattern: string, name: string): boolean {
  const [first = "", ...rest] = pattern.split("*")
  const last = rest.pop()
  if (last === undefined) return pattern === name
  if (!name.startsWith(first)) return false
  let at = first.length
  for (const word of rest) {
    const found = name.indexOf(word, at)
    if (found < 0) return false
    at = found + word.length
  }
  return name.length - last.length >= at && name.endsWith(last)
}
