import { type Color, PALETTE } from "../line.ts"

/** How many colors a terminal shows. */
export type ColorDepth = "true" | "256" | "16" | "none"

/** The parameters of SGR for a color at a depth; empty where it cannot be shown. */
export function colorParameters(color: Color, depth: ColorDepth, ground: "foreground" | "background"): string {
  if (depth === "none") return ""
  const base = ground === "foreground" ? 30 : 40
  const named = PALETTE.indexOf(color as (typeof PALETTE)[number])
  if (named >= 0) return paletteParameter(named, base)
  const rgb = rgbOf(color)
  if (rgb === undefined) return ""
  if (depth === "true") return `${base + 8};2;${rgb.join(";")}`
  return depth === "256" ? `${base + 8};5;${cubeIndex(rgb)}` : paletteParameter(nearestNamed(rgb), base)
}

function paletteParameter(index: number, base: number): string {
  return String(index < 8 ? base + index : base + 60 + index - 8)
}

type Rgb = readonly [number, number, number]

/** Of `#rrggbb` or `#rgb`; undefined for anything else. */
function rgbOf(color: string): Rgb | undefined {
  const digits = color.length === 4 ? color.replace(/[^#]/g, "$&$&") : color
  if (!/^#[0-9a-fA-F]{6}$/.test(digits)) return undefined
  const value = Number.parseInt(digits.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

const LEVELS = [0, 95, 135, 175, 215, 255] as const

/** The nearest of the 6×6×6 cube and the 24 greys that every terminal of 256 colors has at the same places. */
function cubeIndex(rgb: Rgb): number {
  const [r, g, b] = rgb.map(nearestLevel) as [number, number, number]
  const cube: Rgb = [LEVELS[r] ?? 0, LEVELS[g] ?? 0, LEVELS[b] ?? 0]
  const step = Math.max(0, Math.min(23, Math.round(((rgb[0] + rgb[1] + rgb[2]) / 3 - 8) / 10)))
  const grey = 8 + step * 10
  return distance(rgb, [grey, grey, grey]) < distance(rgb, cube) ? 232 + step : 16 + 36 * r + 6 * g + b
}

function nearestLevel(value: number): number {
  return value < 48 ? 0 : value < 115 ? 1 : Math.min(5, Math.round((value - 55) / 40))
}

/** What the sixteen usually look like; the terminal's own palette decides. */
const USUAL: readonly Rgb[] = [
  [0, 0, 0],
  [194, 54, 33],
  [37, 188, 36],
  [173, 173, 39],
  [73, 46, 225],
  [211, 56, 211],
  [51, 187, 200],
  [203, 204, 205],
  [129, 131, 131],
  [252, 57, 31],
  [49, 231, 34],
  [234, 236, 35],
  [88, 51, 255],
  [249, 53, 248],
  [20, 240, 240],
  [255, 255, 255],
]

function nearestNamed(rgb: Rgb): number {
  let best = 0
  for (const [index, usual] of USUAL.entries()) {
    if (distance(rgb, usual) < distance(rgb, USUAL[best] ?? usual)) best = index
  }
  return best
}

/** Weighted as the eye does. */
function distance(one: Rgb, other: Rgb): number {
  return 2 * (one[0] - other[0]) ** 2 + 4 * (one[1] - other[1]) ** 2 + 3 * (one[2] - other[2]) ** 2
}
