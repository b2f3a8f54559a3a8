import type { Settings, SettingsChange } from "./settings.ts"

/** What null takes away again. */
const REMOVABLE = ["outputSchema", "tier", "routing", "effort", "verbosity", "outputStyle"] as const

/** The settings after a change. Limits are merged; everything else is replaced. */
export function withChanges(settings: Settings, changes: SettingsChange): Settings {
  const { outputSchema, tier, routing, effort, verbosity, outputStyle, ...rest } = changes
  const removable = { outputSchema, tier, routing, effort, verbosity, outputStyle }
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  const kept: Settings = { ...settings, ...given, limits: { ...settings.limits, ...changes.limits } }
  const set = REMOVABLE.flatMap((key) => {
    const value = removable[key] === undefined ? settings[key] : removable[key]
    return value === null || value === undefined ? [] : [[key, value] as const]
  })
  const {
    outputSchema: _,
    tier: __,
    routing: ___,
    effort: ____,
    verbosity: _____,
    outputStyle: ______,
    ...others
  } = kept
  return { ...others, ...Object.fromEntries(set) }
}
