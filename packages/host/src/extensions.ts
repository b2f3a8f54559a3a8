import { join } from "node:path"
import type {
  CapabilityProvider,
  HooksPort,
  Place,
  PluginsPort,
  ProcessesPort,
  PromptsPort,
  TakeLock,
} from "@skein/core/ports"
import type { HookList } from "@skein/protocol"
import { lazy } from "@skein/protocol"
import { LOG_CHARS_MAX, type LogFile } from "./log-file.ts"
import { ownCommand } from "./world.ts"

/** What an extension declares, for a person. */
export interface DeclaredExtension {
  readonly plugin: string
  readonly file: string
  readonly tools: readonly { readonly callName: string; readonly description: string }[]
  readonly commands: readonly { readonly name: string; readonly summary: string }[]
  readonly hooks: readonly { readonly event: string; readonly match?: string | undefined }[]
  readonly flaws: readonly string[]
}

interface Extensions {
  readonly provider: CapabilityProvider
  readonly prompts: PromptsPort
  readonly hooks: Required<HooksPort>
  declared(place: Place): Promise<readonly DeclaredExtension[]>
  close(): Promise<void>
}

/** What is used of the adapter that runs them. */
export interface ExtensionsAdapter {
  extensions(options: AdapterOptions): Extensions
}

interface AdapterOptions {
  readonly plugins: Pick<PluginsPort, "enabled">
  readonly processes: ProcessesPort
  readonly command: readonly string[]
  readonly cacheDir: string
  readonly pinsFile: string
  readonly lock: () => Promise<TakeLock>
  readonly log: (line: string) => void
  readonly warn: (sentence: string) => void
  readonly now: () => number
  readonly onDefect: (error: unknown) => void
}

export interface ExtensionsHostOptions extends Pick<AdapterOptions, "lock" | "warn" | "now" | "onDefect"> {
  readonly log: Pick<LogFile, "write">
  /** Loaded where a plugin has an extension. */
  readonly load: () => Promise<ExtensionsAdapter>
  readonly plugins: PluginsPort
  readonly exec: ProcessesPort
  readonly folders: { readonly cache: string }
  readonly dataDir: string
  readonly redact: (text: string) => string
}

export interface HostExtensions {
  readonly provider: CapabilityProvider
  readonly prompts: PromptsPort
  readonly hooks: HooksPort & { list(place: Place): Promise<HookList> }
  /** What the extensions of enabled plugins declare. */
  declared(place: Place): Promise<readonly DeclaredExtension[]>
  close(): Promise<void>
}

/** Extensions of plugins. Nothing of it is loaded where no plugin has one. */
export function extensionsOf(options: ExtensionsHostOptions): HostExtensions {
  const { load, exec, folders, dataDir, redact, lock, now, onDefect } = options
  let loaded: Extensions | undefined
  const all = lazy(async () => {
    const { extensions } = await load()
    loaded = extensions({
      ...{ plugins: withExtensions(options.plugins), processes: exec, lock, now, onDefect },
      command: [...ownCommand(), "plugin", "runner"],
      ...{ cacheDir: join(folders.cache, "extensions"), pinsFile: join(dataDir, "extension-tools.json") },
      log: (line) => options.log.write("info", line.slice(0, LOG_CHARS_MAX)),
      warn: (sentence) => options.warn(redact(sentence)),
    })
    return loaded
  })
  const isNeeded = async (place: Place) =>
    loaded !== undefined || (await withExtensions(options.plugins).enabled(place)).length > 0
  const whereNeeded = async <T>(place: Place, use: (extensions: Extensions) => Promise<T>, otherwise: T): Promise<T> =>
    (await isNeeded(place)) ? use(await all()) : otherwise
  return {
    provider: {
      id: "ext",
      refresh: (place) => whereNeeded(place, async ({ provider }) => provider.refresh?.(place), undefined),
      discover: (place) => loaded?.provider.discover(place) ?? [],
      owns: (name) => name.startsWith("ext__"),
      ready: async (name, place) => (await all()).provider.ready?.(name, place),
      describe: (name, input, cwd) =>
        loaded?.provider.describe(name, input, cwd) ?? { title: name, kind: "other", locations: [] },
      plan: async (name, input, context) => (await all()).provider.plan(name, input, context),
      run: async (plan, context) => (await all()).provider.run(plan, context),
    },
    prompts: {
      list: (place) => whereNeeded(place, ({ prompts }) => prompts.list(place), []),
      expand: (name, args, place, signal) =>
        whereNeeded(place, ({ prompts }) => prompts.expand(name, args, place, signal), undefined),
    },
    hooks: {
      at: (place) => whereNeeded(place, ({ hooks }) => hooks.at(place), NONE),
      list: (place) => whereNeeded(place, ({ hooks }) => hooks.list(place), { hooks: [], flaws: [] }),
    },
    declared: (place) => whereNeeded(place, ({ declared }) => declared(place), []),
    close: async () => void (await loaded?.close()),
  }
}

const NONE = { has: () => false, run: async () => ({ messages: [], ran: [] }) }

function withExtensions(plugins: PluginsPort): PluginsPort {
  return { enabled: async (place) => (await plugins.enabled(place)).filter(({ extensions }) => extensions.length > 0) }
}
