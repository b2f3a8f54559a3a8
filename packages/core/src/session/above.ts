import type { SessionId } from "@skein/protocol"
import type { Above } from "../agents/kin.ts"
import { rulesForChildren } from "../approval/standing.ts"
import { rootsOf } from "../transcript/roots.ts"
import type { SessionState } from "../transcript/state.ts"
import { usd } from "../turn/budget.ts"
import type { Approvals } from "./approvals.ts"
import type { Offspring } from "./offspring.ts"
import type { EnginePorts } from "./ports.ts"
import type { SessionRules } from "./rules.ts"
import type { Turns } from "./turns.ts"

interface Parts {
  readonly state: SessionState
  readonly ports: EnginePorts
  readonly rules: SessionRules
  readonly approvals: Approvals
  readonly turns: Turns
  readonly offspring: Offspring
  /** What is above this one. */
  readonly above: () => Above | undefined
}

/** What a session is for its children. */
export function aboveOf(parts: Parts): Above {
  const { state, ports, rules, turns, above } = parts
  return {
    rules: () => [
      ...ports.rulesFor(state.created.workspace.path),
      ...rulesForChildren(state),
      ...(above()?.rules() ?? []),
    ],
    settings: () => state.settings,
    roots: () => rootsOf(state),
    present: {
      isAttended: () => turns.isAttended,
      spent: () => turns.spent,
      overTurn: (childSessionId) => overTurn(parts, childSessionId),
      askClient: (question) => turns.askClient(question),
      answers: (kind) => turns.answers(kind),
      keepRules: (given) => above()?.present?.keepRules(given) ?? rules.keep(given),
      rejudge: () => above()?.present?.rejudge() ?? rejudge(parts),
    },
  }
}

/** What waits for a person here, and below. */
export async function rejudge({ approvals, offspring }: Pick<Parts, "approvals" | "offspring">): Promise<void> {
  await approvals.rejudge()
  await offspring.each((child) => child.rejudge())
}

/** A child that the turn waits for spends of its budget. */
function overTurn({ state, ports, offspring, above }: Parts, childSessionId: SessionId): string | undefined {
  const { turn, settings } = state
  if (turn === undefined || !offspring.isForeground(childSessionId)) return undefined
  const tokensMax = settings.limits.tokensMax ?? ports.limits.tokensMax
  const microUsdMax = settings.limits.microUsdMax ?? ports.limits.microUsdMax
  const now = offspring.spentNow("foreground")
  const tokens = turn.tokens + turn.childTokens + now.tokens
  const microUsd = turn.microUsd + turn.childMicroUsd + now.microUsd
  if (tokensMax !== undefined && tokens >= tokensMax) {
    return `The turn that waits for this one has used its ${tokensMax} tokens (${tokens}).`
  }
  if (microUsdMax !== undefined && microUsd >= microUsdMax) {
    return `The turn that waits for this one has spent its budget of ${usd(microUsdMax)} (${usd(microUsd)}).`
  }
  return above()?.present?.overTurn(state.sessionId)
}
