import type { ExplainedPart, Mode, Network, Rule, Sandbox } from "@skein/protocol"
import type { NetworkTarget } from "./network.ts"
import type { CallPlan } from "./plans.ts"

/** Judges a planned call. Pure and total: the same plan and state give the same verdict; what it does not know is `ask`. */
export interface PolicyPort {
  judge(plan: CallPlan, state: PolicyState): Verdict
  /** Whether a command's process may reach a host now. */
  judgeHost(target: NetworkTarget, tool: string, state: PolicyState): Verdict
}

export interface PolicyState {
  readonly mode: Mode
  readonly sandbox: Sandbox
  readonly network: Network
  readonly rules: readonly Rule[]
  /** Milliseconds since the epoch: rules expire. */
  readonly now: number
  /** Why this turn's context is not to be trusted, one sentence for each source; empty when it is. */
  readonly taint: readonly string[]
  /** The sub-agent that asks; absent for the session's own turn. */
  readonly agent?: string | undefined
}

export interface Verdict {
  readonly decision: "allow" | "ask" | "deny"
  /** Sentences for a person, strongest first. Never empty. */
  readonly reasons: readonly string[]
  /** The rule that decided. */
  readonly rule?: Rule | undefined
  /** The rule that answering "always" would add; absent when this must be asked every time. */
  readonly always?: Rule | undefined
  /** Of a host: a rule that allows, or the list of hosts, names exactly it, so that a private address is meant. */
  readonly isListedLiterally?: boolean | undefined
  /** Each part by itself, for explaining. */
  readonly parts?: readonly ExplainedPart[] | undefined
}
