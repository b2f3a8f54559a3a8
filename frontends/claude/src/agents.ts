import { type Mode, type ModelInfo, type SettingsChange, SkeinError } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import { modelOf } from "./settings.ts"
import { claudeAgent, claudeModel } from "./words.ts"

/** An agent that work can be handed to, in the engine's words. */
export interface HostAgent {
  readonly name: string
  /** What it is good for. */
  readonly description: string
  readonly instructions?: string | undefined
  /** As its definition names it; the session's own when left out. */
  readonly model?: string | undefined
  /** Names and globs of tools. */
  readonly tools?: readonly string[] | undefined
  readonly toolsDenied?: readonly string[] | undefined
  readonly mode?: Mode | undefined
  readonly stepsMax?: number | undefined
}

export function agentRow({ name, description, model }: HostAgent): Json {
  return { name: claudeAgent(name), description, ...(model === undefined ? {} : { model: claudeModel(model) }) }
}

/** The agent that a session is to be. Throws SkeinError `op.invalid` where there is none of this name. */
export function mainAgent(name: string | undefined, agents: readonly HostAgent[]): HostAgent | undefined {
  if (name === undefined) return undefined
  const found = agents.find((agent) => agent.name === name || claudeAgent(agent.name) === name)
  if (found !== undefined) return found
  const names = agents.map((agent) => claudeAgent(agent.name)).join(", ")
  throw new SkeinError("op.invalid", `There is no agent ${JSON.stringify(name)}. There are: ${names || "none"}.`)
}

/** What a session has when it is an agent; its flags stand above that. Throws SkeinError `op.invalid`. */
export function settingsOfAgent(
  name: string | undefined,
  agents: readonly HostAgent[],
  models: readonly ModelInfo[],
): SettingsChange {
  const agent = mainAgent(name, agents)
  if (agent === undefined) return {}
  const { model, tools, toolsDenied, mode, stepsMax } = agent
  return {
    ...(model === undefined ? {} : { model: modelOf(model, models) }),
    ...(tools === undefined ? {} : { tools }),
    ...(toolsDenied === undefined || toolsDenied.length === 0 ? {} : { toolsDenied }),
    ...(mode === undefined ? {} : { mode }),
    ...(stepsMax === undefined ? {} : { limits: { stepsMax } }),
  }
}
