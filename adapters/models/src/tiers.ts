import type { Effort, ModelInfo, Tier } from "@skein/protocol"
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
 * `free` is the first that its price list says costs nothing. Undefined where the provider has none that is known.
 */
export function tierModel(
  tier: Tier,
  provider: string,
  rows: readonly OwnRow[],
  infosOf: (row: OwnRow) => readonly ModelInfo[],
): TierModel | undefined {
  const row = rowOf(provider, rows)
  if (row === undefined) return undefined
  const known = catalog().tiers[row.id]
  const named = (id: string | undefined) => (id === undefined ? undefined : { model: `${row.id}/${id}` })
  if (tier === "smart") return named(row.defaultModel)
  if (tier === "rush") return named(known?.rush)
  if (tier === "free") return named(infosOf(row).find(isFree)?.id)
  const deepest = named(known?.deep ?? row.defaultModel)
  return deepest === undefined ? undefined : { ...deepest, effort: "high" }
}

function isFree({ price }: ModelInfo): boolean {
  return price?.input === 0 && price.output === 0
}
