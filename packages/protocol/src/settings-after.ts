import type { Settings, SettingsChange } from "./settings.ts"

/** The settings after a change. Limits are merged; everything else is replaced. */
export function withChanges(settings: Settings, changes: SettingsChange): Settings {
  const { outputSchema = settings.outputSchema, tier = settings.tier, effort = settings.effort, ...others } = changes
  const { verbosity = settings.verbosity, ...rest } = others
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  const { outputSchema: _, tier: __, effort: ___, verbosity: ____, ...kept } = { ...settings, ...given }
  return {
    ...kept,
    ...(outputSchema === null || outputSchema === undefined ? {} : { outputSchema }),
    ...(tier === null || tier === undefined ? {} : { tier }),
    ...(effort === null || effort === undefined ? {} : { effort }),
    ...(verbosity === null || verbosity === undefined ? {} : { verbosity }),
    limits: { ...settings.limits, ...changes.limits },
  }
}
