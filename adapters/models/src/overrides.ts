import { SkeinError } from "@skein/protocol"
import { catalog, type ModelOverride } from "./catalog/catalog.ts"
import { choose } from "./choose.ts"
import type { OwnRow } from "./providers/user.ts"

/** The user's overrides under the full names of their models, however they were written: `opus`, `kimi/kimi-k3`. */
export function resolved(
  overrides: Readonly<Record<string, ModelOverride>>,
  rows: readonly OwnRow[],
): ReadonlyMap<string, ModelOverride> {
  const named = Object.entries(overrides).map(([name, override]) => {
    try {
      const { row, modelId } = choose(name, rows)
      return [`${row.id}/${modelId}`, override] as const
    } catch (cause) {
      throw new SkeinError("config.invalid", `The settings for the model "${name}" fit no model: ${String(cause)}`, {
        cause,
      })
    }
  })
  return new Map(named)
}

/** The ids of a provider's models: the catalogue's, its closed list, those that a person describes, and its default. */
export function listed(row: OwnRow, overridden: readonly string[]): readonly string[] {
  const own = overridden.filter((name) => name.startsWith(`${row.id}/`)).map((name) => name.slice(row.id.length + 1))
  const ids = [...Object.keys(catalog().models[row.id] ?? {}), ...(row.models ?? []), ...own]
  // The same models over another wire of the same provider are one line of a list.
  const isTwin = row.catalogOf !== undefined && row.isPricedApart !== true
  return [...new Set([...ids, ...(row.defaultModel === undefined || isTwin ? [] : [row.defaultModel])])]
}
