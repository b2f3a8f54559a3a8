import type { CacheBreak, CacheMiss } from "./cache.ts"
import type { ContextProfile } from "./choices.ts"
import type { Section } from "./events/turn.ts"

/** What the newest step read from the provider's cache, of all it sent. */
export interface CacheReport {
  readonly readTokens: number
  readonly inputTokens: number
  /** What it could have read and did not. */
  readonly miss?: CacheMiss | undefined
  /** Why it did not begin like the request before it, whether or not a provider's cache was the worse for it. */
  readonly breaks?: readonly CacheBreak[] | undefined
}

/** Exactly which bytes the model sees besides the conversation, and why. */
export interface ContextReport {
  /** What stands before the conversation. */
  readonly sections: readonly Section[]
  /** What was placed in the conversation and is still in view; its tokens are among `messageTokens`. */
  readonly inline: readonly Section[]
  /** Absent: `standard`. */
  readonly profile?: ContextProfile | undefined
  readonly toolTokens: number
  /** What of those is told of each MCP server; estimated. */
  readonly servers?: readonly { readonly name: string; readonly tokens: number }[] | undefined
  readonly messageTokens: number
  readonly totalTokens: number
  readonly contextTokens?: number | undefined
  /** The conversation's tokens by what they are: the person's words, answers, thoughts, each tool's results … Largest first. */
  readonly conversation?: readonly { readonly source: string; readonly tokens: number }[] | undefined
  readonly cache?: CacheReport | undefined
}
