/** Text broken between words, so that no line is wider than the terminal. What follows a break stands as far in. */
export function wrapped(text: string, columns: number): string {
  return text
    .split("\n")
    .map((line) => (Bun.stringWidth(line) <= columns ? line : brokenLine(line, columns)))
    .join("\n")
}

/** One line, shortened to what fits. */
export function clipped(line: string, columns: number): string {
  if (Bun.stringWidth(line) <= columns) return line
  let text = ""
  for (const letter of line) {
    if (Bun.stringWidth(text + letter) > columns - 1) break
    text += letter
  }
  return `${text.trimEnd()}…`
}

function brokenLine(line: string, columns: number): string {
  const indent = /^ */.exec(line)?.[0] ?? ""
  const lines: string[] = []
  let at = indent
  // The spaces between two words belong to the first, so that what stands in columns stays there.
  for (const word of line.slice(indent.length).match(/\S+\s*/g) ?? []) {
    if (at !== indent && Bun.stringWidth((at + word).trimEnd()) > columns) {
      lines.push(at.trimEnd())
      at = indent
    }
    at += word
  }
  return [...lines, at.trimEnd()].join("\n")
}
