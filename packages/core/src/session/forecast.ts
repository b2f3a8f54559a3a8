import type { CacheChange, CacheForecast } from "@skein/protocol"
import { forecastOf, type MeantChange } from "../context/forecast.ts"
import { contextSize, factsOf } from "../context/size.ts"
import type { SessionState } from "../transcript/state.ts"
import { previewCompaction } from "../turn/preview.ts"
import type { EnginePorts } from "./ports.ts"
import { withTier } from "./tiers.ts"

/** What a change would make the provider read anew; undefined when nothing. Throws SkeinError for a tier that has no model. */
export function forecast(state: SessionState, change: CacheChange, ports: EnginePorts): CacheForecast | undefined {
  const meant = meaning(state, change, ports)
  const { model } = state.settings
  return forecastOf(state, meant, {
    now: ports.clock.now(),
    info: factsOf(model, ports.model),
    nextInfo: factsOf(meant.kind === "settings" ? meant.model : model, ports.model),
    contextTokens: contextSize(state, ports).contextTokens,
    compactedTokens: () => previewCompaction(state, ports).tokensAfter,
  })
}

function meaning(state: SessionState, change: CacheChange, ports: EnginePorts): MeantChange {
  if (change.kind !== "settings") return change
  const { kind: _, ...changes } = change
  const { settings, created } = state
  const { model = settings.model, effort } = withTier(changes, settings, created.workspace.path, ports)
  return { kind: "settings", model, effort: effort === undefined ? settings.effort : (effort ?? undefined) }
}
