import type { Line } from "@skein/term"
import type { PromptBlock } from "../../transcript/block.ts"
import { GUTTER, indented, textColumns } from "../text/line.ts"
import { safeLines } from "../text/safe.ts"
import { wrap } from "../text/wrap.ts"
import { imageNames, imageRows } from "./images.ts"
import type { BlockDrawing } from "./view.ts"

/** What the person said. Dim while it waits. */
export function promptLines(block: PromptBlock, drawing: BlockDrawing): Line[] {
  const { theme, glyphs, columns } = drawing.look
  const style = block.isFinal ? theme.text : theme.dim
  const text = safeLines(block.text.trimEnd()).flatMap((line) => wrap([{ text: line, style }], textColumns(columns)))
  const names = imageNames(block.images, drawing)
  const [first = [], ...rest] = block.text.trim() === "" && names.length > 0 ? names : [...text, ...names]
  const pictures = imageRows(block.images, textColumns(columns), drawing)
  return [[{ text: `${glyphs.prompt} `, style: theme.prompt }, ...first], ...indented([...rest, ...pictures], GUTTER)]
}
