import type { Line, Span } from "@skein/term"
import type { CallBlock } from "../transcript/block.ts"
import { elapsedText, moneyText, shortCount } from "../view/amounts.ts"
import { rightEdge } from "../view/blocks/view.ts"
import type { Look } from "../view/look.ts"
import { cutLine, GAP_MIN, GUTTER, lineWidth, sides } from "../view/text/line.ts"
import { safeLine } from "../view/text/safe.ts"
import { type SessionFacts, sentTokens } from "./session-facts.ts"

/** What the status lines tell of. */
export interface StatusFacts {
  readonly session: SessionFacts | undefined
  /** Calls that are not over. */
  readonly calls: readonly CallBlock[]
  /** Its words come in. */
  readonly isAnswering: boolean
  /** Its thoughts come in. */
  readonly isThinking?: boolean | undefined
  /** The model's provider searches for it. */
  readonly isSearching?: boolean | undefined
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
  const isFresh = session === undefined || (session.step === 0 && !session.hasPast)
  if (isFresh) return [spread(look, idleKeys(look), amountSpans(facts, look))]
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

function workSpans(facts: StatusFacts, look: Look): readonly Span[] {
  const { session, turnStartedAt } = facts
  const { theme, glyphs, now, isStill } = look
  const { retry, hooksAt, approvals = [], step = 0 } = session ?? {}
  if (approvals.length > 0) return [{ text: `${glyphs.waiting} waits for you`, style: theme.waiting }]
  const frame = glyphs.spinner[Math.floor(now / SPINNER_MS) % glyphs.spinner.length] ?? glyphs.running
  const mark = { text: `${isStill ? glyphs.running : frame} `, style: theme.running }
  if (retry !== undefined) {
    const { attempt, atMs } = retry
    return [
      mark,
      { text: `asks again in ${elapsedText(atMs - now)}` },
      { text: `  attempt ${attempt}`, style: theme.dim },
    ]
  }
  const elapsed = turnStartedAt === undefined ? "" : `  ${elapsedText(now - turnStartedAt)}`
  const what = hooksAt === undefined ? workText(facts) : `hooks: ${hooksAt}`
  const text = step > 0 ? `step ${step} ${glyphs.separator} ${what}` : what
  return [mark, { text }, { text: elapsed, style: theme.dim }]
}

/** One cell of it is drawn anew so often, and only while something runs. */
const SPINNER_MS = 100

/** Nobody sees what goes on before the first word: the model may think, or its server may be gone. */
function workText({ calls, isAnswering, isThinking, isSearching }: StatusFacts): string {
  if (isSearching === true) return "searches the web"
  if (isAnswering) return "answers"
  const running = calls.filter(({ state }) => state === "executing")
  const [first] = running
  if (first !== undefined) return running.length > 1 ? `${running.length} calls` : first.title
  if (calls.length > 0) return "prepares a call"
  return isThinking === true ? "thinks" : "asks the model"
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
  const spent = session?.microUsd ?? 0
  const parts = [contextText(session), spent === 0 ? undefined : moneyText(spent)].filter((part) => part !== undefined)
  return [{ text: own ?? parts.join(` ${glyphs.separator} `), style: theme.dim }]
}

/** `ctx 31 % (28 cached)`: the share of the model's window, and how much of that the provider's cache held at the newest step. */
function contextText(session: SessionFacts | undefined): string | undefined {
  const { contextTokens, contextTokensMax, stepUsage } = session ?? {}
  if (contextTokens === undefined) return undefined
  if (contextTokensMax === undefined) return `ctx ${shortCount(contextTokens)}`
  const share = Math.round((contextTokens / contextTokensMax) * 100)
  const held = stepUsage === undefined ? 0 : stepUsage.cacheRead / Math.max(sentTokens(stepUsage), 1)
  const cached = Math.round(held * share)
  return cached > 0 ? `ctx ${share} % (${cached} cached)` : `ctx ${share} %`
}

/**
 * Left and right in a two-cell gutter, ending where the calls above end. The left is cut for the right's sake, unless little
 * would be left of it.
 */
function spread(look: Look, left: Line, right: Line): Line {
  const { columns, glyphs } = look
  const room = Math.max((right.length === 0 ? columns - GUTTER : rightEdge(look)) - GUTTER, 0)
  const hasRoom = room - lineWidth(right) >= LEFT_COLUMNS_MIN + GAP_MIN
  const line = hasRoom ? sides(left, right, room, glyphs.more) : cutLine(left, room, glyphs.more)
  return [{ text: " ".repeat(GUTTER) }, ...line]
}

const LEFT_COLUMNS_MIN = 20
