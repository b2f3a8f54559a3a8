import type { Effort, Tier } from "@skein/protocol"
import { catalog } from "./catalog/catalog.ts"
import { rowOf } from "./choose.ts"
import type { OwnRow } from "./providers/user.ts"

/** What a tier stands for with one provider, where nobody said. */
export interface TierModel {
  /** `provider/model`. */
  readonly model: string
  readonly effort?: Effort | undefined
}

/**
 * `smart` is the provider's default model, `rush` its cheap and fast one, `deep` its strongest, which is to think hard.
 * Undefined where the provider has none that is known; nobody's model is known to be free.
 */
export function tierModel(tier: Tier, provider: string, rows: readonly OwnRow[]): TierModel | undefined {
  const row = rowOf(provider, rows)
  if (row === undefined) return undefined
  const known = catalog().tiers[row.id]
  const named = (id: string | undefined) => (id === undefined ? undefined : { model: `${row.id}/${id}` })
  if (tier === "smart") return named(row.defaultModel)
  if (tier === "rush") return named(known?.rush)
  const deepest = tier === "deep" ? named(known?.deep ?? row.defaultModel) : undefined
  return deepest === undefined ? undefined : { ...deepest, effort: "high" }
}
