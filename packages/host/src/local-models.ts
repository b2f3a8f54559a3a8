import { availableParallelism, networkInterfaces, totalmem } from "node:os"
import { dirname, join } from "node:path"
import { lazy, SkeinError } from "@skein/protocol"
import { ownCommand, systemClock } from "./world.ts"

/** A model that is a file of this machine, as it is listed. */
export interface LocalModel {
  readonly name: string
  readonly file: string
  readonly bytes: number
  /** In hex. */
  readonly sha256: string
  readonly head?: { readonly architecture: string; readonly contextTokens?: number | undefined } | undefined
  /** Why it cannot be used now. */
  readonly problem?: string | undefined
}

/** Models that are files of this machine, and what runs them. */
export interface LocalModels {
  /** Newest first. */
  list(): Promise<readonly LocalModel[]>
  /** Takes a file in, where it lies. Throws SkeinError `config.invalid`. */
  add(file: string, sha256?: string): Promise<LocalModel>
  /** Gets a file. Throws SkeinError `provider.unavailable` or `config.invalid`. */
  pull(from: string, how: Progress & { readonly sha256?: string | undefined }): Promise<LocalModel>
  /** False when there is none of this name. */
  remove(name: string): Promise<boolean>
  readonly runtime: Runtime
}

/** llama.cpp, which is not part of the program. */
export interface Runtime {
  /** What there is for this platform; undefined when there is nothing. */
  readonly wanted: RuntimePackage | undefined
  /** Where its libraries are; undefined when they are not here. */
  readonly folder: string | undefined
  /** Throws SkeinError `op.unsupported` where there is none for this platform. */
  install(how: Progress): Promise<string>
}

export interface RuntimePackage {
  readonly name: string
  readonly version: string
  readonly folder: string
  readonly integrity: string
  readonly bytes: number
}

export interface Progress {
  readonly signal: AbortSignal
  readonly onProgress: (bytes: number, bytesTotal: number | undefined) => void
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>

interface Places {
  readonly dataDir: string
  readonly programDir: string
}

/** What is used of the adapter that has them. */
interface Adapter<L extends Library> {
  localServer(options: ServerOptions): Server<L>
  pull(library: L, pull: Progress & Pull): Promise<LocalModel>
  installRuntime(how: Progress & Installation): Promise<void>
  foundRuntime(places: Places): string | undefined
  runtimeFolder(places: Places): string
  runtimePackage(platform: string, arch: string): RuntimePackage | undefined
}

interface ServerOptions extends Places {
  readonly modelsDir: string
  readonly command: readonly string[]
  readonly cores: number
  readonly idleMs: number
  readonly now: () => number
}

interface Library extends Pick<LocalModels, "list" | "add" | "remove"> {}

interface Server<L> {
  readonly library: L
  answer(url: string, init?: RequestInit): Promise<Response>
  close(): void
}

interface Pull {
  readonly from: string
  readonly sha256?: string | undefined
  readonly through: Fetch
  readonly now: () => number
}

interface Installation {
  readonly wanted: RuntimePackage
  readonly folder: string
  readonly registry: string
  readonly through: Fetch
}

interface Options<L extends Library> {
  readonly load: () => Promise<Adapter<L>>
  readonly dataDir: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** For what a person asks to get. */
  readonly through: Fetch
}

/** A person reads, thinks and answers questions between two turns; after that the memory is given back. */
const IDLE_MS = 15 * 60_000
/** Where npm itself looks when its settings say nothing else. What comes from it is held against a sum that is written here. */
export const NPM_REGISTRY = "https://registry.npmjs.org"

/** Loads nothing before one of them is asked for. */
export function localModelsOf<L extends Library>({ load, dataDir, env, through }: Options<L>) {
  const places = { dataDir, programDir: dirname(process.execPath) }
  const now = systemClock.now
  let server: Server<L> | undefined
  const loaded = lazy(async () => {
    const adapter = await load()
    server = adapter.localServer({
      ...{ ...places, modelsDir: join(dataDir, "models"), idleMs: IDLE_MS, now },
      ...{ cores: availableParallelism(), command: [...ownCommand(), "models", "runner"] },
    })
    return { adapter, server }
  })
  return {
    /** What the models of all providers need to know of this machine's own. */
    ofMachine: {
      memoryBytes: totalmem(),
      isOffline: () =>
        Object.values(networkInterfaces()).every((all) => all?.every(({ internal }) => internal) ?? true),
      ownProcess: async (url: string, init?: RequestInit) => (await loaded()).server.answer(url, init),
    },
    open: lazy(async (): Promise<LocalModels> => {
      const { adapter, server: opened } = await loaded()
      const { library } = opened
      const registry = env.npm_config_registry ?? NPM_REGISTRY
      return {
        ...{ list: library.list, add: library.add, remove: library.remove },
        pull: (from, how) => adapter.pull(library, { ...how, from, through, now }),
        runtime: runtimeOf(adapter, { places, registry, through }),
      }
    }),
    close: () => server?.close(),
  }
}

interface RuntimeOptions {
  readonly places: Places
  readonly registry: string
  readonly through: Fetch
}

function runtimeOf<L extends Library>(adapter: Adapter<L>, { places, registry, through }: RuntimeOptions): Runtime {
  const wanted = adapter.runtimePackage(process.platform, process.arch)
  return {
    wanted,
    get folder() {
      return adapter.foundRuntime(places)
    },
    async install(how) {
      const folder = adapter.runtimeFolder(places)
      if (wanted === undefined) throw NO_PACKAGE
      await adapter.installRuntime({ ...how, wanted, folder, registry, through })
      return folder
    },
  }
}

const NO_PACKAGE = new SkeinError(
  "op.unsupported",
  "There is no llama.cpp for this platform that skein could run. An Ollama or another local server can be asked instead.",
)
