import type { Network, Rule, Sandbox, Settings } from "@skein/protocol"
import type { ClockPort, PolicyState } from "../ports/index.ts"
import type { SessionState } from "../transcript/state.ts"

/** What the policy weighs beside the rules; one value for one call, from when it is planned until it is over. */
export interface Standing extends Pick<Settings, "mode" | "sandbox" | "approveEffects"> {
  readonly network: Network
}

export function standingOf({ mode, sandbox, network = ASKED_ABOUT, approveEffects }: Settings): Standing {
  return { mode, sandbox, network, approveEffects }
}

/** What the operating system holds a command to: in mode plan it changes nothing. */
export function heldTo({ mode, sandbox }: Standing): Sandbox {
  return mode === "plan" ? "read-only" : sandbox
}

/** Nothing was said about the network: each host is asked about. */
const ASKED_ABOUT: Network = { access: "ask", allow: [] }

/** All that a verdict depends on beside the plan: the settings as it was planned, the moment, and what the turn has read. */
export function policyState(
  state: SessionState,
  { rules, standing, clock }: { rules(): readonly Rule[]; standing(): Standing; readonly clock: ClockPort },
): PolicyState {
  const { mode, sandbox, network } = standing()
  const now = clock.now()
  const { agent } = state.created
  return {
    ...{
      mode,
      sandbox,
      network,
      now,
      taint: taintOf(state),
      rules: inForce([...rules(), ...state.rules, ...turnRules(state)], now),
    },
    ...(agent === undefined ? {} : { agent: agent.name }),
  }
}

function turnRules({ turn }: SessionState): readonly Rule[] {
  return turn?.rules ?? []
}

/** What holds for the children of a session as well: all its rules but those that only spare its own turn questions. */
export function rulesForChildren(state: SessionState): readonly Rule[] {
  return [...state.rules, ...turnRules(state).filter(({ decision }) => decision !== "allow")]
}

/** Why the running turn is not to be trusted, a sentence for each source. */
export function taintOf({ turn }: SessionState): readonly string[] {
  return (turn?.taint ?? []).map(({ source }) => `this turn has read ${source}, which others may have written`)
}

/** Those that have not expired. */
export function inForce(rules: readonly Rule[], now: number): readonly Rule[] {
  return rules.filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now)
}
