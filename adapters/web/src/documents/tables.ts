/** Rows as a Markdown table; what is empty to the right and below is left out. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const filled = rows.map((row) => row.slice(0, lastFilled(row) + 1))
  const used = filled.slice(0, filled.findLastIndex((row) => row.length > 0) + 1)
  const columns = Math.max(0, ...used.map((row) => row.length))
  if (columns === 0) return "(empty)"
  const line = (cells: readonly string[]) =>
    `| ${Array.from({ length: columns }, (_, at) => cellText(cells[at] ?? "")).join(" | ")} |`
  const [head = [], ...body] = used
  return [line(head), line(Array.from({ length: columns }, () => "---")), ...body.map(line)].join("\n")
}

function lastFilled(row: readonly string[]): number {
  return row.findLastIndex((cell) => cell.trim() !== "")
}

function cellText(text: string): string {
  return text
    .replace(/\s*\n\s*/g, " ")
    .replaceAll("|", "\\|")
    .trim()
}
