/** Rows as a Markdown table; what is empty to the right and below is left out. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const filled = rows.map((row) => row.slice(0, lastFilled(row) + 1))
  const used = filled.slice(0, filled.findLastIndex((row) => row.length > 0) + 1)
  const columns = Math.max(0, ...used.map((row) => row.length))
  if (columns === 0) return "(empty)"
  // One row of a hundred thousand cells would make as many of every other.
  const isPadded = columns * used.length <= PADDED_CELLS_MAX
  const line = (cells: readonly string[]) => {
    const length = isPadded ? columns : cells.length
    return `| ${Array.from({ length }, (_, at) => cellText(cells[at] ?? "")).join(" | ")} |`
  }
  const [head = [], ...body] = used
  return [line(head), line(Array.from({ length: columns }, () => "---")), ...body.map(line)].join("\n")
}

const PADDED_CELLS_MAX = 10_000

function lastFilled(row: readonly string[]): number {
  return row.findLastIndex((cell) => cell.trim() !== "")
}

function cellText(text: string): string {
  return text
    .replace(/\s*\n\s*/g, " ")
    .replaceAll("|", "\\|")
    .trim()
}
