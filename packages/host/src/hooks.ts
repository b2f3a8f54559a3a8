import { existsSync } from "node:fs"
import { dirname, join } from "node:path"
import type { Directories } from "@skein/config"
import type { HookList, HooksPort, Place, PluginParts, PluginsPort, ProcessesPort } from "@skein/core/ports"
import { lazy } from "@skein/protocol"
import type { Configs } from "./configs.ts"
import type { LeftOut } from "./left-out.ts"
import { projectOf } from "./locate.ts"
import type { HostRequest } from "./request.ts"
import type { FolderTrust, Trusting } from "./trusting.ts"

/** What is used of the adapter that reads and runs them. */
export interface HooksAdapter {
  hooks(options: AdapterOptions): FileHooks
}

interface FileHooks extends PersonalHooks {
  close(): Promise<void>
}

/** What a person asks of the hooks that files set. */
export interface PersonalHooks extends HooksPort {
  list(place: Place): Promise<HookList>
}

interface AdapterOptions {
  readonly home: string
  readonly configDir: string
  readonly codexHome: string
  readonly imports: (cwd: string) => readonly string[]
  readonly projectOf: (cwd: string) => string
  readonly isReadingOwn: boolean
  readonly processes: ProcessesPort
  readonly plugins?: Pick<PluginsPort, "enabled"> | undefined
  readonly trust: (path: string) => Promise<FolderTrust>
  readonly leaveOut: LeftOut["tell"]
  readonly isTrusting: boolean
  readonly post: (url: string, init?: RequestInit) => Promise<Response>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly redact: (text: string) => string
  readonly now: () => number
  readonly onDefect: (error: unknown) => void
  readonly warn: (sentence: string) => void
}

interface Options extends Pick<AdapterOptions, "redact" | "warn" | "onDefect" | "now"> {
  readonly load: () => Promise<HooksAdapter>
  readonly request: HostRequest
  readonly folders: Directories
  readonly configs: Configs
  readonly trust: Trusting
  readonly leftOut: LeftOut
  readonly trees: { originOf(path: string): Promise<string> }
  readonly exec: ProcessesPort
  readonly fetchFor: (purpose: string) => AdapterOptions["post"]
  readonly plugins?: PluginsPort | undefined
}

/** Hooks of files, for turns and for a person. Nothing is loaded where no file of the usual names is there. */
export function hooksOf(options: Options): PersonalHooks & { close(): Promise<void> } {
  const { request, folders, configs, trust } = options
  const plugins = withOwn(options.plugins, request.hooks, folders.data)
  const { home, env } = request
  const codexHome = env.CODEX_HOME || join(home, ".codex")
  let begun: FileHooks | undefined
  const settings = (cwd: string) => configs.in(cwd).values.hooks
  const adapter = lazy(async () => {
    const { hooks } = await options.load()
    begun = hooks({
      ...{ home, configDir: folders.config, codexHome, env, plugins, projectOf },
      imports: (cwd) => settings(cwd).imports,
      isReadingOwn: request.isIgnoringUserConfig !== true,
      leaveOut: options.leftOut.tell,
      isTrusting: request.isTrusting === true || request.isTrustingHooks === true,
      ...{ processes: options.exec, trust: (path: string) => trust.trustOf(path), post: options.fetchFor("hook") },
      ...{ redact: options.redact, now: options.now, onDefect: options.onDefect, warn: options.warn },
    })
    return begun
  })
  const own = [join(folders.config, "hooks.json"), join(folders.config, "config.toml")]
  const others = [join(home, ".claude/settings.json"), join(codexHome, "hooks.json"), join(codexHome, "config.toml")]
  const ofPerson = [...own, ...others]
  const mayHave = async (place: Place) =>
    settings(place.cwd).isEnabled &&
    (ofPerson.some((file) => existsSync(file)) ||
      foldersUpTo(place.cwd).some((folder) => PROJECT_FILES.some((name) => existsSync(join(folder, name)))) ||
      ((await plugins?.enabled(place)) ?? []).some(({ hooks }) => hooks.length > 0))
  // A guard holds in copies that are made for children, and none of them can change what it is.
  const meant = async (place: Place) => ({ ...place, cwd: await options.trees.originOf(place.cwd) })
  return {
    async at(asked) {
      const place = await meant(asked)
      return (await mayHave(place)) ? (await adapter()).at(place) : NONE
    },
    async list(asked) {
      const place = await meant(asked)
      return (await mayHave(place)) ? (await adapter()).list(place) : { hooks: [], flaws: [] }
    },
    close: async () => void (await begun?.close()),
  }
}

const PROJECT_FILES = [
  ...[".skein/hooks.json", ".claude/settings.json", ".claude/settings.local.json"],
  ...[".codex/hooks.json", ".codex/config.toml"],
]

/** Hooks that this run was given stand as a plugin's would: the person named them. */
function withOwn(
  plugins: PluginsPort | undefined,
  hooks: unknown,
  dataFolder: string,
): Pick<PluginsPort, "enabled"> | undefined {
  if (hooks === undefined) return plugins
  const none = { skills: [], commands: [], agents: [], outputStyles: [], mcpServers: [], extensions: [] }
  const own = (root: string): PluginParts => ({
    ...{ name: "settings", root, dataFolder, ...none },
    hooks: [{ file: "--settings", value: { hooks } }],
  })
  return { enabled: async (place) => [...((await plugins?.enabled(place)) ?? []), own(place.cwd)] }
}

const NONE = { has: () => false, run: async () => ({ messages: [], ran: [] }) }

function foldersUpTo(cwd: string): readonly string[] {
  const project = projectOf(cwd)
  const found = [cwd]
  for (let at = cwd; at !== project && at !== dirname(at); at = dirname(at)) found.push(dirname(at))
  return found
}
