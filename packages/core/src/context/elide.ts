import type { CallId, Item, ToolCall } from "@skein/protocol"
import type { TokensPort } from "../ports/index.ts"
import { callOf, isNested } from "../transcript/calls.ts"
import type { SessionState } from "../transcript/state.ts"
import { visibleFrom } from "./messages.ts"
import { itemTokens } from "./size.ts"

/** Steps whose results stay whole when older ones are let go. */
const STEPS_KEPT = 2

/** Results below this many characters are not worth leaving out. */
const WORTH_LEAVING_OUT = 400

/** Calls whose results can be replaced by a note, oldest first: the newest steps keep theirs. */
export function elidable(state: SessionState): CallId[] {
  const visible = state.items
    .slice(visibleFrom(state.items))
    .flatMap((item) => (item.kind === "tool_call" && !isNested(item) ? [item] : []))
  const steps = [...new Set(visible.map(stepOf))]
  const kept = new Set(steps.slice(-STEPS_KEPT))
  return visible.filter((call) => !kept.has(stepOf(call)) && isLarge(call)).map((call) => call.callId)
}

/** What the results of these calls take of the context. */
export function resultTokens(state: SessionState, callIds: readonly CallId[], tokens: TokensPort): number {
  let sum = 0
  for (const callId of callIds) {
    const call = callOf(state, callId)
    if (call?.result === undefined) continue
    sum += itemTokens(call, tokens) - itemTokens({ ...call, result: { ...call.result, isElided: true } }, tokens)
  }
  return sum
}

export function hasImages(state: SessionState): boolean {
  const from = state.items.findLastIndex((item) => item.kind === "compaction" && item.imagesElided) + 1
  return state.items.slice(Math.max(from, visibleFrom(state.items))).some((item) => imagesIn(item))
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
  if (isNested(item)) return false
  const content = item.kind === "user_message" ? item.input : item.kind === "tool_call" ? item.result?.forModel : []
  return (content ?? []).some((block) => block.type === "image")
}
