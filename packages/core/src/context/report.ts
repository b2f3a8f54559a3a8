import type { ContextReport, DurableEvent, EventOf, Item } from "@skein/protocol"
import type { TokensPort } from "../ports/index.ts"
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
    case "hosted_call":
      return "web searches"
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

/** Providers keep what they have cached for at least this long, and most for no longer. */
const CACHE_KEPT_MS = 5 * 60_000
/** Below this no provider caches anything. */
const CACHE_TOKENS_MIN = 1_024

/**
 * What the newest step read from the provider's cache, and why it missed when it read less than half of what the request
 * before it held. `events` are the session's, or its newest ones, in order. Undefined before a step has ended.
 */
export function cacheOf(events: readonly DurableEvent[]): ContextReport["cache"] {
  const endAt = events.findLastIndex((event) => event.type === "step.ended")
  const end = events[endAt]
  if (end?.type !== "step.ended") return undefined
  const readTokens = end.usage.cacheRead
  const inputTokens = sentTokens(end)
  const startAt = events.findLastIndex((event, at) => at < endAt && event.type === "step.started")
  const beforeAt = events.findLastIndex((event, at) => at < startAt && event.type === "step.ended")
  const before = events[beforeAt]
  const couldRead = before?.type === "step.ended" ? Math.min(sentTokens(before), inputTokens) : 0
  if (couldRead > 0 && readTokens >= couldRead / 2) return { readTokens, inputTokens }
  if (readTokens >= inputTokens / 2 && readTokens > 0) return { readTokens, inputTokens }
  return { readTokens, inputTokens, missCause: causeOf(events, { beforeAt, startAt, endAt }, couldRead) }
}

function sentTokens({ usage }: EventOf<"step.ended">): number {
  return usage.input + usage.cacheRead + usage.cacheWrite
}

interface Places {
  readonly beforeAt: number
  readonly startAt: number
  readonly endAt: number
}

function causeOf(events: readonly DurableEvent[], { beforeAt, startAt, endAt }: Places, couldRead: number): string {
  const before = events[beforeAt]
  const start = events[startAt]
  if (before?.type !== "step.ended" || start?.type !== "step.started") return "first request"
  const between = events.slice(beforeAt + 1, endAt)
  const startBefore = events.findLast((event, at) => at < beforeAt && event.type === "step.started")
  if (startBefore?.type === "step.started" && startBefore.model !== start.model) return "model changed"
  const named = between.flatMap((event) => eventCause(event, events) ?? [])
  if (named[0] !== undefined) return named[0]
  if (start.at - before.at > CACHE_KEPT_MS) return "idle longer than the provider keeps its cache"
  return couldRead < CACHE_TOKENS_MIN ? "too short to be cached" : "unknown"
}

/** What an event between two requests says of why the second does not begin like the first. */
function eventCause(event: DurableEvent, events: readonly DurableEvent[]): string | undefined {
  switch (event.type) {
    case "session.rewound":
      return "rewind"
    case "context.compacted":
      return "compaction"
    case "context.loaded":
      return event.placement === "system" ? `system section changed: ${changedIn(event, events)}` : undefined
    case "settings.changed":
      if (event.changes.model !== undefined) return "model changed"
      return "tools" in event.changes ? "tools changed" : undefined
    default:
      return undefined
  }
}

/** Which sections are not as they were in the recording before. */
function changedIn(loaded: EventOf<"context.loaded">, events: readonly DurableEvent[]): string {
  const at = events.indexOf(loaded)
  const isSystem = (event: DurableEvent) => event.type === "context.loaded" && event.placement === "system"
  const earlier = events.findLast((event, place) => place < at && isSystem(event))
  const known = earlier?.type === "context.loaded" ? earlier.sections : []
  const hashes = new Set(known.map(({ sha256 }) => sha256))
  const now = new Set(loaded.sections.map(({ sha256 }) => sha256))
  const changed = [
    ...loaded.sections.filter(({ sha256 }) => !hashes.has(sha256)),
    ...known.filter(({ sha256 }) => !now.has(sha256)),
  ]
  return [...new Set(changed.map(({ source, path }) => path ?? source))].join(", ") || "their order"
}
