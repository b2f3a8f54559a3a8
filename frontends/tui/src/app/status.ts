import type { Line, Span } from "@skein/term"
import type { CallBlock } from "../transcript/block.ts"
import type { Look } from "../view/look.ts"
import { safeLine } from "../view/text/safe.ts"
import { contextText, elapsedText, moneyText } from "./amounts.ts"
import type { SessionFacts } from "./session-facts.ts"

/** What the status lines tell of. */
export interface StatusFacts {
  readonly session: SessionFacts | undefined
  /** Calls that are not over. */
  readonly calls: readonly CallBlock[]
  /** Its words come in. */
  readonly isAnswering: boolean
  readonly turnStartedAt: number | undefined
  readonly folder: string
  readonly branch?: string | undefined
  /** Said once: `Ctrl+C again quits`. */
  readonly hint?: string | undefined
  /** What the person's own status command said. */
  readonly own?: string | undefined
  readonly vim?: "insert" | "normal" | "visual" | undefined
}

/** One or two rows below the composer: what is done now and which keys matter, then where one is and what it costs. */
export function statusLines(facts: StatusFacts, look: Look): readonly Line[] {
  const { session, hint } = facts
  const place = spread(look, placeSpans(facts, look), amountSpans(facts, look))
  if (hint !== undefined) return [spread(look, [{ text: hint }], []), place]
  if (session?.isRunning === true) return [spread(look, workSpans(facts, look), busyKeys(look)), place]
  if (session === undefined || session.step === 0) return [spread(look, idleKeys(look), amountSpans(facts, look))]
  return [place]
}

function busyKeys({ theme, glyphs, columns }: Look): readonly Span[] {
  const keys = columns < NARROW_COLUMNS ? BUSY_KEYS.slice(2) : BUSY_KEYS
  return [{ text: keys.join(` ${glyphs.separator} `), style: theme.dim }]
}

function idleKeys({ theme, columns }: Look): readonly Span[] {
  const keys = columns < NARROW_COLUMNS ? IDLE_KEYS.slice(0, 2) : IDLE_KEYS
  return [{ text: keys.join("   "), style: theme.dim }]
}

const BUSY_KEYS = ["enter steer", "alt+enter queue", "esc stop"]
const IDLE_KEYS = ["? keys", "/ commands", "@ files", "! shell"]
const NARROW_COLUMNS = 60

function workSpans({ session, calls, isAnswering, turnStartedAt }: StatusFacts, look: Look): readonly Span[] {
  const { theme, glyphs, now, isStill } = look
  const { retry, approvals = [], step = 0 } = session ?? {}
  if (approvals.length > 0) return [{ text: `${glyphs.waiting} waits for you`, style: theme.waiting }]
  const frame = glyphs.spinner[Math.floor(now / SPINNER_MS) % glyphs.spinner.length] ?? glyphs.running
  const mark = { text: `${isStill ? glyphs.running : frame} `, style: theme.running }
  if (retry !== undefined) {
    return [mark, { text: `asks again in ${elapsedText(retry.atMs - now)}: ${safeLine(retry.message)}` }]
  }
  const elapsed = turnStartedAt === undefined ? "" : `  ${elapsedText(now - turnStartedAt)}`
  const what = isAnswering ? "answers" : workText(calls)
  const text = step > 0 ? `step ${step} ${glyphs.separator} ${what}` : what
  return [mark, { text }, { text: elapsed, style: theme.dim }]
}

/** One cell of it is drawn anew so often, and only while something runs. */
export const SPINNER_MS = 100

function workText(calls: readonly CallBlock[]): string {
  const running = calls.filter(({ state }) => state === "executing")
  const [first] = running
  if (first === undefined) return calls.length > 0 ? "prepares a call" : "thinks"
  return running.length > 1 ? `${running.length} calls` : first.title
}

function placeSpans({ session, folder, branch, vim }: StatusFacts, look: Look): readonly Span[] {
  const { theme, glyphs, columns } = look
  const settings = session?.settings
  const place = columns < NARROW_COLUMNS ? [] : [branch === undefined ? folder : `${folder} ${branch}`]
  const words = [
    ...place,
    ...(settings === undefined ? [] : [modelName(settings.model), settings.mode]),
    ...(settings?.sandbox === "full-access" ? ["no sandbox"] : []),
    ...(settings?.dryRun === true ? ["dry run"] : []),
    ...(vim === undefined || vim === "insert" ? [] : [vim]),
  ]
  return [{ text: words.join(` ${glyphs.separator} `), style: theme.dim }]
}

/** Without its provider, which the picker tells. */
export function modelName(model: string): string {
  return safeLine(model.slice(model.indexOf("/") + 1))
}

function amountSpans({ session, own }: StatusFacts, { theme, glyphs }: Look): readonly Span[] {
  const parts = [contextText(session), moneyText(session?.microUsd)].filter((part) => part !== undefined)
  return [{ text: own ?? parts.join(` ${glyphs.separator} `), style: theme.dim }]
}

/** Left and right in a two-cell gutter. The left is cut for the right's sake, unless little would be left of it. */
function spread({ columns }: Look, left: readonly Span[], right: readonly Span[]): Line {
  const room = Math.max(columns - 2 * GUTTER.text.length, 0)
  const rightWidth = widthOf(right)
  const leftRoom = rightWidth === 0 ? room : room - rightWidth - GAP
  if (leftRoom < LEFT_COLUMNS_MIN) return [GUTTER, ...cut(left, room)]
  const shown = cut(left, leftRoom)
  return [GUTTER, ...shown, { text: " ".repeat(room - widthOf(shown) - rightWidth) }, ...right]
}

const GAP = 2
const LEFT_COLUMNS_MIN = 20

const GUTTER: Span = { text: "  " }

function widthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { text }) => sum + Bun.stringWidth(text), 0)
}

function cut(spans: readonly Span[], columns: number): readonly Span[] {
  let left = columns
  return spans.flatMap((span) => {
    const room = left
    const width = Bun.stringWidth(span.text)
    left -= width
    if (room <= 0) return []
    return width <= room ? [span] : [{ ...span, text: `${Bun.sliceAnsi(span.text, 0, Math.max(room - 1, 0))}…` }]
  })
}
