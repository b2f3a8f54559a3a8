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

/** The ids of a provider's models that are known without asking it. */
export function listed(row: OwnRow, overridden: readonly string[]): readonly string[] {
  const own = overridden.filter((name) => name.startsWith(`${row.id}/`))
  const ids = [...Object.keys(catalog().models[row.id] ?? {}), ...own.map((name) => name.slice(row.id.length + 1))]
  return [
    ...new Set([...ids, ...(row.defaultModel === undefined || row.catalogOf !== undefined ? [] : [row.defaultModel])]),
  ]
}
