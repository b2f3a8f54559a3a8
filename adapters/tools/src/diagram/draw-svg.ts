import { type Box, type Head, type Point, type Polyline, type Scene, widthOf } from "./scene.ts"

/** Of one cell, in pixels. */
const [CELL_X, CELL_Y] = [8, 18] as const
const MARGIN = 12

/** The diagram as an SVG document of its own: no script, no style sheet, nothing that is fetched. */
export function drawSvg(scene: Scene): string {
  const { boxes, lines, labels } = scene
  const rights = [...boxes.map(({ x, width }) => x + width), ...labels.map(({ x, text }) => x + widthOf(text))]
  const bottoms = [...boxes.map(({ y, height }) => y + height), ...labels.map(({ y }) => y + 1)]
  const points = lines.flatMap((line) => line.points)
  const width = Math.max(1, ...rights, ...points.map(({ x }) => x + 1)) * CELL_X + MARGIN * 2
  const height = Math.max(1, ...bottoms, ...points.map(({ y }) => y + 1)) * CELL_Y + MARGIN * 2
  const parts = [...lines.map(lineSvg), ...boxes.map(boxSvg), ...labels.map(labelSvg)]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="monospace" font-size="13">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...parts,
    "</svg>",
    "",
  ].join("\n")
}

const px = ({ x, y }: Point): Point => ({ x: MARGIN + x * CELL_X, y: MARGIN + y * CELL_Y })
/** The middle of a cell. */
const middle = ({ x, y }: Point): Point => px({ x: x + 0.5, y: y + 0.5 })
const pair = ({ x, y }: Point) => `${x},${y}`

function boxSvg({ x, y, width, height, shape, text }: Box): string {
  const from = px({ x: x + 0.5, y: y + 0.4 })
  const to = px({ x: x + width - 0.5, y: y + height - 0.4 })
  const look = 'fill="#f4f4fa" stroke="#445"'
  const [cx, cy] = [(from.x + to.x) / 2, (from.y + to.y) / 2]
  if (shape === "dot") return `<circle cx="${cx}" cy="${cy}" r="6" fill="#445"/>`
  const diamond = [
    pair({ x: cx, y: from.y - 6 }),
    pair({ x: to.x + 8, y: cy }),
    pair({ x: cx, y: to.y + 6 }),
    pair({ x: from.x - 8, y: cy }),
  ]
  const frame =
    shape === "diamond"
      ? `<polygon points="${diamond.join(" ")}" ${look}/>`
      : `<rect x="${from.x}" y="${from.y}" width="${to.x - from.x}" height="${to.y - from.y}" rx="${{ box: 2, round: 9, circle: 18 }[shape]}" ${look}/>`
  const lines = text.map((line, row) => {
    const at = middle({ x, y: y + 1 + row }).y
    if (line === "---") return `<line x1="${from.x}" y1="${at}" x2="${to.x}" y2="${at}" stroke="#445"/>`
    return `<text x="${cx}" y="${at}" text-anchor="middle" dominant-baseline="central">${escaped(line)}</text>`
  })
  return [frame, ...lines].join("\n")
}

function lineSvg({ points, stroke, start, end }: Polyline): string {
  const look = { solid: "", dotted: ' stroke-dasharray="4 4"', thick: ' stroke-width="3"' }[stroke]
  const [first, second] = points
  const [before, last] = points.slice(-2)
  const heads = [headSvg(first, second, start), headSvg(last, before, end)]
  const path = points.map((point) => pair(middle(point))).join(" ")
  return [`<polyline points="${path}" fill="none" stroke="#445"${look}/>`, ...heads.filter((head) => head !== "")].join(
    "\n",
  )
}

function headSvg(at: Point | undefined, from: Point | undefined, head: Head | undefined): string {
  if (at === undefined || from === undefined || head === undefined) return ""
  const tip = middle(at)
  const back = middle(from)
  const angle = (Math.atan2(tip.y - back.y, tip.x - back.x) * 180) / Math.PI
  const place = `transform="translate(${pair(tip)}) rotate(${Math.round(angle)})"`
  switch (head) {
    case "circle":
      return `<circle r="4" fill="#fff" stroke="#445" ${place}/>`
    case "cross":
      return `<path d="M-5,-5L5,5M-5,5L5,-5" stroke="#445" ${place}/>`
    case "open":
      return `<path d="M-6,-5L4,0L-6,5" fill="none" stroke="#445" ${place}/>`
    case "diamond":
      return `<path d="M-8,0L-2,-5L4,0L-2,5Z" fill="#445" ${place}/>`
    default:
      return `<path d="M-6,-5L5,0L-6,5Z" fill="${head === "triangle" ? "#fff" : "#445"}" stroke="#445" ${place}/>`
  }
}

function labelSvg({ x, y, text }: Scene["labels"][number]): string {
  const from = px({ x, y: y + 0.1 })
  const at = middle({ x, y })
  const width = widthOf(text) * CELL_X
  return `<rect x="${from.x}" y="${from.y}" width="${width}" height="${CELL_Y * 0.8}" fill="#fff"/>\n<text x="${from.x}" y="${at.y}" textLength="${width}" dominant-baseline="central">${escaped(text)}</text>`
}

/** Text of a model is text, in an SVG too: no mark of it survives, and no character that XML does not have. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
}
