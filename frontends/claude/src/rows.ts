import type { CommandInfo, ModelInfo, SkillInfo } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { claudeModel } from "./words.ts"

/** The models that can be asked; where that is none, all of them, each saying that its key is missing. */
export function modelRows(models: readonly ModelInfo[]): readonly Json[] {
  const ready = models.filter(({ isReady }) => isReady)
  return (ready.length === 0 ? models : ready).map(modelRow)
}

function modelRow(model: ModelInfo): Json {
  const name = claudeModel(`${model.provider}/${model.id}`)
  return {
    value: name,
    displayName: model.name ?? model.id,
    description: model.isReady ? `${model.provider} ${model.id}` : `${model.provider} ${model.id} (no key)`,
    supportsEffort: model.reasoning,
    ...(model.reasoning ? { supportedEffortLevels: ["low", "medium", "high", "xhigh", "max"] } : {}),
  }
}

/** What can be begun by `/name`: commands, and skills that are none of them. */
export function commandRows(commands: readonly CommandInfo[], skills: readonly SkillInfo[] = []): readonly Json[] {
  const usable = commands.filter(({ blocker }) => blocker === undefined)
  const names = new Set(usable.map(({ name }) => name))
  return [
    ...usable.map(({ name, summary, usage, aliases, origin }) => ({
      ...{ name, description: summary, argumentHint: usage },
      ...(aliases.length === 0 ? {} : { aliases: [...aliases] }),
      ...(origin === undefined ? { builtin: true } : {}),
    })),
    ...skills.filter(({ name }) => !names.has(name)).map(skillRow),
  ]
}

export function skillRow({ name, description, argumentHint = "" }: SkillInfo): Json {
  return { name, description, argumentHint }
}
