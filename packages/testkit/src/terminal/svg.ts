import type { CellStyle, TerminalCell } from "./cell.ts"

const CELL = { width: 9, height: 20, baseline: 15, margin: 14, font: 15 } as const
const DEFAULT = { foreground: "#d4d4d4", background: "#141414" } as const

/** Rows of cells as an SVG picture of a dark terminal. Every character is placed by its column, so no font can shift it. */
export function svgOf(
  rows: readonly (readonly TerminalCell[])[],
  cursor?: { readonly row: number; readonly column: number; readonly isHidden: boolean },
): string {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const width = columns * CELL.width + 2 * CELL.margin
  const height = rows.length * CELL.height + 2 * CELL.margin
  const caret = cursor === undefined || cursor.isHidden ? "" : caretOf(cursor.row, cursor.column)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans Mono, monospace" font-size="${CELL.font}" xml:space="preserve">`,
    `<rect width="${width}" height="${height}" fill="${DEFAULT.background}"/>`,
    ...rows.flatMap((row, at) => [groundsOf(row, at), textsOf(row, at)]).filter((part) => part !== ""),
    caret,
    "</svg>",
  ].join("\n")
}

function groundsOf(row: readonly TerminalCell[], at: number): string {
  return row
    .map((cell, column) => {
      const { background } = colorsOf(cell)
      return background === DEFAULT.background ? "" : box(at, column, 1, background)
    })
    .join("")
}

function textsOf(row: readonly TerminalCell[], at: number): string {
  return row.map((cell, column) => (cell.text.trim() === "" && !hasLine(cell) ? "" : textAt(cell, at, column))).join("")
}

function hasLine(cell: CellStyle): boolean {
  return cell.isUnderlined || cell.isStruck
}

function textAt(cell: TerminalCell, row: number, column: number): string {
  const decoration = [cell.isUnderlined ? "underline" : "", cell.isStruck ? "line-through" : ""]
    .filter(Boolean)
    .join(" ")
  const attributes = [
    `x="${left(column)}" y="${top(row) + CELL.baseline}" fill="${colorsOf(cell).foreground}"`,
    cell.isBold ? 'font-weight="bold"' : "",
    cell.isItalic ? 'font-style="italic"' : "",
    cell.isDim ? 'opacity="0.55"' : "",
    decoration === "" ? "" : `text-decoration="${decoration}"`,
    cell.columns === 2 ? `textLength="${2 * CELL.width}" lengthAdjust="spacingAndGlyphs"` : "",
  ]
  return `<text ${attributes.filter(Boolean).join(" ")}>${escaped(cell.text)}</text>`
}

function caretOf(row: number, column: number): string {
  return `<rect x="${left(column)}" y="${top(row)}" width="2" height="${CELL.height}" fill="${DEFAULT.foreground}"/>`
}

function box(row: number, column: number, columns: number, fill: string): string {
  return `<rect x="${left(column)}" y="${top(row)}" width="${columns * CELL.width}" height="${CELL.height}" fill="${fill}"/>`
}

function left(column: number): number {
  return CELL.margin + column * CELL.width
}

function top(row: number): number {
  return CELL.margin + row * CELL.height
}

function colorsOf(cell: CellStyle): { readonly foreground: string; readonly background: string } {
  const foreground = colorOf(cell.foreground, DEFAULT.foreground)
  const background = colorOf(cell.background, DEFAULT.background)
  return cell.isInverse ? { foreground: background, background: foreground } : { foreground, background }
}

const SIXTEEN = [
  "#1e1e1e",
  "#d16969",
  "#7fb26b",
  "#d7ba7d",
  "#6a9fd4",
  "#b48ead",
  "#6bb3b8",
  "#c8c8c8",
  "#7a7a7a",
  "#e88080",
  "#9ccc8a",
  "#ecd199",
  "#8bbcec",
  "#cfa8c9",
  "#8bd0d4",
  "#ffffff",
] as const

function colorOf(color: CellStyle["foreground"], standard: string): string {
  if (color === "default") return standard
  if (typeof color === "string") return color
  if (color < 16) return SIXTEEN[color] ?? standard
  if (color >= 232) return grey(8 + (color - 232) * 10)
  const levels = [Math.floor((color - 16) / 36), Math.floor((color - 16) / 6) % 6, (color - 16) % 6]
  return `rgb(${levels.map((level) => (level === 0 ? 0 : 55 + level * 40)).join(",")})`
}

function grey(level: number): string {
  return `rgb(${level},${level},${level})`
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
}
