import { type ContextProfile, type ModelInfo, SkeinError } from "@skein/protocol"
import type { Configs } from "./configs.ts"

/** What choosing takes of the models there are. */
interface ProfileNaming {
  /** Throws SkeinError for a model that cannot be asked. */
  describe(model: string): Pick<ModelInfo, "contextTokens">
  isLocal(model: string): boolean
}

export interface ProfileChoice {
  readonly profile: ContextProfile
  /** For the person, where they did not choose it themselves. */
  readonly notice?: string | undefined
}

/** Below this many tokens the standard instructions, all tools and one long file fill a window. */
const SMALL_WINDOW_TOKENS = 16_384

/**
 * What stands before a conversation: as the person's configuration says, else the compact one where the model's window is
 * small or this machine has to read every token of it itself.
 */
export function profilesOf(configs: Configs, models: ProfileNaming): (model: string, path: string) => ProfileChoice {
  return (model, path) => {
    const said = configs.in(path).values.context.profile
    if (said !== "auto") return { profile: said }
    const why = whyCompact(model, models)
    if (why === undefined) return { profile: "standard" }
    const notice = `${model} ${why}: this session has short instructions and six tools. context.profile = "standard" gives new sessions all.`
    return { profile: "compact", notice }
  }
}

function whyCompact(model: string, models: ProfileNaming): string | undefined {
  try {
    const { contextTokens } = models.describe(model)
    if (contextTokens !== undefined && contextTokens < SMALL_WINDOW_TOKENS) {
      return `has a small window (${contextTokens} tokens)`
    }
    return models.isLocal(model) ? "runs on this machine" : undefined
  } catch (error) {
    // One that is not known is refused with the request itself, in words of its own.
    if (error instanceof SkeinError) return undefined
    throw error
  }
}
