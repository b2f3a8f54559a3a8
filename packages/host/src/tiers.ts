import { type Effort, type ModelInfo, SkeinError, type Tier } from "@skein/protocol"
import type { Configs } from "./configs.ts"

/** What a tier stands for. */
export interface TierChoice {
  /** `provider/model`. */
  readonly model: string
  readonly effort?: Effort | undefined
}

export interface TierNaming {
  /** Throws SkeinError `model.unknown`. */
  resolve(name: string): string
  defaultModel(): string | undefined
  /** Whether a model is served by this very machine, without a key. */
  isLocal(model: string): boolean
  /** Throws SkeinError. */
  describe(model: string): ModelInfo
  /** What is known of a provider's own models. */
  tier(tier: Tier, provider: string): TierChoice | undefined
}

/**
 * The model of a tier: as the person's configuration says, else one of the provider that is asked anyhow, so that changing
 * the tier shows the conversation to nobody else. A project has no say. Throws SkeinError `config.invalid`.
 */
export function tiersOf(configs: Configs, naming: TierNaming): (tier: Tier, model: string) => TierChoice {
  return (tier, model) => {
    const { tiers, effort, model: chosen } = configs.ofPerson().values
    const said = tiers[tier]
    if (said?.model !== undefined) return { model: naming.resolve(said.model), effort: said.effort ?? effort }
    const asked = model === "" ? naming.defaultModel() : model
    const provider = asked === undefined ? undefined : providerOf(asked)
    const own = chosen === undefined ? undefined : naming.resolve(chosen)
    const isOwn = tier === "smart" && own !== undefined && providerOf(own) === provider
    const isItself = tier === "free" && asked !== undefined && costsNothing(asked, naming)
    const kept = isOwn ? own : isItself ? asked : undefined
    const known = () => (provider === undefined ? undefined : naming.tier(tier, provider))
    const found = kept === undefined ? known() : { model: kept }
    if (found === undefined) throw unset(tier, provider)
    return { model: found.model, effort: said?.effort ?? found.effort ?? effort }
  }
}

/** What runs on this machine, and what the price list says costs nothing. */
export function costsNothing(model: string, naming: Pick<TierNaming, "isLocal" | "describe">): boolean {
  if (naming.isLocal(model)) return true
  try {
    const { price } = naming.describe(model)
    return price?.input === 0 && price.output === 0
  } catch (error) {
    // Without a key it cannot be asked, whatever it costs.
    if (error instanceof SkeinError) return false
    throw error
  }
}

export function providerOf(model: string): string {
  return model.slice(0, model.indexOf("/"))
}

function unset(tier: Tier, provider: string | undefined): SkeinError {
  const whose = provider === undefined ? "" : `, and no model of ${provider} is known for it`
  return new SkeinError(
    "config.invalid",
    `No model is set for the tier ${tier}${whose}. Put tiers.${tier}.model = "provider/model" into your config.toml.`,
  )
}
