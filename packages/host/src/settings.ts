import type { Config } from "@skein/config"
import { type Settings, SkeinError } from "@skein/protocol"
import { type Configs, perFolder } from "./configs.ts"
import type { HostRequest } from "./request.ts"
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
  naming: Naming,
  warn: (sentence: string) => void,
): (path: string) => Settings {
  return perFolder((path) => {
    const config = configs.in(path)
    for (const warning of config.warnings) warn(warning)
    const { values } = config
    if (values.sandbox === "full-access") warn(UNCONFINED)
    const isDefault = (key: string) => config.origin(key)?.layer === "defaults"
    return {
      model: modelOf(config, configs, naming, warn) ?? "",
      mode: isDefault("mode") ? (fallback?.mode ?? values.mode) : values.mode,
      sandbox: isDefault("sandbox") ? (fallback?.sandbox ?? values.sandbox) : values.sandbox,
      network: values.toolsNetwork,
      ...(values.approvals.areOfEffects ? { approveEffects: true } : {}),
      effort: values.effort,
      extraRoots: values.extraRoots,
      limits: values.limits,
    }
  })
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

function providerOf(model: string): string {
  return model.split("/")[0] ?? model
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
