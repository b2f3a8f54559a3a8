import type { Line, Style } from "@skein/term"
import type { PromptBlock } from "../../transcript/block.ts"
import { bytesText, counted } from "../amounts.ts"
import type { Look } from "../look.ts"
import { cutLine, GUTTER, indented, textColumns } from "../text/line.ts"
import { safeLines } from "../text/safe.ts"
import { wrap } from "../text/wrap.ts"
import { imageNames, imageRows } from "./images.ts"
import type { BlockDrawing } from "./view.ts"

/** What the person said. Dim while it waits. A long paste is how it begins and ends, and how much it is, until it is unfolded. */
export function promptLines(block: PromptBlock, drawing: BlockDrawing): Line[] {
  const { look, isExpanded, hint } = drawing
  const { theme, glyphs, columns } = look
  const style = block.isFinal ? theme.text : theme.dim
  const said = block.text.trimEnd()
  const text = isExpanded ? wrapped(said, style, look) : folded(said, style, look, hint)
  const names = imageNames(block.images, drawing)
  const [first = [], ...rest] = block.text.trim() === "" && names.length > 0 ? names : [...text, ...names]
  const pictures = imageRows(block.images, textColumns(columns), drawing)
  return [[{ text: `${glyphs.prompt} `, style: theme.prompt }, ...first], ...indented([...rest, ...pictures], GUTTER)]
}

const ROWS_MAX = 24
const HEAD_ROWS = 12
const TAIL_ROWS = 4

/** Only what is seen of it is laid out. */
function folded(said: string, style: Style, look: Look, hint = "F3 shows all of it"): Line[] {
  const columns = textColumns(look.columns)
  const lines = said.split("\n")
  if (lines.length <= ROWS_MAX && said.length <= ROWS_MAX * columns) {
    const all = wrapped(said, style, look)
    if (all.length <= ROWS_MAX) return all
  }
  const ends = {
    head: lines
      .slice(0, HEAD_ROWS)
      .join("\n")
      .slice(0, (HEAD_ROWS + 1) * columns),
    tail: lines
      .slice(-TAIL_ROWS)
      .join("\n")
      .slice(-(TAIL_ROWS + 1) * columns),
  }
  const size = lines.length > HEAD_ROWS + TAIL_ROWS ? counted(lines.length, "line") : bytesText(said.length)
  const { more, separator } = look.glyphs
  return [
    ...wrapped(ends.head, style, look).slice(0, HEAD_ROWS),
    cutLine([{ text: `${more} ${size} in all ${separator} ${hint}`, style: look.theme.dim }], columns, more),
    ...wrapped(ends.tail, style, look).slice(-TAIL_ROWS),
  ]
}

function wrapped(said: string, style: Style, look: Look): Line[] {
  return safeLines(said).flatMap((line) => wrap([{ text: line, style }], textColumns(look.columns)))
}
