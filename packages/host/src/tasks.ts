import { type ModelInfo, SkeinError, type Task, type TaskChoice, TIERS, type Tier } from "@skein/protocol"
import type { Configs } from "./configs.ts"
import { costsNothing, providerOf, type TierChoice, type TierNaming } from "./tiers.ts"

/** What choosing takes of the models there are. */
export interface TaskNaming extends TierNaming {
  taskRow(task: Task): {
    readonly by: readonly (Tier | "session")[]
    readonly seesImages?: boolean | undefined
    readonly else?: "rule" | "off" | undefined
  }
  /** Known to see no images. */
  isBlind(model: string): boolean
}

/**
 * Who does a task: as the person's configuration says, else a model of the provider that the session asks anyhow, so that
 * nobody else is shown anything. A project has no say. Throws SkeinError `config.invalid` and `model.unknown`.
 */
export function tasksOf(configs: Configs, naming: TaskNaming): (task: Task, model: string) => TaskChoice {
  return (task, model) => {
    const { tasks, tiers } = configs.ofPerson().values
    const said = tasks[task]
    const row = naming.taskRow(task)
    const sees = (name: string) => row.seesImages !== true || infoOf(name)?.images === true
    if (row.seesImages === true && !naming.isBlind(model))
      return { kind: "off", why: "the session's model is shown images" }
    if (said !== undefined) return asSaid(task, said, model)
    const isLocal = naming.isLocal(model)
    if (isLocal && row.else === "off") return { kind: "off", why: "it would keep this machine busy" }
    if (isLocal && row.else === "rule") return { kind: "rule", why: "the session's model runs on this machine" }
    if (isLocal) return { kind: "model", model, why: "the session's own model, on this machine" }
    for (const by of row.by) {
      const found = by === "session" ? { model } : tierOf(by, tiers[by])
      if (found !== undefined && sees(found.model)) {
        const why = by === "session" ? "the session's own model" : `the tier ${by} of its provider`
        return { kind: "model", ...found, why }
      }
    }
    const none = `no model of ${providerOf(model)} is known for it`
    return { kind: row.else ?? "off", why: row.else === "off" ? `${none} that costs nothing` : none }

    /** A tier that the person gave to another provider is not meant here. */
    function tierOf(tier: Tier, own: { readonly model?: string | undefined } | undefined): TierChoice | undefined {
      const provider = providerOf(model)
      const named = own?.model === undefined ? undefined : naming.resolve(own.model)
      if (named !== undefined && providerOf(named) === provider) return { model: named }
      if (tier === "free" && costsNothing(model, naming)) return { model }
      const known = naming.tier(tier, provider)
      return known === undefined ? undefined : { model: known.model, effort: known.effort }
    }
  }

  function asSaid(task: Task, said: string, model: string): TaskChoice {
    const why = `tasks.${task} says so`
    if (said === "off" || model === "") return { kind: "off", why }
    if (said === "rule") return { kind: "rule", why }
    if (said === "session") return { kind: "model", model, why }
    const tier = TIERS.find((name) => name === said)
    if (tier === undefined) return { kind: "model", model: naming.resolve(said), why }
    const { tiers } = configs.ofPerson().values
    const own = tiers[tier]?.model
    const found = own === undefined ? naming.tier(tier, providerOf(model)) : { model: naming.resolve(own) }
    if (found === undefined)
      return { kind: "off", why: `${why}, and no model of ${providerOf(model)} is of the tier ${tier}` }
    return { kind: "model", model: found.model, effort: tiers[tier]?.effort ?? found.effort, why }
  }

  /** Undefined for a model that cannot be asked. */
  function infoOf(model: string): ModelInfo | undefined {
    try {
      return naming.describe(model)
    } catch (error) {
      if (error instanceof SkeinError) return undefined
      throw error
    }
  }
}
