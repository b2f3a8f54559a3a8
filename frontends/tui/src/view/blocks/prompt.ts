import type { Line } from "@skein/term"
import type { PromptBlock } from "../../transcript/block.ts"
import { counted } from "../amounts.ts"
import { GUTTER, indented, textColumns } from "../text/line.ts"
import { safeLines } from "../text/safe.ts"
import { wrap } from "../text/wrap.ts"
import type { BlockDrawing } from "./view.ts"

/** What the person said. Dim while it waits. */
export function promptLines(block: PromptBlock, { look }: BlockDrawing): Line[] {
  const { theme, glyphs } = look
  const style = block.isFinal ? theme.text : theme.dim
  const text = safeLines(block.text.trimEnd()).flatMap((line) =>
    wrap([{ text: line, style }], textColumns(look.columns)),
  )
  const images = block.images === 0 ? [] : [[{ text: `[${counted(block.images, "image")}]`, style: theme.dim }]]
  const [first = [], ...rest] = block.text.trim() === "" && images.length > 0 ? images : [...text, ...images]
  return [[{ text: `${glyphs.prompt} `, style: theme.prompt }, ...first], ...indented(rest, GUTTER)]
}
