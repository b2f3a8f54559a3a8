import { nameMatches, type SessionId, type Settings, SkeinError, TIERS, type Workspace } from "@skein/protocol"
import { type Agent, type Place, type SpawnRequest, ToolFailure } from "../ports/index.ts"
import type { Beginning } from "../session/beginning.ts"
import type { EnginePorts } from "../session/ports.ts"
import { rootsOf } from "../transcript/roots.ts"
import type { SessionState } from "../transcript/state.ts"
import { isApartFrom } from "./apart.ts"
import type { Owner } from "./kin.ts"
import { narrowerMode } from "./narrow.ts"

type BeginPorts = Pick<EnginePorts, "locate" | "tierFor" | "model" | "tools" | "agents" | "isTreeOf">

/**
 * How a child of this session begins: its parent's settings, narrowed by what its agent says. Throws ToolFailure beyond
 * the limit of depth, and where its folder or its model cannot be used.
 */
export async function childBeginning(
  state: SessionState,
  sessionId: SessionId,
  request: SpawnRequest,
  { callId }: Owner,
  ports: BeginPorts,
): Promise<Beginning> {
  const { agent, cwd, description } = request
  const depth = (state.created.agent?.depth ?? 0) + 1
  if (depth > ports.agents.depthMax) {
    const levels = ports.agents.depthMax === 1 ? "1 level" : `${ports.agents.depthMax} levels`
    throw new ToolFailure(`A sub-agent this deep may begin no other: ${levels} is the most. Do the work here.`)
  }
  const workspace = await asFailure(folderOf(state, cwd, ports))
  const settings = settingsOf(state, agent, workspace, ports)
  return {
    ...{ sessionId, opId: undefined, workspace, settings, isInteractive: false },
    parent: { sessionId: state.sessionId, seq: state.seq, kind: "subagent" },
    agent: {
      name: agent.name,
      depth,
      ...(agent.instructions === undefined ? {} : { instructions: agent.instructions }),
      ...(callId === undefined ? {} : { callId }),
    },
    events: [{ type: "session.changed", title: description }],
  }
}

/** One that its parent may work in, or a worktree of its repository that was made for it. */
async function folderOf(state: SessionState, cwd: string | undefined, ports: BeginPorts): Promise<Workspace> {
  const { workspace } = state.created
  if (cwd === undefined) return workspace
  const found = await ports.locate(cwd)
  const isInside = !isApartFrom(state, found)
  const isTree = ports.isTreeOf?.(found.path, workspace.path) === true
  if (isInside || isTree) return found
  throw new ToolFailure(`${cwd} is none of this session's folders, so no sub-agent can work there.`)
}

function settingsOf(state: SessionState, agent: Agent, workspace: Workspace, ports: BeginPorts): Settings {
  const { outputSchema: _, routing: __, dryRun: ___, ...inherited } = state.settings
  const isInside = !isApartFrom(state, workspace)
  const tools = toolsOf(state.settings.tools, agent.tools, { cwd: workspace.path }, ports)
  const toolsDenied = [...new Set([...(state.settings.toolsDenied ?? []), ...(agent.toolsDenied ?? [])])]
  return {
    ...inherited,
    ...modelOf(state, agent, ports),
    mode: narrowerMode(state.settings.mode, agent.mode ?? state.settings.mode),
    // One that works in a tree of its own is not to write into its parent's folders.
    extraRoots: isInside ? [...new Set([...rootsOf(state)])].filter((root) => root !== workspace.path) : [],
    limits: limitsOf(state, agent),
    ...(tools === undefined ? {} : { tools }),
    ...(toolsDenied.length === 0 ? {} : { toolsDenied }),
  }
}

/** A model by name, or a tier beside the parent's. */
function modelOf(state: SessionState, { model }: Agent, ports: BeginPorts): Partial<Settings> {
  if (model === undefined) return {}
  try {
    const tier = TIERS.find((each) => each === model)
    if (tier !== undefined) {
      const { effort, ...meant } = ports.tierFor(tier, state.settings.model, state.created.workspace.path)
      ports.model.describe(meant.model)
      return { ...meant, tier, effort }
    }
    ports.model.describe(model)
    return { model, tier: undefined }
  } catch (error) {
    throw failureOf(error)
  }
}

/** Its own, within what is left of its parent's. */
function limitsOf({ settings, turn }: SessionState, { stepsMax, microUsdMax }: Agent): Settings["limits"] {
  const { stepsMax: turnStepsMax, tokensMax, microUsdMax: turnMicroUsdMax, ...kept } = settings.limits
  const steps = [turnStepsMax, stepsMax].filter((max) => max !== undefined)
  const left = turnMicroUsdMax === undefined ? undefined : Math.max(1, turnMicroUsdMax - (turn?.microUsd ?? 0))
  const money = [left, microUsdMax].filter((max) => max !== undefined)
  return {
    ...kept,
    ...(steps.length === 0 ? {} : { stepsMax: Math.min(...steps) }),
    ...(tokensMax === undefined ? {} : { tokensMax: Math.max(1, tokensMax - (turn?.tokens ?? 0)) }),
    ...(money.length === 0 ? {} : { microUsdMax: Math.min(...money) }),
  }
}

/** Those of the agent that its parent has too; undefined where neither names any. */
function toolsOf(
  parent: readonly string[] | undefined,
  own: readonly string[] | undefined,
  place: Place,
  { tools }: BeginPorts,
): readonly string[] | undefined {
  if (parent === undefined || own === undefined) return own ?? parent
  const isIn = (names: readonly string[], name: string) => names.some((each) => nameMatches(each, name))
  return tools
    .list(place)
    .map(({ name }) => name)
    .filter((name) => isIn(parent, name) && isIn(own, name))
}

async function asFailure<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw failureOf(error)
  }
}

/** What the world refused is for the model to read. */
export function failureOf(error: unknown): unknown {
  return error instanceof SkeinError ? new ToolFailure(error.message, { cause: error }) : error
}
