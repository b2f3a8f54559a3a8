import type { Line, Style } from "@skein/term"
import type { CompactionBlock, NoticeBlock, ShownBlock } from "../../transcript/block.ts"
import { shortCount } from "../amounts.ts"
import { diffLines } from "../diff/diff.ts"
import type { Look } from "../look.ts"
import { cited } from "../markdown/citations.ts"
import { markdownLines } from "../markdown/markdown.ts"
import { behind, cutLine, GUTTER, indented, textColumns } from "../text/line.ts"
import { safeLine, safeLines } from "../text/safe.ts"
import { wrap } from "../text/wrap.ts"
import type { BlockDrawing } from "./view.ts"

/** A sentence of skein's own. What is wrong is said by a word too, not by a color alone. */
export function noticeLines({ level, text }: NoticeBlock, { look }: BlockDrawing): Line[] {
  const { head, style } = levelLook(level, look)
  const columns = textColumns(look.columns)
  const [first = "", ...rest] = safeLines(text.trim())
  const lines = [
    ...wrap(
      [...(head === "" ? [] : [{ text: head, style }]), { text: first, style: level === "info" ? style : undefined }],
      columns,
    ),
    ...rest.flatMap((line) => wrap([{ text: line, style: look.theme.dim }], columns)),
  ]
  return indented(lines, GUTTER)
}

function levelLook(
  level: NoticeBlock["level"],
  { theme, glyphs }: Look,
): { readonly head: string; readonly style: Style } {
  switch (level) {
    case "info":
      return { head: "", style: theme.dim }
    case "warning":
      return { head: "Careful: ", style: theme.warning }
    case "error":
      return { head: `${glyphs.failed} `, style: theme.failed }
  }
}

/** What the model no longer sees word by word. The summary is there when looked for. */
export function compactionLines(block: CompactionBlock, { look, isExpanded, code }: BlockDrawing): Line[] {
  const { theme, glyphs } = look
  const sizes = `${shortCount(block.tokensBefore)} to ${shortCount(block.tokensAfter)} tokens`
  const head = cutLine([{ text: `${glyphs.more} summarized  ${sizes}`, style: theme.dim }], look.columns, glyphs.more)
  if (!isExpanded || block.summary === undefined) return [head]
  const inner = { ...look, columns: textColumns(look.columns) }
  return [head, ...behind(markdownLines(block.summary, inner, { code }), `  ${glyphs.bar}`, theme.bar)]
}

/** What a command of the person gave: as it is, in lines that are broken between words, and changes as they are drawn elsewhere. */
export function shownLines({ title, text }: ShownBlock, { look, linkOf, code }: BlockDrawing): Line[] {
  const columns = textColumns(look.columns)
  const head = title === "" ? [] : wrap([{ text: safeLine(title), style: look.theme.strong }], columns)
  if (DIFF.test(text)) {
    return [...indented(head, GUTTER), ...diffLines(text, look, { isExpanded: true, code, hasNames: true })]
  }
  const lines = safeLines(text.replace(/\n+$/, "")).flatMap((line) => wrap(cited(line, undefined, linkOf), columns))
  return indented([...head, ...lines], GUTTER)
}

/** The head of a file's part, and its first hunk. */
const DIFF = /^--- .+\n\+\+\+ .+\n@@ -/m
