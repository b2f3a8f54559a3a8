import type { Line } from "@skein/term"
import type { AnswerBlock, ReasoningBlock } from "../../transcript/block.ts"
import { durationText } from "../amounts.ts"
import { markdownLines } from "../markdown/markdown.ts"
import { GUTTER, indented, textColumns } from "../text/line.ts"
import { safeLines } from "../text/safe.ts"
import { restyled } from "../text/style.ts"
import { wrap } from "../text/wrap.ts"
import type { BlockDrawing } from "./view.ts"

/** What the model said, as Markdown. */
export function answerLines(block: AnswerBlock, drawing: BlockDrawing): Line[] {
  const { look, code, linkOf } = drawing
  const lines = markdownLines(block.text, look, { code, linkOf })
  const note = NOTES[block.status]
  if (note === undefined) return lines
  const struck = block.status === "discarded" ? lines.map((line) => restyled(line, look.theme.dim)) : lines
  return [...struck, [{ text: `  [${note}]`, style: look.theme.dim }]]
}

const NOTES: Readonly<Record<AnswerBlock["status"], string | undefined>> = {
  streaming: undefined,
  complete: undefined,
  interrupted: "stopped here",
  discarded: "this attempt broke off and counts for nothing",
}

/** What is thought, dim; folded to one line when it is over. */
export function reasoningLines({ text, durationMs }: ReasoningBlock, drawing: BlockDrawing): Line[] {
  const { look, isExpanded } = drawing
  const { theme, glyphs } = look
  const columns = textColumns(look.columns)
  const isFolded = durationMs !== undefined && !isExpanded
  const seen = isFolded ? "" : isExpanded ? text : endOf(text, LIVE_ROWS * columns)
  const lines = safeLines(seen.trim()).flatMap((line) => wrap([{ text: line, style: theme.dim }], columns))
  if (durationMs === undefined) {
    const shown = isExpanded ? lines : lines.slice(-LIVE_ROWS)
    return indented(shown, GUTTER)
  }
  const fold = isExpanded ? glyphs.unfolded : glyphs.folded
  const head: Line = [{ text: `${fold} thought for ${durationText(durationMs)}`, style: theme.dim }]
  return isExpanded ? [head, ...indented(lines, GUTTER)] : [head]
}

/** Of what is thought now, as much as an eye follows. */
const LIVE_ROWS = 6

/**
 * The end of a text that grows, at least that much of it, from where a word begins. Where it begins moves seldom, so that what
 * is seen of one long line does not break elsewhere with every word.
 */
function endOf(text: string, length: number): string {
  const stride = Math.max(length, STRIDE_MIN)
  const at = Math.floor(text.length / stride - 1) * stride
  if (at <= 0) return text
  const word = text.slice(at, at + WORD_MAX).search(/\s/)
  return text.slice(at + Math.max(word, 0))
}

const STRIDE_MIN = 4_096
const WORD_MAX = 256
