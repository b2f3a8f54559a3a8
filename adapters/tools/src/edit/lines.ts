/** A text cut at "\n", with the place of each line. Joining the texts with "\n" gives the text again. */
export interface Lines {
  readonly texts: readonly string[]
  /** Index of the first character of each line. */
  readonly starts: readonly number[]
}

export function linesOf(text: string): Lines {
  const texts = text.split("\n")
  let at = 0
  const starts = texts.map((line) => {
    const start = at
    at += line.length + 1
    return start
  })
  return { texts, starts }
}

/** The 1-based line of an index. */
export function lineAt(lines: Lines, index: number): number {
  let low = 0
  let high = lines.starts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((lines.starts[middle] ?? 0) <= index) low = middle + 1
    else high = middle
  }
  return low
}

/** Lines `from` to `to`, 1-based and inclusive, as `read` numbers them; long ones cut. */
export function numbered(texts: readonly string[], from: number, to: number): string {
  return texts
    .slice(from - 1, to)
    .map((line, index) => `${String(from + index).padStart(6)}\t${line.length > 240 ? `${line.slice(0, 240)}…` : line}`)
    .join("\n")
}
