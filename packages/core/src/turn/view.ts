import { interruptionOf } from "../calls/interruption.ts"
import { hasImages } from "../context/elide.ts"
import { reliefAfterRefusal, reliefBefore } from "../context/relief.ts"
import { contextSize } from "../context/size.ts"
import { modelNow } from "../transcript/model.ts"
import { openCalls } from "../transcript/open.ts"
import type { OpenTurn, SessionState } from "../transcript/state.ts"
import { overBudget } from "./budget.ts"
import type { TurnView } from "./decide.ts"
import type { TurnPorts } from "./ports.ts"

/** What a decision depends on, gathered from the fold and the moment. */
export function view(state: SessionState, turn: OpenTurn, ports: TurnPorts): TurnView {
  const { stepsMax, tokensMax, microUsdMax } = state.settings.limits
  const size = contextSize(state, ports)
  const options = { tokens: ports.tokens, hasWindow: ports.limits.windowing }
  return {
    turn,
    isInterrupted: ports.signal.aborted,
    interruption: interruptionOf(ports.signal),
    now: ports.clock.now(),
    openCalls: openCalls(state),
    steersWaiting: state.queue.filter((queued) => queued.delivery === "steer").length,
    limits: {
      ...ports.limits,
      stepsMax: stepsMax ?? ports.limits.stepsMax,
      tokensMax: tokensMax ?? ports.limits.tokensMax,
      microUsdMax: microUsdMax ?? ports.limits.microUsdMax,
    },
    isAttended: ports.isAttended(),
    fallbackModel: otherThan(modelNow(state), turn.reroutedTo === undefined ? state.settings.fallbackModel : undefined),
    overBudget: overBudget(ports.spent(), state.settings.limits) ?? ports.overParent?.(),
    children: childrenOf(turn, ports),
    contextTokens: size.contextTokens,
    triggerTokens: size.triggers?.elideTokens,
    // Asked for only where something does not fit, which is seldom.
    get canCompact() {
      return reliefAfterRefusal(state, size, options) !== undefined
    },
    get isWorthCompacting() {
      return reliefBefore(state, size, options) !== undefined
    },
    get hasImages() {
      return hasImages(state)
    },
  }
}

/** What the turn's children took of what it may spend. */
function childrenOf(turn: OpenTurn, ports: TurnPorts): TurnView["children"] {
  const now = ports.childrenNow?.() ?? { tokens: 0, microUsd: 0 }
  return { tokens: turn.childTokens + now.tokens, microUsd: turn.childMicroUsd + now.microUsd }
}

function otherThan(model: string, other: string | undefined): string | undefined {
  return other === model ? undefined : other
}
