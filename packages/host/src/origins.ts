import type { Config } from "@skein/config"
import type { SettingOrigin } from "@skein/core/ports"

/** What a configuration holds, each with where it was said. */
export function originsIn(config: Config, resolve: (model: string) => string): readonly SettingOrigin[] {
  return config.show().map(({ key, value, origin: { layer, file, key: said } }) => {
    const where = file ?? (said === key ? undefined : said)
    const isModel = key === "model" && config.values.model !== undefined
    // By its whole name, as a session has it: people write aliases.
    const shown = isModel ? JSON.stringify(resolve(config.values.model ?? "")) : value
    return { key, value: shown, from: where === undefined ? layer : `${layer}: ${where}` }
  })
}
