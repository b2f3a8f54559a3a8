import type { ContextReport, DurableEvent, Item } from "@skein/protocol"
import type { TokensPort } from "../ports/index.ts"
import { sentTokens } from "../transcript/cache.ts"
import type { SessionState } from "../transcript/state.ts"
import { itemTokens } from "./size.ts"

/** The conversation's tokens by what they are, largest first. */
export function conversationTokens(state: SessionState, tokens: TokensPort): { source: string; tokens: number }[] {
  const sums = new Map<string, number>()
  const add = (source: string, count: number) => {
    if (count > 0) sums.set(source, (sums.get(source) ?? 0) + count)
  }
  for (const item of state.items) {
    if (item.kind !== "context") add(sourceOf(item), itemTokens(item, tokens))
    else for (const section of item.sections) add(section.source, section.tokens)
  }
  return [...sums].map(([source, count]) => ({ source, tokens: count })).toSorted((a, b) => b.tokens - a.tokens)
}

function sourceOf(item: Exclude<Item, { kind: "context" }>): string {
  switch (item.kind) {
    case "user_message":
      return "person"
    case "agent_message":
      return "answers"
    case "reasoning":
      return "thoughts"
    case "tool_call":
      return `calls of ${item.name}`
    case "shell":
      return "your commands"
    case "compaction":
      return "summary"
    case "notice":
      return "notices"
  }
}

/**
 * What the newest step read from the provider's cache, and what it could have read and did not. `events` are the session's,
 * or its newest ones, in order. Undefined before a step has ended.
 */
export function cacheOf(events: readonly DurableEvent[]): ContextReport["cache"] {
  const endAt = events.findLastIndex((event) => event.type === "step.ended")
  const end = events[endAt]
  if (end?.type !== "step.ended") return undefined
  const start = events.findLast((event, at) => at < endAt && event.type === "step.started")
  const breaks = start?.type === "step.started" ? start.breaks : undefined
  const { usage, cacheMiss: miss } = end
  return {
    ...{ readTokens: usage.cacheRead, inputTokens: sentTokens(usage) },
    ...(miss === undefined ? {} : { miss }),
    ...(breaks === undefined ? {} : { breaks }),
  }
}
