import type { Line } from "@skein/term"
import type { Block } from "../../transcript/block.ts"
import type { Look } from "../look.ts"
import { within } from "../text/line.ts"
import { answerLines, reasoningLines } from "./answer.ts"
import { callLines } from "./call.ts"
import { endLines } from "./end.ts"
import { compactionLines, noticeLines, shownLines } from "./notice.ts"
import { promptLines } from "./prompt.ts"
import type { BlockDrawing, BlockView } from "./view.ts"

/** A block as it is drawn: no line is wider than the look, and none holds anything but text to be seen. */
export function blockLines(block: Block, look: Look, view: BlockView): Line[] {
  return within(linesOf(block, { ...view, look }), look.columns, look.glyphs.more)
}

/** Blank lines between two blocks: one, but none between the calls of one step. */
export function blankLinesBetween(before: Block | undefined, after: Block): number {
  if (before === undefined) return 0
  return before.kind === "call" && after.kind === "call" ? 0 : 1
}

function linesOf(block: Block, drawing: BlockDrawing): Line[] {
  switch (block.kind) {
    case "prompt":
      return promptLines(block, drawing)
    case "answer":
      return answerLines(block, drawing)
    case "reasoning":
      return reasoningLines(block, drawing)
    case "call":
      return callLines(block, drawing)
    case "notice":
      return noticeLines(block, drawing)
    case "compaction":
      return compactionLines(block, drawing)
    case "end":
      return endLines(block, drawing)
    case "shown":
      return shownLines(block, drawing)
  }
}
