import { type Config, LAYERS } from "@skein/config"
import { type Settings, SkeinError, type Tier, type WebSearch } from "@skein/protocol"
import { given } from "@skein/protocol/json"
import { type Configs, perFolder } from "./configs.ts"
import type { HostRequest } from "./request.ts"
import { providerOf, type TierChoice, type TierNaming, tiersOf } from "./tiers.ts"
import { routerWarnings } from "./tool-router.ts"
import { UNCONFINED } from "./warnings.ts"

/** What settling a model's name takes. */
export interface Naming {
  /** `provider/model` of what a person wrote. Throws SkeinError `model.unknown`. */
  resolve(name: string): string
  /** The one to take when nobody has chosen; undefined when there is none. */
  defaultModel(): string | undefined
}

/**
 * What a session of a folder starts with. The model is empty when nobody chose one and no key was found. A verb's own
 * defaults stand where nothing but the defaults spoke. What of a configuration was ignored is told once for a folder.
 */
export function settingsPerFolder(
  configs: Configs,
  fallback: HostRequest["fallback"],
  naming: Naming & TierNaming,
  warn: (sentence: string) => void,
): (path: string) => Settings {
  const tierOf = tiersOf(configs, naming)
  return perFolder((path) => {
    const config = configs.in(path)
    const { values } = config
    for (const warning of [...config.warnings, ...routerWarnings(values.toolRouter)]) warn(warning)
    if (values.sandbox === "full-access") warn(UNCONFINED)
    const isDefault = (key: string) => config.origin(key)?.layer === "defaults"
    const chosen = modelOf(config, configs, naming, warn) ?? ""
    const tier = startTier(config, chosen, tierOf, warn)
    return {
      model: tier?.model ?? chosen,
      ...(tier === undefined ? {} : { tier: tier.tier }),
      ...routingOf(config),
      mode: isDefault("mode") ? (fallback?.mode ?? values.mode) : values.mode,
      sandbox: isDefault("sandbox") ? (fallback?.sandbox ?? values.sandbox) : values.sandbox,
      network: values.toolsNetwork,
      ...(values.approvals.areOfEffects ? { approveEffects: true } : {}),
      effort: isAbove(config, "effort", "tier") ? values.effort : (tier?.effort ?? values.effort),
      ...(values.verbosity === undefined ? {} : { verbosity: values.verbosity }),
      ...(values.outputStyle === undefined ? {} : { outputStyle: values.outputStyle }),
      ...(values.context.repoMapTokens === 0 ? {} : { repoMapTokens: values.context.repoMapTokens }),
      ...searchOf(values.webSearch),
      ...fallbackOf(values.fallbackModel, naming, warn),
      extraRoots: values.extraRoots,
      limits: values.limits,
      ...(values.checks.length === 0 ? {} : { checks: values.checks }),
      ...given("tools", values.tools.enable),
      ...(values.tools.disable.length === 0 ? {} : { toolsDenied: values.tools.disable }),
    }
  })
}

/** That it cannot be asked, as for want of a key, is said before it is needed; a name that is nobody's stops no start. */
function fallbackOf(named: string | undefined, naming: Naming & TierNaming, warn: (sentence: string) => void) {
  if (named === undefined) return {}
  let fallbackModel: string | undefined
  try {
    fallbackModel = naming.resolve(named)
    naming.describe(fallbackModel)
  } catch (error) {
    if (!(error instanceof SkeinError)) throw error
    warn(`models.fallback cannot be asked: ${error.message}`)
  }
  return fallbackModel === undefined ? {} : { fallbackModel }
}

/** The tier that a session begins with, unless a model was named in a stronger place. */
function startTier(
  config: Config,
  model: string,
  tierOf: ReturnType<typeof tiersOf>,
  warn: (sentence: string) => void,
): (TierChoice & { readonly tier: Tier }) | undefined {
  const { tier } = config.values
  if (tier === undefined || isAbove(config, "model", "tier")) return undefined
  try {
    return { tier, ...tierOf(tier, model) }
  } catch (error) {
    // A repository must not be able to keep anyone from working in it.
    if (!(error instanceof SkeinError) || config.origin("tier")?.layer !== "project") throw error
    warn(`Ignored tier in ${config.origin("tier")?.file ?? "the project"}: ${error.message}`)
    return undefined
  }
}

/** Where it may search holds also when it is off, for when the person turns it on. Nothing where nothing is said of it. */
function searchOf(webSearch: WebSearch): Pick<Settings, "webSearch"> {
  const { access, contextSize, allowedDomains, location } = webSearch
  const isSaid = access !== "disabled" || [contextSize, allowedDomains, location].some((one) => one !== undefined)
  return isSaid ? { webSearch } : {}
}

/** A model or a tier that is named in a stronger place is what the person wants asked. */
function routingOf(config: Config): Pick<Settings, "routing" | "optimize"> {
  const { routing, optimize, tier } = config.values
  const key = config.origin("routing") === undefined ? "tier" : "routing"
  const isOver = isAbove(config, "model", key) || (tier !== undefined && isAbove(config, "tier", key))
  return {
    ...(routing === undefined || isOver ? {} : { routing }),
    ...(optimize === undefined ? {} : { optimize }),
  }
}

/** Whether one key is said in a stronger place than another. */
function isAbove(config: Config, key: string, other: string): boolean {
  const rank = (name: string) => LAYERS.indexOf(config.origin(name)?.layer ?? "defaults")
  return rank(key) > rank(other)
}

/**
 * A project may choose among the models of the provider that would be asked without it, and of no other: who sees the
 * conversation, and whose key is spent, is the person's choice.
 */
function modelOf(
  config: Config,
  configs: Configs,
  naming: Naming,
  warn: (sentence: string) => void,
): string | undefined {
  const origin = config.origin("model")
  if (origin?.layer !== "project") return namedOr(naming, config.values.model)
  const own = namedOr(naming, configs.ofPerson().values.model)
  const ignored = (why: string) => {
    warn(`Ignored model in ${origin.file ?? "the project"}: ${why}`)
    return own
  }
  try {
    const asked = namedOr(naming, config.values.model)
    if (own === undefined || asked === undefined || providerOf(own) === providerOf(asked)) return asked
    return ignored(`a project may choose no other provider, and ${own} holds.`)
  } catch (error) {
    // A repository must not be able to keep anyone from working in it.
    if (error instanceof SkeinError && own !== undefined) return ignored(error.message)
    throw error
  }
}

function namedOr({ resolve, defaultModel }: Naming, name: string | undefined): string | undefined {
  return name === undefined ? defaultModel() : resolve(name)
}

/** A key file is for the provider of the model that the person named, and for no other, whatever a project says. */
export function keyFileOf(request: HostRequest, configs: Configs, { resolve }: Pick<Naming, "resolve">) {
  if (request.apiKeyFile === undefined) return undefined
  const { model } = configs.ofPerson().values
  if (model === undefined) {
    throw new SkeinError("config.invalid", "A key file needs to know whose key it holds: name a model with --model.")
  }
  return { path: request.apiKeyFile, provider: providerOf(resolve(model)) }
}

/** Looks for a model only when nobody chose one, and learns about the one that it is. */
export async function startModelOf({ model }: Settings, models: StartModels): Promise<string | undefined> {
  const found = model === "" ? ((await models.storedModel()) ?? (await models.local())?.[0]) : model
  if (found !== undefined) await models.learn(found)
  return found
}

interface StartModels {
  storedModel(): Promise<string | undefined>
  local(): Promise<readonly string[] | undefined>
  learn(model: string): Promise<unknown>
}
