import { type Settings, type SettingsChange, SkeinError, type Tier } from "@skein/protocol"
import type { SessionState } from "../transcript/state.ts"
import type { TurnPorts } from "../turn/ports.ts"
import type { EnginePorts } from "./ports.ts"

/**
 * A change with the model and effort that its tier stands for, so that the log says what was asked. Another model by
 * itself ends the tier, and either ends routing. Throws SkeinError for a tier that no model is known for.
 */
export function withTier(
  changes: SettingsChange,
  now: Settings,
  path: string,
  { tierFor }: Pick<EnginePorts, "tierFor">,
): SettingsChange {
  const { tier, model, effort } = changes
  // Who says what is asked wants it asked.
  const isChosen = tier !== undefined || (model !== undefined && model !== now.model)
  const routing = isChosen && now.routing !== undefined && changes.routing === undefined ? { routing: null } : {}
  if (tier === undefined) {
    const isEnded = now.tier !== undefined && isChosen
    return { ...changes, ...routing, ...(isEnded ? { tier: null } : {}) }
  }
  if (tier === null) return { ...changes, ...routing }
  const meant = tierFor(tier, now.model, path)
  const meantEffort = effort === undefined ? (meant.effort ?? null) : effort
  return { ...changes, ...routing, model: model ?? meant.model, effort: meantEffort }
}

/** How a turn of this session learns who could do what. */
export function choosing(
  state: SessionState,
  { tierFor, taskFor, profileFor, catalogue }: Pick<EnginePorts, "tierFor" | "taskFor" | "profileFor" | "catalogue">,
): Pick<TurnPorts, "taskFor" | "tierOf" | "profileOf" | "typical"> {
  const tierOf = (tier: Tier, model: string) => {
    try {
      return tierFor(tier, model, state.created.workspace.path)
    } catch (error) {
      // None is known for it, which whoever asks for the tier itself is told.
      if (error instanceof SkeinError) return undefined
      throw error
    }
  }
  const profileOf = (model: string) => profileFor(model, state.created.workspace.path)
  return { taskFor, tierOf, profileOf, typical: () => catalogue.typical() }
}
