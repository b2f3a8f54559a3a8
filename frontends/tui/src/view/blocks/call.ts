import type { Line, Span, Style } from "@skein/term"
import type { CallBlock } from "../../transcript/block.ts"
import { bytesText, durationText, elapsedText } from "../amounts.ts"
import type { Look } from "../look.ts"
import { cutLine, lineWidth } from "../text/line.ts"
import { safeLine } from "../text/safe.ts"
import { cutMiddle, cutText, widthOf } from "../text/width.ts"
import { callBody } from "./call-body.ts"
import { type ShownState, stateOf } from "./call-state.ts"
import { type BlockDrawing, hasRightColumn, rightEdge } from "./view.ts"

/** One line for what was done and what came of it, and below it what there is to see. */
export function callLines(block: CallBlock, drawing: BlockDrawing): Line[] {
  return [headLine(block, drawing), ...callBody(block, drawing)]
}

/** `✓ read   src/x.ts          84 lines`: sign, name, what it is about, what came of it at the right edge. */
function headLine(block: CallBlock, { look, linkOf, isFocused }: BlockDrawing): Line {
  const { theme, glyphs } = look
  const sign = signOf(block, look)
  const name = cutMiddle(safeLine(block.name), NAME_COLUMNS_MAX, glyphs.more).padEnd(NAME_COLUMNS)
  const left: Line = [
    { text: `${sign.text} `, style: sign.style },
    { text: `${name} `, style: isFocused ? theme.selected : nameStyle(block, look) },
  ]
  const edge = rightEdge(look)
  const result = cutLine(resultOf(block, look), Math.floor(edge / 2), glyphs.more)
  const isResultShown = result.length > 0 && (hasRightColumn(look) || MATTERS.has(stateOf(block)))
  const room = edge - lineWidth(left) - (isResultShown ? lineWidth(result) + TITLE_GAP : 0)
  const title = titleSpan(block, Math.max(room, 0), look, linkOf)
  if (!isResultShown) return cutLine([...left, title], look.columns, glyphs.more)
  const gap = Math.max(edge - lineWidth(left) - widthOf(title.text) - lineWidth(result), TITLE_GAP)
  return cutLine([...left, title, { text: " ".repeat(gap) }, ...result], look.columns, glyphs.more)
}

/** `bash`, `read`, `edit`: those that are used most stand in one column. */
const NAME_COLUMNS = 6
const NAME_COLUMNS_MAX = 20
const TITLE_GAP = 2

/** What is said on a narrow screen too. */
const MATTERS: ReadonlySet<ShownState> = new Set(["waiting", "running", "failed", "refused", "stopped"])

function signOf(block: CallBlock, { theme, glyphs, isStill, now }: Look): Span {
  switch (stateOf(block)) {
    case "prepared":
      return { text: glyphs.running, style: theme.dim }
    case "waiting":
      return { text: glyphs.waiting, style: theme.waiting }
    case "running": {
      const frame = Math.floor(Math.max(now, 0) / FRAME_MS) % glyphs.spinner.length
      return { text: isStill ? glyphs.running : (glyphs.spinner[frame] ?? glyphs.running), style: theme.running }
    }
    case "done":
      return { text: glyphs.done, style: theme.done }
    case "failed":
      return { text: glyphs.failed, style: theme.failed }
    case "refused":
    case "stopped":
      return { text: glyphs.unverified, style: theme.dim }
  }
}

const FRAME_MS = 100

/** What did not happen is dim. */
function nameStyle(block: CallBlock, { theme }: Look): Style {
  const state = stateOf(block)
  return state === "refused" || state === "stopped" || state === "prepared" ? theme.dim : theme.strong
}

function titleSpan(block: CallBlock, columns: number, { theme, glyphs }: Look, linkOf: BlockDrawing["linkOf"]): Span {
  const state = stateOf(block)
  const style = state === "refused" || state === "stopped" ? theme.dim : theme.text
  const whole = withoutName(safeLine(block.title), block.name)
  // Of a path the end says most, of a command the beginning.
  const isPath = !whole.includes(" ")
  const text = isPath ? cutMiddle(whole, columns, glyphs.more) : cutText(whole, columns, glyphs.more)
  const [, path = whole, line] = /^(.*?)(?::(\d+))?$/.exec(whole) ?? []
  const link = isPath ? linkOf?.(path, line === undefined ? undefined : { from: Number(line) }) : undefined
  return { text, style: link === undefined ? style : { ...style, link } }
}

/** A title without the name of its tool, which has a column of its own. */
export function withoutName(title: string, name: string): string {
  return title.startsWith(`${name} `) ? title.slice(name.length + 1) : title
}

/** What stands at the right edge. */
function resultOf(block: CallBlock, { theme, now }: Look): Line {
  const { bytes, startedAt, durationMs, view, exitCode, failure } = block
  switch (stateOf(block)) {
    case "prepared":
      return []
    case "waiting":
      return [{ text: "waits for you", style: theme.waiting }]
    case "running": {
      const elapsed = startedAt === undefined || now - startedAt < 1_000 ? undefined : elapsedText(now - startedAt)
      const output = bytes === undefined || bytes === 0 ? undefined : bytesText(bytes)
      return dim([elapsed, output], theme.dim)
    }
    case "done":
      return view?.kind === "diff"
        ? changeSpans(view.summary, theme)
        : dim([safe(view?.summary), took(durationMs)], theme.dim)
    case "failed": {
      const what = exitCode === undefined || exitCode === 0 ? "failed" : `exit ${exitCode}`
      return [{ text: what, style: theme.failed }, ...dim(["", took(durationMs)], theme.dim)]
    }
    case "refused":
      return [{ text: failure?.code === "call.unattended" ? "nobody to ask" : "refused", style: theme.warning }]
    case "stopped":
      return dim(["stopped", took(durationMs)], theme.dim)
  }
}

function safe(text: string | undefined): string | undefined {
  return text === undefined ? undefined : safeLine(text)
}

/** Only what a person would notice. */
function took(durationMs: number | undefined): string | undefined {
  return durationMs === undefined || durationMs < NOTICED_MS ? undefined : durationText(durationMs)
}

const NOTICED_MS = 1_000

function dim(facts: readonly (string | undefined)[], style: Style): Line {
  const text = facts.filter((fact) => fact !== undefined).join("  ")
  return text === "" ? [] : [{ text, style }]
}

/** `+9 −4`, each in its color. */
function changeSpans(summary: string | undefined, { added, removed, dim: other }: Look["theme"]): Line {
  const text = safe(summary) ?? ""
  const match = /^(\+\d+) ([−-]\d+)$/.exec(text)
  if (match === null) return dim([text], other)
  return [{ text: match[1] ?? "", style: added }, { text: " " }, { text: match[2] ?? "", style: removed }]
}
