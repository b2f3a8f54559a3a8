import {
  type Agent,
  type AgentModel,
  type AgentRow,
  type AgentTable,
  type AgentTablePort,
  ToolFailure,
} from "@skein/core/ports"
import type { Json } from "@skein/protocol/json"
import { AUTO, BUILT_IN } from "./built-in/rows.ts"
import { agentFiles, agentFilesOfPlugins, type Places } from "./files/find.ts"
import { type AgentFile, readAgent } from "./files/parse.ts"
import { agentsGiven } from "./given.ts"
import { agentFor } from "./route.ts"

export interface AgentsOptions extends Places {
  /** Of these files of a project, the paths of those that the person trusts as they are. */
  readonly trusted: (cwd: string, files: readonly Pick<AgentFile, "path" | "sha256">[]) => Promise<ReadonlySet<string>>
  /**
   * `provider/model` for a parent that asks `model`; undefined where there is none and the parent's does. Throws SkeinError.
   */
  readonly modelFor: (asks: AgentModel, model: string) => string | undefined
  /** Agents that the person gave for this run, by their names, as the Claude Agent SDK defines them. */
  readonly given?: (() => Json | undefined) | undefined
}

/** The agents that work can be handed to, read anew each time: a file may have been written a moment ago. */
export function agents(options: AgentsOptions): AgentTablePort {
  return {
    async read(cwd) {
      const files = agentFiles(cwd, options)
      const ofProject = files.filter(({ origin }) => origin === "project")
      const trusted = ofProject.length === 0 ? new Set<string>() : await options.trusted(cwd, ofProject)
      const isTrusted = ({ path }: AgentFile) => trusted.has(path)
      const untrusted = ofProject.filter((file) => !isTrusted(file))
      const ofPlugins = agentFilesOfPlugins(await options.pluginPlaces(cwd))
      const given = agentsGiven(options.given?.() ?? {})
      const table = tableOf(
        given,
        [...files.filter(({ origin }) => origin === "person"), ...ofPlugins],
        ofProject.filter(isTrusted),
      )
      return { ...table, warnings: [...table.warnings, ...untrusted.map(notTrusted)] }
    },
    nameFor: async (name, task) => (name === AUTO ? agentFor(task) : name),
    chosen: async (row, model) => chosen(row, model, options.modelFor),
  }
}

/** One row for each name: those of this run first, a project's before the person's before the built-in ones, but no project's in a built-in's place. */
function tableOf(given: AgentTable, own: readonly AgentFile[], project: readonly AgentFile[]): AgentTable {
  const warnings: string[] = [...given.warnings]
  const rows = new Map<string, AgentRow>(given.agents.map((row) => [row.name, row]))
  const builtIn = new Map(BUILT_IN.map((row) => [row.name, row]))
  for (const file of [...project, ...own]) {
    const read = readAgent(file)
    warnings.push(...read.warnings)
    const { row } = read
    if (row === undefined) continue
    const refusal = refusalOf(row, builtIn, rows.get(row.name))
    if (refusal === undefined) rows.set(row.name, row)
    else warnings.push(`${file.shown}: ${refusal} It is left out.`)
  }
  const kept = BUILT_IN.map((row) => rows.get(row.name) ?? row)
  const custom = [...rows.values()]
    .filter(({ name }) => !builtIn.has(name))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return { agents: [...kept, ...custom], warnings }
}

function refusalOf(
  row: AgentRow,
  builtIn: ReadonlyMap<string, AgentRow>,
  before: AgentRow | undefined,
): string | undefined {
  if (row.name === AUTO) return `${AUTO} is the name under which skein chooses an agent.`
  if (before !== undefined && before.path === undefined) return `this run has an agent ${row.name} of its own.`
  if (before !== undefined) return `${before.path} has the name ${row.name} already.`
  // Work that is meant for one that only reads would go to whatever the project says.
  if (row.origin === "project" && builtIn.has(row.name))
    return `${row.name} is an agent of skein's own; a project cannot take its place.`
  return undefined
}

function notTrusted({ shown }: AgentFile): string {
  return `${shown}: it is not used, because this folder is not trusted with it as it is. See it with: skein trust items`
}

function chosen(
  { summary: _, origin, path: __, asks, isIsolated: ___, ...agent }: AgentRow,
  model: string,
  modelFor: AgentsOptions["modelFor"],
): Agent {
  if (asks === undefined) return agent
  const found = modelFor(asks, model)
  if (found === undefined) return agent
  // A project may say how much model, never whose: the conversation would go to somebody else.
  if (origin === "project" && providerOf(found) !== providerOf(model)) {
    throw new ToolFailure(
      `The agent ${agent.name} of this project asks for ${found}, and only a model of ${providerOf(model)} may be asked here. ` +
        "Copy its file to your own agents to use it so.",
    )
  }
  return { ...agent, model: found }
}

function providerOf(model: string): string {
  return model.slice(0, model.indexOf("/"))
}
