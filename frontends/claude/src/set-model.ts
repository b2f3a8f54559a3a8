import { SkeinError } from "@skein/protocol"
import type { ControlContext } from "./control-context.ts"
import { modelOf } from "./settings.ts"
import { claudeModel } from "./words.ts"

/** Hooks of the host hear of it before and after, and may refuse it. Throws SkeinError. */
export async function setModel(name: string | undefined, context: ControlContext): Promise<undefined> {
  const { models } = await context.offer()
  const session = await context.session()
  const isDefault = name === undefined || name === "" || name === "default"
  const model = isDefault ? session.firstModel : modelOf(name, models)
  const hooks = context.hooks()
  const isHeard = hooks?.has("PreModelSwitch") === true || hooks?.has("PostModelSwitch") === true
  if (hooks === undefined || !isHeard) {
    await session.change({ model })
    return undefined
  }
  const view = await context.engine.ask({ type: "session.read", sessionId: session.sessionId })
  const fields = {
    ...session.facts,
    ...{ from_model: claudeModel(view.settings.model), to_model: claudeModel(model) },
    ...{ requested_model: isDefault ? null : name, source: "sdk", context_tokens: view.contextTokens ?? 0 },
    ...{ prompt_cache_warm: false, cache_ttl: "5m", estimated_cache_write_usd: 0, pricing: "default" },
  }
  const { refusal } = await hooks.at("PreModelSwitch", fields, { subject: claudeModel(model) })
  if (refusal !== undefined) throw new SkeinError("op.invalid", refusal)
  await session.change({ model })
  await hooks.at("PostModelSwitch", fields, { subject: claudeModel(model) })
  return undefined
}
