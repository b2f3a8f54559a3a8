import type { Mode, Rule, Sandbox } from "@skein/protocol"
import type { CallPlan } from "./tools.ts"

/** Judges a planned call. Pure and total: the same plan and state give the same verdict; what it does not know is `ask`. */
export interface PolicyPort {
  judge(plan: CallPlan, state: PolicyState): Verdict
}

export interface PolicyState {
  readonly mode: Mode
  readonly sandbox: Sandbox
  readonly rules: readonly Rule[]
  /** Why this turn's context is not to be trusted, when it is not. */
  readonly taint?: string | undefined
}

export interface Verdict {
  readonly decision: "allow" | "ask" | "deny"
  /** Sentences for a person, strongest first. Never empty. */
  readonly reasons: readonly string[]
  /** The rule that decided. */
  readonly rule?: Rule | undefined
  /** The rule that answering "always" would add; absent when this must be asked every time. */
  readonly always?: Rule | undefined
}
