/**
 * Whether a word is this option: with its value, shortened as many programs allow, or among letters that are joined.
 * Taken too widely rather than too narrowly, as it only makes a command worse.
 */
export function isPowerful(word: string | undefined, option: string): boolean {
  if (word === undefined || !word.startsWith("-")) return word === option
  if (option === "--") return word === "--"
  const name = word.split("=")[0] ?? word
  if (name === option) return true
  if (option.startsWith("--")) return name.length > 4 && option.startsWith(name)
  // Go and others take one dash for two.
  if (option.length > 2) return name === `-${option}` || (name.length > 3 && option.startsWith(name))
  return (
    !word.startsWith("--") &&
    /^-[A-Za-z]/.test(word) &&
    (word.slice(1).match(/^[A-Za-z]+/)?.[0] ?? "").includes(option[1] ?? "")
  )
}
