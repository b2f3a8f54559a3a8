import type { Settings, SettingsChange } from "@skein/protocol"
import type { EnginePorts } from "./ports.ts"

/**
 * A change with the model and effort that its tier stands for, so that the log says what was asked. Another model by
 * itself ends the tier. Throws SkeinError for a tier that no model is known for.
 */
export function withTier(
  changes: SettingsChange,
  now: Settings,
  path: string,
  { tierFor }: Pick<EnginePorts, "tierFor">,
): SettingsChange {
  const { tier, model, effort } = changes
  if (tier === undefined) {
    const isEnded = now.tier !== undefined && model !== undefined && model !== now.model
    return isEnded ? { ...changes, tier: null } : changes
  }
  if (tier === null) return changes
  const meant = tierFor(tier, now.model, path)
  return { ...changes, model: model ?? meant.model, effort: effort === undefined ? (meant.effort ?? null) : effort }
}
