import { join } from "node:path"
import { type Keys, keys } from "@skein/auth"
import { type Config, configFiles, type Directories, directories, loadConfig } from "@skein/config"
import { createEngine, DEFAULT_LIMITS, DEFAULT_RETRY, modePolicy, type RunningEngine } from "@skein/core"
import type { ExecPort, LogsPort, ModelPort } from "@skein/core/ports"
import {
  type Fetch,
  type KeyOwner,
  localModels,
  type ModelOverride,
  type Models,
  models,
  parseTape,
  recording,
  replaying,
} from "@skein/models"
import { type Settings, SkeinError } from "@skein/protocol"
import { exec } from "@skein/sandbox"
import { type Sources, sources } from "@skein/skills"
import { artifacts, logs } from "@skein/store"
import { findRipgrep, localFiles, tools } from "@skein/tools"
import { locate } from "./locate.ts"
import { type LogFile, logFile } from "./log-file.ts"
import type { HostRequest, TapeRequest } from "./request.ts"
import { ripgrepIn } from "./ripgrep.ts"
import { temporaryData } from "./temporary.ts"
import { estimatedTokens, systemClock, systemRandom } from "./world.ts"

/** A running skein: an engine, what it was made of, and the way to end it. */
export interface Host {
  readonly engine: RunningEngine
  readonly config: Config
  readonly directories: Directories
  readonly models: Models
  /** Where each provider's key was found, for those that have one; never the key. */
  readonly keySources: ReadonlyMap<string, string>
  readonly exec: ExecPort
  /** What a session's context is gathered from, with the reasons. */
  readonly sources: Sources
  readonly log: LogFile
  /** What a session starts with. The model is empty when nobody chose one and no key was found. */
  readonly settings: Settings
  /**
   * The model a new session starts with: the chosen one, else a local Ollama's newest, which is looked for only now.
   * Undefined when there is none.
   */
  startModel(): Promise<string | undefined>
  /** Every turn settled, every log let go of, nothing left behind. */
  close(): Promise<void>
}

/** The one place where ports get their adapters. */
export function compose(request: HostRequest): Host {
  const { env, home } = request
  const folders = directories(env, home)
  const config = configOf(request, folders)
  const { values } = config
  const temporary = request.isEphemeral === true ? temporaryData() : undefined
  const dataDir = temporary?.path ?? folders.data
  const log = logFile({
    path: values.log.file ?? join(folders.data, "log", "skein.log"),
    level: values.log.level,
    now: systemClock.now,
  })
  for (const warning of config.warnings) log.write("warn", warning)
  const found = keys({ env, keyFile: keyFileOf(request, values.model) })
  const port = modelsOf(request, config, found)
  const commands = exec({
    artifacts: artifacts({ dataDir }),
    env,
    consent: request.consent,
    hidden: [folders.config, folders.data],
  })
  const toolbox = tools({
    files: localFiles(),
    exec: commands,
    home,
    ripgrep: ripgrepIn(folders.cache, findRipgrep),
  })
  const settings = settingsOf(request, config, port)
  const gathered = sources({
    home,
    configDir: folders.config,
    env,
    now: systemClock.now,
    instructions: () => request.instructions ?? {},
    extraFiles: values.instructions.files,
    isLoadingProjectFiles: request.isLoadingProjectFiles ?? true,
  })
  const engine = createEngine({
    model: port,
    tools: toolbox,
    policy: modePolicy,
    sources: gathered,
    logs: logsOf(dataDir, log),
    clock: systemClock,
    random: systemRandom,
    tokens: estimatedTokens,
    limits: DEFAULT_LIMITS,
    retry: { ...DEFAULT_RETRY, attemptsMax: values.network.retries + 1, baseMs: values.network.retryBaseMs },
    settings,
    rules: [...values.rules, ...(request.rules ?? [])],
    version: request.version,
    locate,
    onDefect: (error) => log.write("error", error instanceof Error ? (error.stack ?? error.message) : String(error)),
  })
  return {
    ...{
      engine,
      config,
      directories: folders,
      models: port,
      keySources: port.keySources,
      exec: commands,
      sources: gathered,
      log,
      settings,
    },
    async startModel() {
      const model = settings.model === "" ? (await localModels(env))?.[0] : settings.model
      if (model !== undefined) await port.learn(model)
      return model
    },
    async close() {
      await engine.close()
      await port.saved()
      commands.close()
      temporary?.remove()
    },
  }
}

function configOf(request: HostRequest, folders: Directories): Config {
  const { env, cwd, home, flags, overrides, profile, settingsFile } = request
  const files = configFiles()
  const isIgnored = request.isIgnoringUserConfig === true
  const own = isIgnored ? { ...folders, config: join(folders.config, "ignored") } : folders
  return loadConfig({ files, env, cwd, home, directories: own, flags, overrides, profile, settingsFile })
}

function logsOf(dataDir: string, log: LogFile): LogsPort {
  return logs({ dataDir, onUnreadable: (sentence) => log.write("warn", sentence) })
}

/** A key file is for the provider that was chosen, and for no other. */
function keyFileOf(request: HostRequest, model: string | undefined) {
  if (request.apiKeyFile === undefined) return undefined
  if (model === undefined) {
    throw new SkeinError("config.invalid", "A key file needs to know whose key it holds: name a model with --model.")
  }
  return { path: request.apiKeyFile, provider: model.split("/")[0] ?? model }
}

interface ComposedModels extends Models {
  /** Where each key that was looked for came from, by provider; never the key. */
  readonly keySources: ReadonlyMap<string, string>
  saved(): Promise<void>
}

function modelsOf(request: HostRequest, config: Config, found: Keys): ComposedModels {
  const { values } = config
  const { tape } = request
  const { network } = values
  const live = (url: string, init?: RequestInit) => fetch(url, init)
  const recorder =
    tape?.kind === "record" ? recording(live, tape.file, { source: tape.source, label: tape.label }) : undefined
  const player = playerOf(tape)
  const keySources = new Map<string, string>()
  const keyOf = (owner: KeyOwner) => {
    const key = found.find(owner)
    if (key !== undefined) keySources.set(owner.id, key.source)
    return key?.value
  }
  const port = models({
    env: request.env,
    // A replay asks nobody, so it needs no key; any word will do where one is expected.
    key: player === undefined ? keyOf : () => "replay",
    providers: values.providers.map(({ headers, ...row }) =>
      headers === undefined ? row : { ...row, dialect: { headers } },
    ),
    overrides: overridesOf(values.models),
    fetch: recorder ?? player,
    network: { proxy: network.proxy, caFile: network.caFile },
    timeouts: timeoutsOf(config),
    clock: systemClock,
  })
  return { ...port, keySources, saved: async () => recorder?.saved() }
}

/** What a person set holds for every provider; the defaults yield to a provider that is known to be slower. */
function timeoutsOf(config: Config) {
  const { network } = config.values
  const isSet = (key: string) => config.origin(key)?.layer !== "defaults"
  return {
    headersTimeoutMs: isSet("network.timeout_ms") ? network.timeoutMs : undefined,
    idleTimeoutMs: isSet("network.idle_timeout_ms") ? network.idleTimeoutMs : undefined,
  }
}

function playerOf(tape: TapeRequest | undefined): Fetch | undefined {
  if (tape?.kind === "replay") return replaying(tape.file)
  if (tape?.kind === "inline") return replaying(parseTape(tape.text), { timing: tape.isLive ? "recorded" : "at_once" })
  return undefined
}

/** A price that is only half said is not a price: cost is left unknown rather than wrong. */
function overridesOf(known: Config["values"]["models"]): Record<string, ModelOverride> {
  return Object.fromEntries(
    Object.entries(known).map(([id, { price, ...facts }]) => {
      const { input, output } = price ?? {}
      return [
        id,
        input === undefined || output === undefined ? facts : { ...facts, price: { ...price, input, output } },
      ]
    }),
  )
}

/** What a session starts with; a verb's own defaults stand where nothing but the defaults spoke. */
function settingsOf(request: HostRequest, config: Config, port: ModelPort & Models): Settings {
  const { values } = config
  const isDefault = (key: string) => config.origin(key)?.layer === "defaults"
  const chosen = values.model === undefined ? port.defaultModel() : port.resolve(values.model)
  return {
    model: chosen ?? "",
    mode: isDefault("mode") ? (request.fallback?.mode ?? values.mode) : values.mode,
    sandbox: isDefault("sandbox") ? (request.fallback?.sandbox ?? values.sandbox) : values.sandbox,
    effort: values.effort,
    extraRoots: values.extraRoots,
    limits: values.limits,
  }
}
