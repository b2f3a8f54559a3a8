import { type SessionId, SkeinError, TIERS, type TierInfo } from "@skein/protocol"
import { priceOf } from "../context/cost.ts"
import { factsOf } from "../context/size.ts"
import type { SessionState } from "../transcript/state.ts"
import type { EnginePorts } from "./ports.ts"

interface InfoPorts extends Pick<EnginePorts, "tierFor" | "catalogue" | "model"> {
  readonly state: (sessionId: SessionId) => Promise<SessionState>
}

/** What each tier is beside a session, by the price list and the person's own logs alone. */
export async function tierInfos(sessionId: SessionId, ports: InfoPorts): Promise<readonly TierInfo[]> {
  const [state, typical] = await Promise.all([ports.state(sessionId), ports.catalogue.typical()])
  const path = state.created.workspace.path
  return TIERS.map((tier): TierInfo => {
    const meant = attempted(() => ports.tierFor(tier, state.settings.model, path))
    if (meant instanceof SkeinError) return { tier, blocker: meant.message }
    const { model, effort } = meant
    const { usage } = typical
    const own = typical.models.find((one) => one.model === model)
    return {
      ...{ tier, model, effort, price: factsOf(model, ports.model)?.price },
      turnMicroUsd: usage === undefined ? undefined : priceOf(usage, model, ports.model),
      ...{ turnMs: own?.turnMs, turns: own?.turns },
    }
  })
}

function attempted<T>(work: () => T): T | SkeinError {
  try {
    return work()
  } catch (error) {
    if (error instanceof SkeinError) return error
    throw error
  }
}
