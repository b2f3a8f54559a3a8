import { existsSync } from "node:fs"
import { dirname, join } from "node:path"
import type { CapabilityProvider, ExecPort, Place, ProcessesPort, TakeLock } from "@skein/core/ports"
import { isWithin, lazy } from "@skein/protocol"
import { OWN_RUNTIME } from "./code-mode.ts"
import type { Configs } from "./configs.ts"
import type { LeftOut } from "./left-out.ts"
import { projectOf } from "./locate.ts"
import { type ProjectFile, trustedFiles } from "./trusted-files.ts"
import type { Trusting } from "./trusting.ts"

interface ScriptFolder {
  readonly path: string
  readonly isOfProject: boolean
  readonly isHidden: boolean
}

/** What is used of the adapter that makes scripts tools. */
export interface ToolboxAdapter {
  toolbox(options: {
    readonly folders: (cwd: string) => readonly ScriptFolder[]
    readonly processes: ProcessesPort
    readonly exec: Pick<ExecPort, "confinement">
    readonly trusted: (cwd: string, files: readonly ProjectFile[]) => Promise<ReadonlySet<string>>
    readonly leaveOut: (cwd: string, sentence: string) => Promise<void>
    readonly runtime: { readonly program: string; readonly env: Readonly<Record<string, string>> }
    readonly stateFile: string
    readonly copiesDir: string
    readonly lock: () => Promise<TakeLock>
    readonly warn: (sentence: string) => void
  }): CapabilityProvider
}

interface Options {
  readonly load: () => Promise<ToolboxAdapter>
  readonly folders: { readonly config: string; readonly cache: string }
  readonly dataDir: string
  readonly configs: Configs
  readonly exec: ExecPort & ProcessesPort
  readonly trust: Trusting
  readonly leftOut: LeftOut
  readonly isLoadingProject: boolean
  readonly lock: () => Promise<TakeLock>
  readonly warn: (sentence: string) => void
}

/** Where a project keeps scripts, the nearest to skein first. */
const PROJECT_FOLDERS = [".skein/tools", ".agents/tools"]

/** Scripts as tools. Nothing is loaded where there is no folder of scripts. */
export function toolboxOf(options: Options): CapabilityProvider {
  let loaded: CapabilityProvider | undefined
  const provider = lazy(async () => {
    const { folders, dataDir, exec, lock, warn, trust, leftOut } = options
    const { toolbox } = await options.load()
    loaded = toolbox({
      ...{ folders: (cwd) => foldersFor(cwd, options), processes: exec, exec, runtime: OWN_RUNTIME, lock, warn },
      trusted: (cwd, files) => trustedScripts(cwd, files, trust),
      leaveOut: leftOut.tell,
      ...{ stateFile: join(dataDir, "toolbox.json"), copiesDir: join(folders.cache, "toolbox") },
    })
    return loaded
  })
  const isNeeded = ({ cwd }: Place) => loaded !== undefined || foldersFor(cwd, options).length > 0
  return {
    id: "toolbox",
    refresh: (place) => (isNeeded(place) ? provider().then((own) => own.refresh?.(place)) : undefined),
    discover: (place) => loaded?.discover(place) ?? [],
    owns: (name) => name.startsWith("toolbox__") || name.startsWith("tb__"),
    ready: async () => void (await provider()),
    describe: (name, input, cwd) =>
      loaded?.describe(name, input, cwd) ?? { tool: name, title: name, kind: "execute", locations: [] },
    plan: async (name, input, context) => (await provider()).plan(name, input, context),
    run: async (plan, context) => (await provider()).run(plan, context),
  }
}

/** Those that are there: the person's own first. */
function foldersFor(cwd: string, { folders, configs, isLoadingProject }: Options): readonly ScriptFolder[] {
  const own = [join(folders.config, "tools"), ...configs.in(cwd).values.toolbox.paths]
  const ofProject = isLoadingProject ? upTo(cwd).flatMap((at) => PROJECT_FOLDERS.map((name) => join(at, name))) : []
  return [
    ...own.map((path) => ({ path, isOfProject: false, isHidden: isWithin(path, folders.config) })),
    ...ofProject.map((path) => ({ path, isOfProject: true, isHidden: false })),
  ].filter(({ path }) => existsSync(path))
}

function upTo(cwd: string): readonly string[] {
  const project = projectOf(cwd)
  const found = [cwd]
  for (let at = cwd; at !== project && at !== dirname(at); at = dirname(at)) found.push(dirname(at))
  return found
}

/** A folder of which something is new since it was trusted runs none of its scripts: they may run one another. */
async function trustedScripts(
  cwd: string,
  files: readonly ProjectFile[],
  trust: Trusting,
): Promise<ReadonlySet<string>> {
  const { isByPerson } = await trust.trustOf(cwd)
  return isByPerson ? await trustedFiles(cwd, files, trust) : new Set()
}
