/** The line of a shell that words on a command line mean: one is a line already, several are a program and its arguments. */
export function lineOf(words: readonly string[]): string {
  const [line = "", ...more] = words
  return more.length === 0 ? line : words.map(quoted).join(" ")
}

/** As a person would have to write it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
