/** A diagram as boxes, lines and texts on a grid of cells: the same for a terminal and for SVG. */
export interface Scene {
  readonly boxes: readonly Box[]
  readonly lines: readonly Polyline[]
  readonly labels: readonly Label[]
}

export type Shape = "box" | "round" | "diamond" | "circle" | "dot"

export interface Box {
  readonly x: number
  readonly y: number
  /** With its frame. */
  readonly width: number
  readonly height: number
  readonly shape: Shape
  readonly text: readonly string[]
}

export interface Point {
  readonly x: number
  readonly y: number
}

export type Head = "arrow" | "open" | "cross" | "circle" | "triangle" | "diamond"

export interface Polyline {
  /** Each beside or below the one before. */
  readonly points: readonly Point[]
  readonly stroke: "solid" | "dotted" | "thick"
  readonly start?: Head | undefined
  readonly end?: Head | undefined
}

export interface Label extends Point {
  readonly text: string
}

/** Cells that a text takes on a screen. */
export function widthOf(text: string): number {
  return Bun.stringWidth(text)
}
