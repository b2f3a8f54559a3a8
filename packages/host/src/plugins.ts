import { existsSync, readFileSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Directories } from "@skein/config"
import type { AuditPort, PluginsPort, TakeLock } from "@skein/core/ports"
import { lazy } from "@skein/protocol"
import type { Configs } from "./configs.ts"
import type { LeftOut } from "./left-out.ts"
import { projectOf } from "./locate.ts"
import { type PersonalSteps, pluginsAudited } from "./plugins-audited.ts"
import type { HostRequest } from "./request.ts"
import type { Trusting } from "./trusting.ts"

/** What of a folder is trusted as it is now. */
interface TrustedItems {
  readonly folder: string
  readonly items: ReadonlyMap<string, string>
}

interface Adapter<P> {
  plugins(options: {
    readonly folder: string
    readonly dataFolder: string
    readonly stateFile: string
    readonly home: string
    readonly codexHome: string
    readonly cwd: string
    readonly given: readonly string[]
    readonly temporary: string
    readonly env: HostRequest["env"]
    readonly lock: () => Promise<TakeLock>
    readonly now: () => number
    readonly reach: (url: string, init?: RequestInit) => Promise<Response>
    readonly registry: string
    readonly github: string
    readonly imports: (cwd: string) => readonly ("claude" | "codex")[]
    readonly projectOf: (cwd: string) => string
    readonly trusted: (cwd: string) => Promise<TrustedItems | undefined>
    readonly leaveOut: LeftOut["tell"]
    readonly warn: (sentence: string) => void
  }): P
}

export interface PluginsHostOptions<P> {
  /** Loaded where there is a plugin, or when a person asks for one. */
  readonly load: () => Promise<Adapter<P>>
  readonly request: HostRequest
  readonly folders: Directories
  readonly configs: Configs
  readonly trust: Trusting
  readonly leftOut: LeftOut
  readonly lock: () => Promise<TakeLock>
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly fetchFor: (purpose: string) => (url: string, init?: RequestInit) => Promise<Response>
  readonly audit: AuditPort
  readonly warn: (sentence: string) => void
}

export interface HostPlugins<P> {
  readonly port: PluginsPort
  /** What a person does with them. Loaded when it is first asked for; what they change is audited. */
  personal(): Promise<P>
}

/** Plugins. Where there are none, that costs a few looks for files, and none of their code is loaded. */
export function pluginsOf<P extends PersonalSteps & { readonly port: PluginsPort }>(
  options: PluginsHostOptions<P>,
): HostPlugins<P> {
  const { request, folders, configs, trust, lock, now, fetchFor, audit, warn } = options
  const { env, home, cwd } = request
  const given = () => [...(request.pluginDirs ?? []), ...(request.given?.pluginDirs ?? [])]
  const codexHome = env.CODEX_HOME || join(home, ".codex")
  const stateFile = join(folders.data, "plugins.json")
  const all = lazy(async () => {
    const adapter = await options.load()
    return pluginsAudited(
      adapter.plugins({
        // Beside the data, not in it: what lies in it no tool opens, and the files of a plugin are there to be used.
        ...{ folder: `${folders.data}-plugins`, dataFolder: `${folders.data}-plugin-data`, stateFile },
        ...{ home, codexHome, cwd, given: given(), temporary: tmpdir(), env, lock, now, warn, projectOf },
        ...{ reach: fetchFor("plugin"), registry: registryOf(request), github: "https://codeload.github.com" },
        imports: (path) => configs.in(path).values.plugins.imports,
        trusted: (path) => trustedItems(path, trust),
        leaveOut: options.leftOut.tell,
      }),
      { audit, warn },
    )
  })
  const machine = [stateFile, join(home, ".claude/plugins/installed_plugins.json"), join(codexHome, "plugins/cache")]
  return {
    personal: all,
    port: {
      async enabled(place) {
        const project = projectOf(place.cwd)
        const brought = PROJECT_PLACES.map((name) => join(project, name))
        if (given().length === 0 && ![...machine, ...brought].some((path) => existsSync(path))) return []
        return await (await all()).port.enabled(place)
      },
    },
  }
}

/** Where a project brings plugins along, or turns them on. */
const PROJECT_PLACES = [".agents/plugins", ".skein/plugins", ".claude/settings.json"]

/** Where the person's packages of npm come from, as npm itself is told. No key of theirs is sent there. */
function registryOf({ env, home }: HostRequest): string {
  const said = env.npm_config_registry || env.NPM_CONFIG_REGISTRY || registryIn(join(home, ".npmrc"))
  return (said ?? `https://${PUBLIC_REGISTRY}`).replace(/\/+$/, "")
}

const PUBLIC_REGISTRY = "registry.npmjs.org"
const SETTINGS_BYTES_MAX = 100_000

function registryIn(file: string): string | undefined {
  const stats = statSync(file, { throwIfNoEntry: false })
  if (stats?.isFile() !== true || stats.size > SETTINGS_BYTES_MAX) return undefined
  return /^registry\s*=\s*(\S+)/m.exec(readFileSync(file, "utf8"))?.[1]
}

/** Undefined where no person said that the folder is trusted, as it is or for this run: then everything in it is. */
async function trustedItems(path: string, trust: Trusting): Promise<TrustedItems | undefined> {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined
  const { folder, isByPerson, items } = await trust.trustOf(path)
  if (!isByPerson) return undefined
  // Whoever trusts a folder for one run trusts it as it is, with what they never decided about.
  return { folder, items: new Map(items.map(({ name, sha256 }) => [name, sha256])) }
}
