import { existsSync } from "node:fs"
import { dirname, join, relative } from "node:path"
import type {
  ArtifactsPort,
  CapabilityProvider,
  McpPort,
  Place,
  PluginParts,
  PluginsPort,
  ProcessesPort,
  PromptsPort,
  TakeLock,
} from "@skein/core/ports"
import type { SessionId } from "@skein/protocol"
import type { Json } from "@skein/protocol/json"
import type { Configs } from "./configs.ts"
import type { LeftOut } from "./left-out.ts"
import { projectOf } from "./locate.ts"
import { LOG_CHARS_MAX, type LogFile } from "./log-file.ts"
import { heardFetch, heardProcesses } from "./mcp-heard.ts"
import type { McpLogins, McpLoginWorld } from "./mcp-logins.ts"
import type { HostRequest } from "./request.ts"
import type { Trusting } from "./trusting.ts"
import { estimatedTokens } from "./world.ts"

type Env = Readonly<Record<string, string | undefined>>
type Fetch = (url: string, init?: RequestInit) => Promise<Response>

/** A server as the adapter found it, as far as trust is about it. */
interface Named {
  readonly file?: string | undefined
  readonly item?: { readonly place: string; readonly sha256: string } | undefined
}

/** A server as another program has it, in the words of skein's settings. */
export interface ForeignServer {
  readonly name: string
  readonly from: string
  readonly entry: Json
}

interface Mcp {
  imported(programs: readonly string[]): readonly ForeignServer[]
  readonly provider: CapabilityProvider
  readonly port: McpPort
  readonly prompts: PromptsPort
  readonly logins: McpLogins
  close(): Promise<void>
}

/** What is used of the adapter that speaks to servers. */
export interface McpAdapter {
  mcpHere(options: {
    readonly configuration: {
      readonly home: string
      readonly codexHome: string
      readonly vscodeFolder: string
      readonly projectOf: (cwd: string) => string
      readonly imports: (cwd: string) => readonly string[]
      readonly own: (cwd: string) => { readonly servers: Json; readonly file: string }
      readonly flags: { readonly configs: readonly string[]; readonly isStrict: boolean; readonly cwd: string }
    }
    readonly processes: ProcessesPort
    readonly fetch: Fetch
    readonly env: Env
    readonly envOfProject: Env
    readonly plugins: (place: Place) => Promise<readonly PluginParts[]>
    readonly trusted: <S extends Named>(cwd: string, servers: readonly S[]) => Promise<ReadonlySet<S>>
    readonly leaveOut: LeftOut["tell"]
    readonly tokens: (text: string) => number
    readonly tokensInFull: (cwd: string) => number
    readonly cacheDir: string
    readonly pinsFile: string
    readonly lock: () => Promise<TakeLock>
    readonly redact: (text: string) => string
    readonly logins: McpLoginWorld & { readonly now: () => number }
    readonly artifacts: ArtifactsPort
    readonly log: (level: "debug" | "info" | "warning" | "error", line: string) => void
    readonly warn: (sentence: string) => void
    readonly onDefect: (error: unknown) => void
    readonly now: () => number
    readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
    readonly version: string
  }): Mcp
}

export interface McpHostOptions {
  /** Loaded when a place has servers. */
  readonly load: () => Promise<McpAdapter>
  readonly request: HostRequest
  readonly folders: { readonly config: string; readonly cache: string }
  readonly dataDir: string
  readonly configs: Configs
  readonly trust: Trusting
  readonly leftOut: LeftOut
  readonly processes: ProcessesPort
  readonly artifacts: ArtifactsPort
  /** The person's environment without known keys. */
  readonly envWithoutKeys: () => Env
  readonly plugins?: Pick<PluginsPort, "enabled"> | undefined
  readonly lock: () => Promise<TakeLock>
  readonly fetch: Fetch
  readonly logins: McpLoginWorld
  readonly redact: (text: string) => string
  readonly warn: (sentence: string) => void
  readonly onDefect: (error: unknown) => void
  readonly log: Pick<LogFile, "write">
  readonly now: () => number
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

/** MCP servers for the engine and for verbs. */
export interface HostMcp extends McpPort {
  /** What other programs have of the person's own. */
  imported(programs: readonly string[]): Promise<readonly ForeignServer[]>
  readonly provider: CapabilityProvider
  readonly prompts: PromptsPort
  readonly logins: McpLogins
  close(): Promise<void>
}

/** Nothing of it is loaded where neither the person nor the folder has servers. */
export function mcpOf(options: McpHostOptions): HostMcp {
  let loading: Promise<Mcp> | undefined
  let loaded: Mcp | undefined
  /** Children of sessions, before there was anybody to tell of them. */
  const heirs = new Map<SessionId, SessionId>()
  const made = (): Promise<Mcp> => {
    loading ??= adapterOf(options).then((mcp) => {
      loaded = mcp
      for (const [child, parent] of heirs) mcp.port.inherit(child, parent)
      return mcp
    })
    return loading
  }
  const isNeeded = async (place: Place) =>
    loaded !== undefined || hasFiles(place.cwd, options) || (await pluginsIn(place, options)).length > 0
  const provider: CapabilityProvider = {
    id: "mcp",
    async refresh(place) {
      if (await isNeeded(place)) await (await made()).provider.refresh?.(place)
    },
    discover: (place) => loaded?.provider.discover(place) ?? [],
    offered: (offer, place) => loaded?.provider.offered?.(offer, place) ?? [],
    owns: (name) => name === "mcp" || name.startsWith("mcp__"),
    ready: async (name, place) => (await made()).provider.ready?.(name, place),
    describe: (name, input, cwd) =>
      loaded?.provider.describe(name, input, cwd) ?? { title: name, kind: "other", locations: [] },
    plan: async (name, input, context) => (await made()).provider.plan(name, input, context),
    run: async (plan, context) => (await made()).provider.run(plan, context),
  }
  return {
    provider,
    prompts: {
      list: async (place) => ((await isNeeded(place)) ? (await made()).prompts.list(place) : []),
      expand: async (name, args, place, signal) =>
        name.startsWith("mcp__") ? (await made()).prompts.expand(name, args, place, signal) : undefined,
    },
    logins: {
      login: async (name, place, wish) => (await made()).logins.login(name, place, wish),
      logout: async (name, place) => (await made()).logins.logout(name, place),
      states: async (place, name) => (await made()).logins.states(place, name),
    },
    imported: async (programs) => (await made()).imported(programs),
    servers: async (place) => ((await isNeeded(place)) ? (await made()).port.servers(place) : []),
    control: async (name, action, place) => (await made()).port.control(name, action, place),
    bring: async (sessionId, servers, pass) => {
      if (servers.length > 0 || loaded !== undefined) await (await made()).port.bring(sessionId, servers, pass)
    },
    inherit(child, parent) {
      if (loaded === undefined) heirs.set(child, parent)
      else loaded.port.inherit(child, parent)
    },
    close: async () => {
      await loading?.then((mcp) => mcp.close())
    },
  }
}

const USER_FILES = [".claude.json", ".cursor/mcp.json"]
const PROJECT_FILES = [".mcp.json", ".skein/config.toml", ".skein/mcp.json", ".vscode/mcp.json", ".cursor/mcp.json"]

function hasFiles(cwd: string, options: McpHostOptions): boolean {
  const { request, configs } = options
  if ((request.mcp?.configs.length ?? 0) > 0) return true
  if (Object.keys(configs.in(cwd).values.mcp.servers).length > 0) return true
  const { codexHome, vscodeFolder } = othersOf(request)
  const ofPerson = [
    ...USER_FILES.map((name) => join(request.home, name)),
    join(codexHome, "config.toml"),
    join(vscodeFolder, "mcp.json"),
  ]
  const project = projectOf(cwd)
  const inProject = between(cwd, project).flatMap((folder) =>
    [...PROJECT_FILES, ".codex/config.toml"].map((name) => join(folder, name)),
  )
  return [...ofPerson, ...inProject].some((file) => existsSync(file))
}

function between(cwd: string, project: string): readonly string[] {
  const folders: string[] = []
  for (let at = cwd; ; at = dirname(at)) {
    folders.push(at)
    if (at === project || at === dirname(at)) return folders
  }
}

function othersOf({ env, home }: HostRequest): { readonly codexHome: string; readonly vscodeFolder: string } {
  const settings = process.platform === "darwin" ? "Library/Application Support" : ".config"
  return {
    codexHome: env.CODEX_HOME ?? join(home, ".codex"),
    vscodeFolder: join(home, settings, "Code/User"),
  }
}

async function pluginsIn(place: Place, { plugins }: McpHostOptions): Promise<readonly PluginParts[]> {
  const all = (await plugins?.enabled(place)) ?? []
  return all.filter(({ mcpServers }) => mcpServers.length > 0)
}

async function adapterOf(options: McpHostOptions): Promise<Mcp> {
  const { load, request, folders, dataDir, configs, trust, leftOut, envWithoutKeys } = options
  const { artifacts, lock, redact, warn, onDefect, now, sleep } = options
  const onMessage = request.mcp?.onMessage
  const processes = onMessage === undefined ? options.processes : heardProcesses(options.processes, onMessage)
  const fetch = onMessage === undefined ? options.fetch : heardFetch(options.fetch, onMessage)
  const { mcpHere } = await load()
  const { env, home, cwd, version } = request
  return mcpHere({
    configuration: {
      ...{ home, ...othersOf(request), projectOf },
      imports: (path) => configs.in(path).values.mcp.imports,
      own: (path) => ({ servers: configs.in(path).values.mcp.servers, file: join(folders.config, "config.toml") }),
      flags: { configs: request.mcp?.configs ?? [], isStrict: request.mcp?.isStrict ?? false, cwd },
    },
    ...{ processes, artifacts, lock, fetch, redact, warn, onDefect, now, sleep, version, env },
    envOfProject: envWithoutKeys(),
    plugins: (place) => pluginsIn(place, options),
    logins: { ...options.logins, now },
    trusted: (path, servers) => trustedOf(path, servers, trust),
    leaveOut: leftOut.tell,
    tokens: estimatedTokens.estimate,
    tokensInFull: (path) => configs.in(path).values.mcp.tokensInFull,
    cacheDir: join(folders.cache, "mcp"),
    pinsFile: join(dataDir, "mcp-tools.json"),
    log: (level, line) => options.log.write(level === "warning" ? "warn" : level, line.slice(0, LOG_CHARS_MAX)),
  })
}

/** Those that a person trusts byte for byte as they stand, in a folder that they trust as it is. */
async function trustedOf<S extends Named>(
  cwd: string,
  servers: readonly S[],
  trust: Trusting,
): Promise<ReadonlySet<S>> {
  const { folder, isByPerson, items } = await trust.trustOf(cwd)
  if (!isByPerson) return new Set()
  const known = new Set(items.map(({ name, sha256 }) => `${name} ${sha256}`))
  return new Set(
    servers.filter(({ file, item }) => {
      if (file === undefined || item === undefined) return false
      return known.has(`${relative(folder, file)}#${item.place} ${item.sha256}`)
    }),
  )
}
