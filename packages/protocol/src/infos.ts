import type { CacheFacts } from "./cache.ts"
import type { Effort, Tier } from "./choices.ts"
import type { ToolKind } from "./events/call.ts"
import type { DatedPrice, Price } from "./prices.ts"

/** What a provider's own search can be told. */
export interface HostedSearch {
  /** It can be held to what the provider keeps of the web. */
  readonly isCacheable: boolean
  /** It can be held to some domains. */
  readonly isBoundable: boolean
}

/** What is known of a model. Prices are USD per million tokens. Absent numbers are unknown, never guessed. */
export interface ModelInfo {
  readonly provider: string
  readonly id: string
  readonly name?: string | undefined
  readonly contextTokens?: number | undefined
  readonly outputTokensMax?: number | undefined
  /** Of today. */
  readonly price?: Price | undefined
  /** Of every day, where it changed or will. */
  readonly prices?: readonly DatedPrice[] | undefined
  /** How its provider keeps the beginning of a request; absent where nothing is known of that. */
  readonly cache?: CacheFacts | undefined
  readonly images: boolean
  readonly tools: boolean
  readonly reasoning: boolean
  /** How its provider can search the web for it; absent: it cannot. */
  readonly search?: HostedSearch | undefined
  /** It can be told how much to write. */
  readonly hasVerbosity?: boolean | undefined
  /** Whether a key for its provider was found. */
  readonly isReady: boolean
}

/** A tier as a person may choose it. Nothing is claimed: a figure that is not known is absent. */
export interface TierInfo {
  readonly tier: Tier
  /** `provider/model`; absent where none is known for it, and `blocker` says what to do. */
  readonly model?: string | undefined
  readonly effort?: Effort | undefined
  readonly blocker?: string | undefined
  readonly price?: ModelInfo["price"]
  /** What the person's median turn would cost, in micro-USD. */
  readonly turnMicroUsd?: number | undefined
  /** How long the model took for the median of the person's own turns with it, and how many those are. */
  readonly turnMs?: number | undefined
  readonly turns?: number | undefined
}

export interface SkillInfo {
  readonly name: string
  readonly description: string
  readonly scope: "project" | "user" | "plugin" | "builtin"
  /** The plugin that brings it. */
  readonly plugin?: string | undefined
  /** Its SKILL.md, absolute; absent for one that is built in. */
  readonly file?: string | undefined
  /** No model begins it by itself. */
  readonly isByPersonOnly: boolean
  /** What its name is followed by, as its front matter says. */
  readonly argumentHint?: string | undefined
}

/**
 * What a tool cannot do without beside the folder: a model that answers it or reads its news, a person at a screen, agents at
 * work, other tools that it calls.
 */
export type ToolNeed = "model" | "person" | "agents" | "calls"

export interface ToolInfo {
  readonly name: string
  readonly description: string
  readonly inputSchema: unknown
  readonly kind: ToolKind
  /** All that a request tells of it, beside its name, where the model calls it by `call_tool`. */
  readonly summary?: string | undefined
  /** What its calls do at most: `read`, `write`, `execute`, `network`, `delegate`, `none`; absent: anything. */
  readonly effects?: readonly string[] | undefined
  /** Absent: nothing. */
  readonly needs?: readonly ToolNeed[] | undefined
  /** Whether calls of it may run beside each other. */
  readonly isConcurrent: boolean
  /** The longest that one call runs. */
  readonly timeoutMs: number
  /** The file that it is, where it is one. */
  readonly file?: string | undefined
}

/** What fits, best first. */
export interface FoundPaths {
  readonly paths: readonly FoundPath[]
  /** How many there are to choose from, and whether there are more that nobody looked at. */
  readonly lookedAt: number
  readonly isCut: boolean
}

export interface FoundPath {
  /** From the root on; a folder ends in `/`. */
  readonly path: string
  /** Higher is better; comparable within one answer only. */
  readonly score: number
  /** Which UTF-16 units of the path were typed, ascending. */
  readonly positions: readonly number[]
}
