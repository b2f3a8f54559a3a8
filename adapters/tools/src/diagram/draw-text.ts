import { type Box, type Head, type Polyline, type Scene, widthOf } from "./scene.ts"

/** From a cell a line goes up, right, down and left. */
const [UP, RIGHT, DOWN, LEFT] = [1, 2, 4, 8] as const

/** By those sums. */
const SIGNS = " ╵╶└╷│┌├╴┘─┴┐┤┬┼"
const DOTTED: Readonly<Record<string, string>> = { "─": "╌", "│": "┆" }
const THICK: Readonly<Record<string, string>> = {
  ...{ "─": "━", "│": "┃", "┌": "┏", "┐": "┓", "└": "┗", "┘": "┛" },
  ...{ "├": "┣", "┤": "┫", "┬": "┳", "┴": "┻", "┼": "╋" },
}

/** The diagram in lines of text. */
export function drawText({ boxes, lines, labels }: Scene): string {
  const grid = new Grid()
  for (const line of lines) grid.line(line)
  for (const box of boxes) grid.box(box)
  for (const line of lines) grid.heads(line)
  for (const { x, y, text } of labels) grid.text(x, y, text)
  return grid.toString()
}

class Grid {
  readonly #rows: string[][] = []
  readonly #ways = new Map<string, { sum: number; stroke: Polyline["stroke"] }>()

  #put(x: number, y: number, sign: string): void {
    if (x < 0 || y < 0) return
    while (this.#rows.length <= y) this.#rows.push([])
    const row = this.#rows[y] ?? []
    while (row.length < x) row.push(" ")
    row[x] = sign
  }

  text(x: number, y: number, text: string): void {
    let at = x
    for (const { segment } of new Intl.Segmenter().segment(text)) {
      this.#put(at, y, segment)
      const width = widthOf(segment)
      for (let more = 1; more < width; more += 1) this.#put(at + more, y, "")
      at += width
    }
  }

  line({ points, stroke }: Polyline): void {
    for (const [index, from] of points.entries()) {
      const to = points[index + 1]
      if (to === undefined) return
      const [dx, dy] = [Math.sign(to.x - from.x), Math.sign(to.y - from.y)]
      const [forth, back] = dx > 0 ? [RIGHT, LEFT] : dx < 0 ? [LEFT, RIGHT] : dy > 0 ? [DOWN, UP] : [UP, DOWN]
      for (let { x, y } = from; x !== to.x || y !== to.y; x += dx, y += dy) {
        this.#way(x, y, forth, stroke)
        this.#way(x + dx, y + dy, back, stroke)
      }
    }
  }

  #way(x: number, y: number, way: number, stroke: Polyline["stroke"]): void {
    const key = `${x} ${y}`
    const known = this.#ways.get(key) ?? { sum: 0, stroke }
    known.sum |= way
    this.#ways.set(key, known)
    const sign = SIGNS[known.sum] ?? " "
    const table = stroke === "dotted" ? DOTTED : stroke === "thick" ? THICK : {}
    this.#put(x, y, known.stroke === stroke ? (table[sign] ?? sign) : sign)
  }

  box({ x, y, width, height, shape, text }: Box): void {
    if (shape === "dot") return this.text(x, y, text[0] ?? "●")
    const [tl, tr, bl, br, side] = FRAMES[shape]
    const [right, bottom] = [x + width - 1, y + height - 1]
    for (let row = y; row <= bottom; row += 1) {
      for (let column = x; column <= right; column += 1) this.#put(column, row, " ")
      this.#put(x, row, side[0] ?? "│")
      this.#put(right, row, side[1] ?? "│")
    }
    for (let column = x; column <= right; column += 1) {
      this.#put(column, y, "─")
      this.#put(column, bottom, "─")
    }
    this.#put(x, y, tl)
    this.#put(right, y, tr)
    this.#put(x, bottom, bl)
    this.#put(right, bottom, br)
    for (const [row, line] of text.entries()) {
      const isRule = line === "---"
      const shown = isRule ? "─".repeat(width - 2) : line
      this.text(x + 1 + (isRule ? 0 : Math.floor((width - 2 - widthOf(shown)) / 2)), y + 1 + row, shown)
    }
  }

  heads({ points, start, end }: Polyline): void {
    const [first, second] = points
    const [before, last] = points.slice(-2)
    if (start !== undefined && first !== undefined && second !== undefined) this.#head(first, second, start)
    if (end !== undefined && before !== undefined && last !== undefined) this.#head(last, before, end)
  }

  #head(at: { x: number; y: number }, from: { x: number; y: number }, head: Head): void {
    const way = at.x > from.x ? 1 : at.x < from.x ? 3 : at.y > from.y ? 2 : 0
    this.#put(at.x, at.y, HEADS[head][way] ?? "•")
  }

  toString(): string {
    return this.#rows.map((row) => row.join("").trimEnd()).join("\n")
  }
}

/** Corners, and the signs of the sides. */
const FRAMES: Readonly<Record<Exclude<Box["shape"], "dot">, readonly [string, string, string, string, string]>> = {
  box: ["┌", "┐", "└", "┘", "││"],
  round: ["╭", "╮", "╰", "╯", "││"],
  circle: ["╭", "╮", "╰", "╯", "()"],
  diamond: ["╱", "╲", "╲", "╱", "<>"],
}

/** Pointing up, right, down and left. */
const HEADS: Readonly<Record<Head, string>> = {
  arrow: "▲▶▼◀",
  open: "∧>∨<",
  cross: "××××",
  circle: "oooo",
  triangle: "△▷▽◁",
  diamond: "◆◆◆◆",
}
