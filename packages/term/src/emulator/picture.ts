import type { Caret, Size } from "../frame.ts"
import { type Color, PALETTE, type Style } from "../line.ts"
import type { Cell } from "./grid.ts"

/** What a terminal shows at one moment. */
export interface Shown {
  readonly cells: readonly (readonly Cell[])[]
  readonly size: Size
  readonly caret?: (Caret & { readonly isShown: boolean }) | undefined
}

/** The colors of the terminal that a picture is taken of. */
export interface PictureColors {
  readonly foreground: string
  readonly background: string
  /** In the order of `PALETTE`. */
  readonly palette: readonly string[]
}

export const DARK: PictureColors = {
  foreground: "#d4d4d4",
  background: "#141414",
  palette: [
    ...["#1e1e1e", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#bfbfbf"],
    ...["#7a7a7a", "#ef8a92", "#b4d89a", "#f0d39c", "#85c3f5", "#d79ae6", "#7cc8d2", "#ffffff"],
  ],
}

export const LIGHT: PictureColors = {
  foreground: "#24292e",
  background: "#ffffff",
  palette: [
    ...["#24292e", "#b31d28", "#22863a", "#8a6300", "#0550ae", "#6f42c1", "#1b7c83", "#6a737d"],
    ...["#767676", "#cb2431", "#28a745", "#9a6700", "#2188ff", "#8a63d2", "#3192aa", "#959da5"],
  ],
}

/** Pixels of one cell. */
const WIDTH = 9
const HEIGHT = 19
const BASELINE = 14
const MARGIN = 10

/** In pixels. */
export interface PictureSize {
  readonly width: number
  readonly height: number
}

export function pictureSize({ columns, rows }: Size): PictureSize {
  return { width: columns * WIDTH + 2 * MARGIN, height: rows * HEIGHT + 2 * MARGIN }
}

/** A screen as an SVG, cell by cell, so that every character stands where the terminal has it. */
export function pictureOf({ cells, size, caret }: Shown, colors: PictureColors = DARK): string {
  const { width, height } = pictureSize(size)
  const rows = cells.map((row, at) => rowOf(row, MARGIN + at * HEIGHT, colors))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<rect width="${width}" height="${height}" fill="${colors.background}"/>`,
    `<g font-family="DejaVu Sans Mono, monospace" font-size="15" xml:space="preserve">`,
    ...rows.flat(),
    ...(caret?.isShown ? [caretAt(caret, colors)] : []),
    "</g></svg>",
  ].join("\n")
}

function rowOf(row: readonly Cell[], y: number, colors: PictureColors): string[] {
  const under: string[] = []
  const over: string[] = []
  for (const [column, { text, style }] of row.entries()) {
    if (text === "") continue
    const x = MARGIN + column * WIDTH
    const cells = row[column + 1]?.text === "" ? 2 : 1
    const [front, back] = colorsOf(style, colors)
    if (back !== undefined) {
      under.push(`<rect x="${x}" y="${y}" width="${cells * WIDTH}" height="${HEIGHT}" fill="${back}"/>`)
    }
    if (style.isUnderlined) under.push(line(x, y + BASELINE + 2.5, cells, front))
    if (style.isStruck) under.push(line(x, y + BASELINE - 5, cells, front))
    if (text === " ") continue
    const weight = style.isBold ? ' font-weight="bold"' : ""
    const slant = style.isItalic ? ' font-style="italic"' : ""
    const faint = style.isDim ? ' fill-opacity="0.55"' : ""
    over.push(`<text x="${x}" y="${y + BASELINE}" fill="${front}"${weight}${slant}${faint}>${escaped(text)}</text>`)
  }
  return [...under, ...over]
}

function line(x: number, y: number, cells: number, color: string): string {
  return `<rect x="${x}" y="${y}" width="${cells * WIDTH}" height="1" fill="${color}"/>`
}

function caretAt({ row, column }: Caret, { foreground }: PictureColors): string {
  const [x, y] = [MARGIN + column * WIDTH, MARGIN + row * HEIGHT]
  return `<rect x="${x}" y="${y + 1}" width="${WIDTH}" height="${HEIGHT - 2}" fill="${foreground}" fill-opacity="0.5"/>`
}

function colorsOf(style: Style, colors: PictureColors): readonly [front: string, back: string | undefined] {
  const front = seen(style.foreground, colors) ?? colors.foreground
  const back = seen(style.background, colors)
  return style.isInverse ? [back ?? colors.background, front] : [front, back]
}

function seen(color: Color | undefined, colors: PictureColors): string | undefined {
  const names: readonly string[] = PALETTE
  const place = names.indexOf(color ?? "")
  return place < 0 ? color : colors.palette[place]
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
}
