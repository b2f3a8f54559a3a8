import { existsSync, realpathSync } from "node:fs"
import { join, relative, sep } from "node:path"
import {
  type AgentModel,
  type AgentNamesPort,
  type AgentTable,
  type AgentTablePort,
  type PluginsPort,
  type TakeLock,
  ToolFailure,
  type Worktree,
  type WorktreeRequest,
  type WorktreesPort,
} from "@skein/core/ports"
import { lazy, type SessionId, SkeinError, type Task, type TaskChoice, type Tier } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import type { Configs } from "./configs.ts"
import type { Happenings } from "./happenings.ts"
import { gitRootOf, ownRepositoryOf, projectOf } from "./locate.ts"
import type { HostRequest } from "./request.ts"
import type { TierChoice } from "./tiers.ts"
import { type Trees, treesIn } from "./trees.ts"
import { type ProjectFile, trustedFiles } from "./trusted-files.ts"
import type { Trusting } from "./trusting.ts"

/** Where agents of a plugin lie. */
interface PluginPlace {
  readonly plugin: string
  readonly root: string
  readonly paths: readonly string[]
}

interface AgentsAdapter {
  agents(options: {
    readonly home: string
    readonly projectFolders: readonly string[]
    readonly ownFolders: readonly string[]
    readonly pluginPlaces: (cwd: string) => Promise<readonly PluginPlace[]>
    readonly projectOf: (cwd: string) => string
    readonly trusted: (cwd: string, files: readonly ProjectFile[]) => Promise<ReadonlySet<string>>
    readonly modelFor: (asks: AgentModel, model: string) => string | undefined
    readonly given: () => Json | undefined
  }): AgentTablePort
}

interface WorktreesAdapter {
  worktrees(options: {
    readonly folder: string
    readonly env: Readonly<Record<string, string | undefined>>
    readonly temporary: string
    readonly lock: () => Promise<TakeLock>
    readonly include: (cwd: string) => readonly string[]
    readonly refusal: (cwd: string) => Promise<string | undefined>
    readonly objection: (path: string, request: WorktreeRequest) => Promise<string | undefined>
    readonly onRemoved: (worktree: Worktree, by: SessionId | undefined) => Promise<void>
    readonly now: () => number
    readonly newId: () => string
  }): WorktreesPort
}

export interface DelegatesOptions {
  readonly request: Pick<HostRequest, "given">
  /** Loaded when work is first handed on. */
  readonly load: { agents(): Promise<AgentsAdapter>; worktrees(): Promise<WorktreesAdapter> }
  readonly home: string
  readonly configDir: string
  /** Where worktrees lie; absolute. */
  readonly folder: string
  readonly temporary: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly configs: Configs
  readonly plugins: PluginsPort
  readonly trust: Trusting
  readonly lock: () => Promise<TakeLock>
  /** What hooks hear of worktrees. */
  readonly happenings: () => Happenings
  readonly now: () => number
  /** Throws SkeinError `model.unknown`. */
  readonly resolve: (model: string) => string
  readonly tierFor: (tier: Tier, model: string) => TierChoice
  readonly taskFor: (task: Task, model: string) => TaskChoice
}

export interface Delegates {
  readonly agents: AgentTablePort
  readonly worktrees: WorktreesPort
  /** The same agents for a person who names one: `model` is what their session asks. */
  names(model: (cwd: string) => string): AgentNamesPort
  /** Those that are not built in. Nothing is loaded where a folder and the person have none. */
  custom(cwd: string): Promise<AgentTable["agents"]>
  /** The worktrees that there are for children. */
  readonly trees: Trees
}

/** Who work can be handed to, and where they work. */
export function delegatesOf(options: DelegatesOptions): Delegates {
  const { load, home, configs, env, folder, temporary, lock, now } = options
  const agents = lazy(async () =>
    (await load.agents()).agents({
      ...{ home, projectFolders: PROJECT_FOLDERS, ownFolders: ownFolders(options), projectOf },
      pluginPlaces: (cwd) => pluginPlaces(cwd, options),
      trusted: (cwd, files) => trustedFiles(cwd, files, options.trust),
      modelFor: (asks, model) => modelFor(asks, model, options),
      given: () => options.request.given?.agents,
    }),
  )
  const worktrees = lazy(async () =>
    (await load.worktrees()).worktrees({
      ...{ folder, env, temporary, lock, now },
      include: (cwd) => configs.in(cwd).values.worktrees.include,
      refusal: (cwd) => refusalOf(cwd, options.trust),
      objection: (path, request) => options.happenings().objection(path, request),
      onRemoved: (worktree, by) => options.happenings().removed(worktree, by),
      newId: () => Bun.randomUUIDv7().replaceAll("-", "").slice(-ID_CHARS),
    }),
  )
  const trees = treesIn(folder, async () => (await worktrees()).list())
  const table: AgentTablePort = {
    read: async (cwd) => (await agents()).read(cwd),
    nameFor: async (name, task) => (await agents()).nameFor(name, task),
    chosen: async (row, model) => (await agents()).chosen(row, model),
  }
  return {
    agents: table,
    names: (model) => ({
      async find(name, cwd) {
        const row = (await table.read(cwd)).agents.find((one) => one.name === name)
        return row === undefined ? undefined : await asRefusal(table.chosen(row, model(cwd)))
      },
      async list(cwd) {
        return (await table.read(cwd)).agents.map(({ name, summary }) => ({ name, description: summary }))
      },
    }),
    async custom(cwd) {
      const isGiven = options.request.given?.agents !== undefined
      if (!isGiven && !hasFiles(cwd, options) && (await pluginPlaces(cwd, options)).length === 0) return []
      return (await table.read(cwd)).agents.filter(({ origin }) => origin !== "built_in")
    },
    trees,
    worktrees: {
      async open(request) {
        const worktree = await (await worktrees()).open(request)
        trees.add(worktree)
        return worktree
      },
      list: async () => (await worktrees()).list(),
      find: async (name) => (await worktrees()).find(name),
      difference: async (worktree) => (await worktrees()).difference(worktree),
      planMerge: async (worktree, onConflict) => (await worktrees()).planMerge(worktree, onConflict),
      remove: async (worktree, by) => (await worktrees()).remove(worktree, by),
      cleanUp: async (how) => (await worktrees()).cleanUp(how),
    },
  }
}

const ID_CHARS = 6

/** Where agents of a project stand, the nearest to skein first. */
const PROJECT_FOLDERS = [".skein/agents", ".claude/agents", ".opencode/agent", ".opencode/agents"]

function ownFolders({ configDir, home }: DelegatesOptions): readonly string[] {
  return [join(configDir, "agents"), join(home, ".claude/agents"), join(home, ".config/opencode/agent")]
}

async function pluginPlaces(cwd: string, { plugins }: DelegatesOptions): Promise<readonly PluginPlace[]> {
  const enabled = await plugins.enabled({ cwd })
  return enabled.flatMap(({ name, root, agents }) =>
    agents.length === 0 ? [] : [{ plugin: name, root, paths: agents }],
  )
}

function hasFiles(cwd: string, options: DelegatesOptions): boolean {
  const project = projectOf(cwd)
  const between = relative(project, cwd).split(sep)
  const folders = between.map((_, at) => join(project, ...between.slice(0, at + 1)))
  const inProject = [project, ...folders].flatMap((folder) => PROJECT_FOLDERS.map((name) => join(folder, name)))
  return [...inProject, ...ownFolders(options)].some((folder) => existsSync(folder))
}

/** The same for a person: what a model would read as a failure is a refusal, SkeinError `op.invalid`. */
export function worktreesForPerson(port: WorktreesPort): WorktreesPort {
  return {
    open: (request) => asRefusal(port.open(request)),
    list: () => asRefusal(port.list()),
    find: (name) => asRefusal(port.find(name)),
    difference: (worktree) => asRefusal(port.difference(worktree)),
    planMerge: (worktree, onConflict) => asRefusal(port.planMerge(worktree, onConflict)),
    remove: (worktree, by) => asRefusal(port.remove(worktree, by)),
    cleanUp: (how) => asRefusal(port.cleanUp(how)),
  }
}

async function asRefusal<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw error instanceof ToolFailure ? new SkeinError("op.invalid", error.message, { cause: error }) : error
  }
}

/** Undefined where nothing better is known than the parent's own model. */
function modelFor(
  asks: AgentModel,
  model: string,
  { resolve, tierFor, taskFor, configs }: DelegatesOptions,
): string | undefined {
  if (asks.kind === "model") return orFailure(() => resolve(asks.name))
  if (asks.kind === "task") {
    if (configs.ofPerson().values.tasks[asks.task] === "off")
      throw new ToolFailure(`Nobody is asked for that: tasks.${asks.task} is off in the settings.`)
    const choice = orFailure(() => taskFor(asks.task, model))
    return choice.kind === "model" ? choice.model : undefined
  }
  try {
    return tierFor(asks.tier, model).model
  } catch (error) {
    // No model is known for this tier of this provider; the parent's does as well, only slower or dearer.
    if (error instanceof SkeinError && error.code === "config.invalid") return undefined
    throw error
  }
}

function orFailure<T>(work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw cause instanceof SkeinError ? new ToolFailure(cause.message, { cause }) : cause
  }
}

/** git goes by what stands in a repository's own settings: a stranger's, or such as nobody said yes to, are not gone by. */
async function refusalOf(cwd: string, trust: Trusting): Promise<string | undefined> {
  const real = realpathSync(cwd)
  if (gitRootOf(real) !== undefined && ownRepositoryOf(real) === undefined)
    return `The repository of ${cwd} belongs to somebody else, so git is not run in it. Work without isolation.`
  const { state, changed, folder } = await trust.trustOf(cwd)
  const [first, ...more] = state === "trusted" ? [] : changed.filter(({ kind }) => kind === "git")
  if (first === undefined) return undefined
  const others = more.length === 0 ? "" : ` and ${more.length} more`
  return (
    `git would run what ${first.name}${others} of ${folder} says, and nobody said that it may. ` +
    "A person can: skein trust accept. Or work without isolation."
  )
}
