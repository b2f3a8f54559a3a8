import type { CallId, Item, ToolCall } from "@skein/protocol"
import type { SessionState } from "../transcript/state.ts"
import { visibleFrom } from "./messages.ts"

/** Steps whose results stay whole when older ones are let go. */
const STEPS_KEPT = 2

/** Results below this many characters are not worth leaving out. */
const WORTH_LEAVING_OUT = 400

/** Whether anything older could still leave the model's view. */
export function canLetGo(state: SessionState): boolean {
  return elidable(state).length > 0 || digestible(state) > 0
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
 * Everything so far as one text: what the person said in full, what was done in a line each, the newest answer and
 * results at length. Deterministic, and needs no model. `charsMax` bounds the whole but for the person's own words.
 */
export function digest(state: SessionState, charsMax: number): string {
  const items = state.items.slice(visibleFrom(state.items))
  const lines: string[] = [
    "The conversation so far, shortened because it no longer fit. The person's words are complete.",
  ]
  let left = charsMax
  const tail: string[] = []
  for (const item of items.toReversed()) {
    const text = left > 0 ? fullText(item) : undefined
    const shown = text !== undefined && text.length <= left ? text : lineOf(item)
    if (shown === undefined) continue
    if (item.kind !== "user_message") left -= shown.length
    tail.push(shown)
  }
  return [...lines, ...tail.reverse()].join("\n\n")
}

/** How many items a digest would replace: none directly after one, or it would only repeat it. */
export function digestible(state: SessionState): number {
  const from = visibleFrom(state.items)
  return state.items.slice(from + 1).filter((item) => item.kind === "tool_call" || item.kind === "agent_message").length
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
    case "user_message":
      return `The person said:\n${textOf(item.input)}`
    case "compaction":
      return item.summary
    case "agent_message":
      return item.status === "discarded" ? undefined : `You said:\n${item.text}`
    case "tool_call":
      return `You called ${item.title}, result:\n${textOf(item.result?.forModel ?? [])}`
    case "context":
      return textOf(item.sections.map((section) => ({ type: "text", text: section.text })))
    default:
      return undefined
  }
}

function lineOf(item: Item): string | undefined {
  if (item.kind === "user_message" || item.kind === "compaction" || item.kind === "context") return fullText(item)
  if (item.kind === "tool_call") return `You called ${item.title} (${item.state}).`
  if (item.kind === "agent_message" && item.status !== "discarded") return `You said: ${item.text.slice(0, 200)} …`
  return undefined
}

function textOf(content: readonly { readonly type: string; readonly text?: string }[]): string {
  return content.map((block) => (block.type === "text" ? block.text : "[image]")).join("\n")
}
