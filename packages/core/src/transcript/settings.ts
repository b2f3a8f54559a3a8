import type { Settings, SettingsChange } from "@skein/protocol"

/** The settings after a change. Limits are merged; everything else is replaced. */
export function withChanges(settings: Settings, changes: SettingsChange): Settings {
  const { outputSchema = settings.outputSchema, ...rest } = changes
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
  const { outputSchema: _, ...kept } = { ...settings, ...given }
  const schema = outputSchema === null || outputSchema === undefined ? {} : { outputSchema }
  return { ...kept, ...schema, limits: { ...settings.limits, ...changes.limits } }
}
