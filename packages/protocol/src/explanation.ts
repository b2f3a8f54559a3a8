import type { Rule } from "./settings.ts"

/** One decision, taken apart. */
export interface Explanation {
  readonly decision: "allow" | "ask" | "deny"
  /** Sentences for a person, strongest first. */
  readonly reasons: readonly string[]
  /** The rule that decided. */
  readonly rule?: Rule | undefined
  /** Each part of the call by itself: one command of a line, one path, one host. */
  readonly parts: readonly ExplainedPart[]
}

export interface ExplainedPart {
  /** What it is about: a command as the shell will see it, a path, a host. */
  readonly subject: string
  readonly decision: "allow" | "ask" | "deny"
  readonly reason: string
  readonly rule?: Rule | undefined
}
