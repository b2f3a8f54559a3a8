import type { CallId, Item } from "@skein/protocol"
import type { TokensPort } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"
import { elidable, resultTokens } from "./elide.ts"
import { wordsOf } from "./ledger.ts"
import { type Room, roomIn, WINDOW_TOKENS_UNKNOWN } from "./room.ts"
import { type ContextSize, messageTokens } from "./size.ts"
import { type WindowPlan, windowPlan } from "./window.ts"

/** The least that makes room: older turns become a line, older results leave, or a summary stands for everything. */
export type Relief =
  | ({ readonly kind: "window" } & WindowPlan)
  | { readonly kind: "elide"; readonly elided: readonly CallId[]; readonly freedTokens: number }
  | { readonly kind: "summary"; readonly room: Room }

/** The share of the window that must come free for the model's cache to be worth losing over it. */
const WORTH_SHARE = 0.1
/** What a summary may take. */
export const SUMMARY_TOKENS_MAX = 4_096
/** A conversation of so few tokens is not what does not fit. */
const WORTH_SQUEEZING_TOKENS = 400
/** After a refusal the rest must be smaller than what was refused, however often. */
const SQUEEZE = 0.75

export interface ReliefOptions {
  readonly tokens: TokensPort
  /** Whether older turns may become a line each. */
  readonly hasWindow: boolean
}

/**
 * What a context that fills up calls for, before anything refuses it: results from the lower threshold on, when enough of
 * them can go; a summary from the upper one on. Undefined when there is nothing to do, or it is not worth the cache.
 */
export function reliefBefore(state: SessionState, size: ContextSize, options: ReliefOptions): Relief | undefined {
  const { tokens, hasWindow } = options
  const { contextTokens, contextTokensMax, triggers } = size
  if (contextTokensMax === undefined || triggers === undefined) return undefined
  if (contextTokens <= triggers.elideTokens) return undefined
  const { density } = size
  const worth = contextTokensMax * WORTH_SHARE
  const window = hasWindow ? windowPlan(state, (contextTokens - triggers.elideTokens) / density, tokens) : undefined
  if (window !== undefined && window.freedTokens * density >= worth) return { kind: "window", ...window }
  const elided = elidable(state)
  const freedTokens = Math.round(resultTokens(state, elided, tokens) * density)
  const isEnough = contextTokens - freedTokens <= triggers.elideTokens
  if (freedTokens >= worth && (isEnough || contextTokens <= triggers.summaryTokens)) {
    return { kind: "elide", elided, freedTokens }
  }
  // What the person said alone may be more than the window holds: then it is not left to the provider to refuse it.
  const isWork = hasWork(state) || contextTokens > contextTokensMax
  if (contextTokens <= triggers.summaryTokens || !isWork) return undefined
  const room = roomIn(contextTokensMax / density)
  const after = Math.min(SUMMARY_TOKENS_MAX, contextTokensMax * WORTH_SHARE) + keptTokens(state, room, tokens) * density
  return messageTokens(state, tokens) * density - after >= worth ? { kind: "summary", room } : undefined
}

/** What a refusal for length calls for: results first, then everything, each time into less room than before. */
export function reliefAfterRefusal(
  state: SessionState,
  size: ContextSize,
  { tokens }: ReliefOptions,
): Relief | undefined {
  const elided = state.turn?.compactions === 0 ? elidable(state) : []
  if (elided.length > 0) return { kind: "elide", elided, freedTokens: resultTokens(state, elided, tokens) }
  const held = messageTokens(state, tokens)
  if (held < WORTH_SQUEEZING_TOKENS) return undefined
  const window = (size.contextTokensMax ?? WINDOW_TOKENS_UNKNOWN) / size.density
  return { kind: "summary", room: roomIn(Math.min(window, held * SQUEEZE)) }
}

/** Whether something was done since the newest summary that another could take in: none follows another at once. */
export function hasWork(state: SessionState): boolean {
  return state.items.some((item) => isWork(item))
}

/** What stands in the model's view for what came before it: the newest summary, or what another session handed over. */
export function summaryOf(state: SessionState): string | undefined {
  const item = state.items.find((item) => item.kind === "compaction" && item.summary !== undefined)
  if (item?.kind === "compaction") return item.summary
  const sections = state.items.flatMap((item) => (item.kind === "context" ? item.sections : []))
  return sections.find(({ source }) => source === "handoff")?.text
}

function isWork(item: Item): boolean {
  return (
    item.kind === "tool_call" || item.kind === "shell" || (item.kind === "agent_message" && item.status !== "discarded")
  )
}

/** What stays beside a new summary, about. */
function keptTokens(state: SessionState, room: Room, tokens: TokensPort): number {
  let words = 0
  for (const { input } of state.said) words += wordsOf(input).length
  return tokens.estimate(summaryOf(state) ?? "") + Math.ceil(Math.min(words, room.ledgerChars) / 3)
}
