import type { Config } from "@skein/config"
import { type AgentLimits, DEFAULT_LIMITS } from "@skein/core"

/** How often a sub-agent is heard of at least: so that nobody takes one that works long for one that hangs. */
const BEAT_MS = 5_000

/** How many sub-agents there may be, and for how long, as the configuration has it. */
export function agentLimitsOf({ values: { agents } }: Config): AgentLimits {
  return { ...agents, beatMs: BEAT_MS }
}

/** What a turn may do by itself before somebody has to say more, as the configuration has it. */
export function turnLimitsOf({ values: { waiting, context } }: Config): typeof DEFAULT_LIMITS {
  return { ...DEFAULT_LIMITS, ...waiting, compactAt: context.compactAt, windowing: context.isWindowed }
}
