import type { CallId, Item, ToolCall } from "@skein/protocol"
import { cut } from "../calls/bound.ts"
import type { TokensPort } from "../ports/index.ts"
import { callOf } from "../transcript/calls.ts"
import type { SessionState } from "../transcript/state.ts"
import { visibleFrom } from "./messages.ts"
import { itemTokens } from "./size.ts"

/** Steps whose results stay whole when older ones are let go. */
const STEPS_KEPT = 2

/** Results below this many characters are not worth leaving out. */
const WORTH_LEAVING_OUT = 400

/** The share of the window that must come free for the model's cache to be worth losing over it. */
const WORTH_SHARE = 0.1
/** The share of the window that a digest may take, and as much again for the person's own words. */
const DIGEST_SHARE = 0.2
const CHARS_PER_TOKEN = 3
/** When the window is not known, a digest of this size is small enough for any model in use. */
const DIGEST_CHARS_UNKNOWN = 16_000
/** However many a person sent: of each message this much stays. */
const WORDS_CHARS_MIN = 200

export interface LetGo {
  readonly elided: readonly CallId[]
  readonly summary?: string
}

/** Whether anything older could still leave the model's view. */
export function canLetGo(state: SessionState): boolean {
  return elidable(state).length > 0 || digestible(state) > 0
}

/**
 * What to let go, gently first: results of older calls, and else everything but the person's words and the newest part.
 * Undefined when there is nothing, or for `auto`, which comes before any refusal, too little to be worth it.
 */
export function letGo(
  state: SessionState,
  cause: "auto" | "reactive",
  contextTokensMax: number | undefined,
  tokens: TokensPort,
): LetGo | undefined {
  const isAuto = cause === "auto"
  if (isAuto && contextTokensMax === undefined) return undefined
  const worth = isAuto ? (contextTokensMax ?? 0) * WORTH_SHARE : 0
  const elided = elidable(state)
  const isFirst = state.turn?.compactions === 0
  if (isFirst && elided.length > 0 && resultTokens(state, elided, tokens) >= worth) return { elided }
  if (digestible(state) === 0) return undefined
  const chars =
    contextTokensMax === undefined ? DIGEST_CHARS_UNKNOWN : contextTokensMax * DIGEST_SHARE * CHARS_PER_TOKEN
  const after = state.items.slice(digestedTo(state.items))
  const afterTokens = after.reduce((sum, item) => sum + itemTokens(item, tokens), 0)
  // A digest is about as large as its bound: there must be that much more than it to replace.
  if (isAuto && afterTokens < worth + chars / CHARS_PER_TOKEN) return undefined
  return { elided: [], summary: digest(state, Math.floor(chars)) }
}

/** What the results of these calls take of the context. */
export function resultTokens(state: SessionState, callIds: readonly CallId[], tokens: TokensPort): number {
  const texts = callIds.flatMap((callId) => callOf(state, callId)?.result?.forModel ?? [])
  return texts.reduce((sum, block) => sum + (block.type === "text" ? tokens.estimate(block.text) : 0), 0)
}

export function hasImages(state: SessionState): boolean {
  const from = state.items.findLastIndex((item) => item.kind === "compaction" && item.imagesElided) + 1
  return state.items.slice(Math.max(from, visibleFrom(state.items))).some((item) => imagesIn(item))
}

/** Calls whose results can be replaced by a note, oldest first: the newest steps keep theirs. */
export function elidable(state: SessionState): CallId[] {
  const visible = state.items.slice(visibleFrom(state.items)).filter((item) => item.kind === "tool_call")
  const steps = [...new Set(visible.map(stepOf))]
  const kept = new Set(steps.slice(-STEPS_KEPT))
  return visible.filter((call) => !kept.has(stepOf(call)) && isLarge(call)).map((call) => call.callId)
}

/**
 * The whole session as one text, from its log and not from an earlier digest, so that one never grows by the last:
 * the newest answers and results at length, older ones in a line each, the oldest only counted. The person's words stay
 * whole; only when they alone are more than `charsMax` is the middle of the longest left out, and that is marked.
 * Deterministic, and needs no model.
 */
export function digest(state: SessionState, charsMax: number): string {
  let left = charsMax
  let words = charsMax
  let omitted = 0
  const newestFirst: string[] = []
  for (const item of state.items.toReversed()) {
    if (item.kind === "user_message") {
      const said = cut(textOf(item.input), Math.max(words, WORDS_CHARS_MIN))
      words -= said.length
      newestFirst.push(`The person said:\n${said}`)
      continue
    }
    const shown = [fullText(item), lineOf(item)].find((text) => text !== undefined && text.length <= left)
    if (shown !== undefined) {
      left -= shown.length
      newestFirst.push(shown)
    } else if (lineOf(item) !== undefined) omitted += 1
  }
  const intro =
    "The conversation so far, shortened because it no longer fit. The person's words are complete but where marked."
  const note = omitted === 0 ? [] : [`${omitted} older answers and calls are not shown.`]
  return [intro, ...note, ...newestFirst.reverse()].join("\n\n")
}

/** How many items a digest would shorten: none directly after one, or it would only repeat it. */
export function digestible(state: SessionState): number {
  return state.items.slice(digestedTo(state.items)).filter(isShortened).length
}

/** The first item that no digest has taken in yet. */
function digestedTo(items: readonly Item[]): number {
  return items.findLastIndex((item) => item.kind === "compaction" && item.summary !== undefined) + 1
}

function isShortened(item: Item): boolean {
  if (item.kind === "agent_message") return item.status !== "discarded"
  if (item.kind === "tool_call" || item.kind === "context") return true
  return item.kind === "user_message" && textOf(item.input).length > DIGEST_CHARS_UNKNOWN
}

function stepOf(call: ToolCall): string {
  return `${call.turnId}/${call.step}`
}

function isLarge(call: ToolCall): boolean {
  const { result } = call
  if (result === undefined || result.isElided) return false
  const chars = result.forModel.reduce((sum, block) => sum + (block.type === "text" ? block.text.length : 4_000), 0)
  return chars > WORTH_LEAVING_OUT
}

function imagesIn(item: Item): boolean {
  const content = item.kind === "user_message" ? item.input : item.kind === "tool_call" ? item.result?.forModel : []
  return (content ?? []).some((block) => block.type === "image")
}

function fullText(item: Item): string | undefined {
  switch (item.kind) {
    case "agent_message":
      return item.status === "discarded" ? undefined : `You said:\n${item.text}`
    case "tool_call":
      return `You called ${item.title}, result:\n${textOf(item.result?.forModel ?? [])}`
    case "context":
      return textOf(item.sections)
    default:
      return undefined
  }
}

function lineOf(item: Item): string | undefined {
  if (item.kind === "tool_call") return `You called ${item.title.slice(0, 200)} (${item.state}).`
  if (item.kind === "agent_message" && item.status !== "discarded") return `You said: ${item.text.slice(0, 200)} …`
  return undefined
}

function textOf(content: readonly { readonly type?: string; readonly text?: string }[]): string {
  return content.map((block) => block.text ?? "[image]").join("\n")
}
