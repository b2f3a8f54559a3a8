import { tmpdir } from "node:os"
import { isAbsolute, join, resolve } from "node:path"
import { type Audit, audit, auditFile, headFileOf } from "@skein/audit"
import { type FoundKey, type KeyOwner, keys, redactor, type SecretStore, secretFiles, sendable } from "@skein/auth"
import { type Config, type Directories, directories } from "@skein/config"
import { createEngine, DEFAULT_LIMITS, DEFAULT_RETRY, modePolicy, type RunningEngine } from "@skein/core"
import type { ExecPort, LayersPort } from "@skein/core/ports"
import { egress, ledger, recordedFetch } from "@skein/egress"
import type { ForeignSummary, Format, FoundSession, LossReport } from "@skein/foreign"
import { type Fetch, type Models, models, parseTape, type Recording, recording, replaying } from "@skein/models"
import { lazy, type Settings, SkeinError } from "@skein/protocol"
import { exec, layeredWorld, layers } from "@skein/sandbox"
import { type Sources, sources } from "@skein/skills"
import { artifacts, catalogue, checkpoints, logs, meter } from "@skein/store"
import { findRipgrep, localFiles, tools } from "@skein/tools"
import { type Decision, type FolderTrust, type Item, type Trust, trust } from "@skein/trust"
import { borrowedCatalogue, borrowedLogs } from "./borrowed-logs.ts"
import { configsOf } from "./configs.ts"
import { decisionsAudited } from "./decisions-audited.ts"
import type { ForeignLogs, ImportedAs } from "./importing.ts"
import { locate, ownRepositoryOf, realHome, relocatedFrom, sessionsDirOf } from "./locate.ts"
import { type LogFile, logFile } from "./log-file.ts"
import { modelOptions } from "./model-options.ts"
import { NO_CHECKPOINTS } from "./no-checkpoints.ts"
import { redactingArtifacts, redactingModel, redactingSources } from "./redact/ports.ts"
import { redactingTools } from "./redact/tools.ts"
import type { HostRequest, TapeRequest } from "./request.ts"
import { ripgrepIn } from "./ripgrep.ts"
import { keyFileOf, settingsPerFolder } from "./settings.ts"
import { temporaryData } from "./temporary.ts"
import type { Workbench } from "./workbench.ts"
import { estimatedTokens, localDay, systemClock, systemRandom } from "./world.ts"

/** A running skein: an engine, what it was made of, and the way to end it. */
export interface Host {
  readonly engine: RunningEngine
  /** As it holds in the folder the host was started in. */
  readonly config: Config
  readonly directories: Directories
  readonly models: Models
  /** Where each provider's key was found, for those that have one; never the key. */
  readonly keySources: ReadonlyMap<string, string>
  /** Where keys can be kept, in the order in which they are asked. Loaded when it is first asked for. */
  stores(): Promise<readonly SecretStore[]>
  /** A key as it can be sent, of what a person typed or piped. Throws SkeinError `config.invalid`, without the value. */
  keyFrom(text: string, from: string): string
  /** Takes out of a text what must not be shown, said or kept. */
  redact(text: string): string
  readonly exec: ExecPort
  readonly layers: LayersPort
  /** What a session's context is gathered from, with the reasons. */
  readonly sources: Sources
  readonly log: LogFile
  /** What of a folder may run or be gone by: whoever is about to asks this. Decisions are audited. */
  readonly trust: Trust
  readonly audit: AuditRecord
  /** Where that log lies, and the records without content of all sessions. */
  readonly logFile: string
  readonly recordsDir: string
  /** Sessions of other programs. Loaded when it is first asked for, as is the workbench. */
  foreign(): Promise<Foreign>
  /** What a person looks into logs with. */
  workbench(): Promise<Workbench<StoreTools>>
  /**
   * What a session starts with in the folder the host was started in. The model is empty when nobody chose one and no
   * key was found. Throws SkeinError for a model or a key that cannot be used.
   */
  readonly settings: Settings
  /** What a person should know before anything is asked: settings that were ignored, a key that others can read. */
  readonly warnings: readonly string[]
  /**
   * The model a new session of a folder starts with: the chosen one, else that of a key which is kept somewhere, else a
   * local Ollama's newest, which are looked for only now. Undefined when there is none. The host's own folder when none is given.
   */
  startModel(cwd?: string): Promise<string | undefined>
  /** Every turn settled, every log let go of, nothing left behind. */
  close(): Promise<void>
}

/** The record of every action. */
export interface AuditRecord extends Pick<Audit, "record"> {
  /** Absolute, also when nothing is recorded. */
  readonly file: string
  readonly headFile: string
  /** What reads it. */
  reading(): Promise<AuditReading>
}

export type AuditReading = typeof import("@skein/audit/reading")
export type { Decision, FolderTrust, Item }

/** What the store says of the bytes of a log, and makes up. */
export type StoreTools = typeof import("@skein/store/diagnostics")

/** Sessions of other programs. */
export type Foreign = ForeignLogs<FoundSession, Format, LossReport, ForeignSummary>
export type Imported = ImportedAs<LossReport>
export type { ForeignSummary, Format, FoundSession, LossReport }

/** The one place where ports get their adapters. Whatever a folder says is read when that folder is first asked about. */
export function compose(request: HostRequest): Host {
  const { env, home, cwd } = request
  const folders = directories(env, home)
  const configs = configsOf(request, folders)
  const config = configs.in(cwd)
  const { log: logging, network, context } = config.values
  const logPath = logging.file ?? join(folders.data, "log", "skein.log")
  const redacting = lazy(() => redactor(env))
  const redact = (text: string) => redacting().redact(text)
  const log = logFile({ path: logPath, level: logging.level, now: systemClock.now, redact })
  const warnings: string[] = []
  if (request.consent === "no-sandbox") warnings.push(UNCONFINED)
  const warn = (sentence: string) => {
    warnings.push(sentence)
    log.write("warn", sentence)
  }

  const temporary = request.isEphemeral === true ? temporaryData() : undefined
  const dataDir = temporary?.path ?? folders.data
  const outgoing = ledger({ path: join(dataDir, "records", "egress.jsonl"), onUnwritable: warn })
  const reached = (purpose: string) =>
    recordedFetch((url, init) => fetch(url, init), outgoing, { purpose, now: systemClock.now })
  const tape = tapeOf(request.tape, reached("model"))

  const record = auditOf(config, folders)
  const trusted = decisionsAudited(
    trust({
      file: join(folders.data, "trust.json"),
      ...{ home, lock: flock, now: systemClock.now, isTrusting: request.isTrusting ?? false },
      repositoryOf: ownRepositoryOf,
    }),
    record,
  )
  const keySources = new Map<string, string>()
  const stores = lazy(async () => {
    const { platform } = process
    const { stores: all } = await import("@skein/auth/stores")
    return all({ env, home, platform, dataDir: folders.data, fetch: reached("vault") })
  })
  const places = lazy(() =>
    keys({ env, keyFile: keyFileOf(request, configs, port), stores, allow: config.values.secrets.allow }),
  )
  const used = (owner: KeyOwner, key: FoundKey | undefined) => {
    if (key?.warning !== undefined && keySources.get(owner.id) !== key.source) warn(key.warning)
    if (key === undefined) return undefined
    keySources.set(owner.id, key.source)
    redacting().know(owner.keyEnv[0] ?? owner.id, key.value)
    return key.value
  }
  const keyOf = (owner: KeyOwner) => used(owner, places().find(owner))
  const port = models({
    env,
    // A replay asks nobody, so it needs no key; any word will do where one is expected.
    key: tape.isReplay ? () => "replay" : keyOf,
    seek: async (owner) => used(owner, await places().seek(owner)),
    troubles: () => places().troubles(),
    fetch: tape.fetch,
    clock: systemClock,
    ...modelOptions(config, reached("model")),
  })
  const settingsFor = settingsPerFolder(configs, request.fallback, port, warn)

  const sessionsDir = sessionsDirOf(config.values.session.location, folders.data, cwd)
  // In the data folder, or beside it where that lies in the workspace itself.
  const layerFolders = [join(dataDir, "layers"), join(env.TMPDIR ?? "/tmp", `skein-layers-${process.getuid?.() ?? 0}`)]
  const own = [
    ...layerFolders,
    folders.config,
    folders.data,
    dataDir,
    sessionsDir,
    record.file,
    ...(request.apiKeyFile === undefined ? [] : [resolve(cwd, request.apiKeyFile)]),
  ]
  const way = egress({
    ledger: outgoing,
    now: systemClock.now,
    folders: [env.XDG_RUNTIME_DIR ?? "", tmpdir()].filter(isAbsolute),
    upstream: { proxy: network.proxy, env },
    caFile: network.caFile,
  })
  const secret = lazy(() =>
    secretFiles({
      ...{ show: config.values.secrets.show, home, redactor: redacting(), now: systemClock.now },
      onShown: (path) => log.write("warn", `Shown to tools, because secrets.show says so: ${path}`),
      onCut: (root) => log.write("warn", `Not all of ${root} was looked through for files of secrets: it is too large`),
    }),
  )
  const commands = exec({
    artifacts: redactingArtifacts(artifacts({ dataDir }), redact),
    env: withoutKeys(env, port.owners()),
    consent: request.consent,
    hidden: own,
    secretFiles: (roots) => secret().below(roots),
    egress: way,
  })
  const layered = layers({ folders: layerFolders, home, onRepaired: (sentence) => log.write("warn", sentence) })
  // A keep that a kill cut short is not left half done, whether or not a layer is asked for this time.
  layered.repair().catch((error: unknown) => warn(`Layers of a killed skein were not cleaned up: ${String(error)}`))
  const files = localFiles({ supplant })
  const toolbox = tools({
    files,
    exec: commands,
    layered: layeredWorld(files),
    home,
    ripgrep: ripgrepIn(folders.cache, findRipgrep),
    secrets: own,
    secretFiles: { below: (roots) => secret().below(roots), reasonFor: (path) => secret().reasonFor(path) },
    shown: [join(dataDir, "artifacts"), join(folders.config, "AGENTS.md")],
  })
  const gathered = sources({
    home,
    configDir: folders.config,
    env,
    now: systemClock.now,
    instructions: () => request.instructions ?? {},
    extraFilesFor: (path) => configs.in(path).values.instructions.files,
    isLoadingProjectFiles: (path) => request.isLoadingProjectFiles !== false && !trusted.isRefused(path),
  })
  const keeping = keepingOf({ request, config, sessionsDir, temporaryDir: temporary?.path, warn })
  const engine = createEngine({
    model: redactingModel(port, redact),
    tools: redactingTools(toolbox, redact),
    policy: modePolicy,
    sources: redactingSources(gathered, redact),
    ...keeping,
    audit: record,
    clock: systemClock,
    random: systemRandom,
    tokens: estimatedTokens,
    limits: { ...DEFAULT_LIMITS, compactAt: context.compactAt, windowing: context.isWindowed },
    retry: { ...DEFAULT_RETRY, attemptsMax: network.retries + 1, baseMs: network.retryBaseMs },
    whenFull: context.whenFull,
    settingsFor,
    rulesFor: (path) => [...configs.in(path).values.rules, ...(request.rules ?? [])],
    keepRule: cannotKeepRules,
    dropRule: cannotKeepRules,
    layers: layered,
    version: request.version,
    locate,
    relocate: relocatedFrom(cwd),
    onDefect: (error) => log.write("error", error instanceof Error ? (error.stack ?? error.message) : String(error)),
  })
  return {
    ...{ stores, redact, keyFrom: sendable },
    ...{
      engine,
      config,
      directories: folders,
      models: port,
      keySources,
      exec: commands,
      layers: layered,
      sources: gathered,
      log,
    },
    ...{ trust: trusted, audit: record },
    logFile: logPath,
    recordsDir: join(temporary?.path ?? sessionsDir, "records"),
    foreign: lazy(async () => {
      const [{ foreignLogs }, reader] = await Promise.all([import("./importing.ts"), foreignReader(request)])
      return foreignLogs({ reader, logs: keeping.logs, settingsFor, version: request.version, cwd })
    }),
    workbench: lazy(async () => {
      const [{ workbenchOf }, store] = await Promise.all([import("./workbench.ts"), import("@skein/store/diagnostics")])
      const logsIn = (folder: string) => logs({ dataDir: folder })
      const dataDir = temporary?.path ?? sessionsDir
      return workbenchOf({ logs: keeping.logs, logsIn, dataDir, version: request.version, store })
    }),
    get settings() {
      return settingsFor(cwd)
    },
    get warnings() {
      settingsFor(cwd)
      return warnings
    },
    async startModel(folder = cwd) {
      const { model } = settingsFor(folder)
      const found = model === "" ? ((await port.storedModel()) ?? (await port.local())?.[0]) : model
      if (found !== undefined) await port.learn(found)
      return found
    },
    async close() {
      try {
        await engine.close()
        await keeping.meter.close()
        await record.close()
        await tape.recording?.saved()
      } finally {
        commands.close()
        way.close()
        outgoing.close()
        temporary?.remove()
      }
    },
  }
}

/** What commands start from: a person may have called a key's variable what sounds like none. */
function withoutKeys(env: HostRequest["env"], owners: readonly KeyOwner[]): HostRequest["env"] {
  const names = new Set(owners.flatMap(({ keyEnv }) => keyEnv))
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.has(name)))
}

/** With the first write. */
const supplant = lazy(async () => await (await import("./supplant.ts")).loadSupplant())
const quietly = lazy(async () => await (await import("./supplant.ts")).loadQuietly())

const flock = lazy(async () => await (await import("./flock.ts")).loadFlock())

/** What was done, in a file of the person's: there also for sessions that leave nothing else behind. */
function auditOf(config: Config, folders: Directories): AuditRecord & Audit {
  const { isEnabled, bytesMax, isSynced, file = auditFile(folders.data) } = config.values.audit
  const headFile = headFileOf(folders.data, file)
  const kept = audit({ file, headFile, lock: flock, bytesMax, isSynced, now: systemClock.now })
  return {
    ...{ file, headFile, reading: () => import("@skein/audit/reading"), close: kept.close },
    record: isEnabled ? kept.record : async () => {},
  }
}

interface Keeping {
  readonly request: HostRequest
  readonly config: Config
  readonly sessionsDir: string
  /** For what must not outlive the process. */
  readonly temporaryDir: string | undefined
  readonly warn: (sentence: string) => void
}

/** What keeps sessions, and what they did. */
function keepingOf({ request, config, sessionsDir, temporaryDir, warn }: Keeping) {
  const { isEnabled, bytesMax } = config.values.checkpoints
  const kept = { logs: logs({ dataDir: sessionsDir }), catalogue: catalogueIn(sessionsDir) }
  const dataDir = temporaryDir ?? sessionsDir
  const own = { logs: logs({ dataDir }), catalogue: catalogueIn(dataDir) }
  return {
    logs: temporaryDir === undefined ? kept.logs : borrowedLogs(own.logs, kept.logs),
    catalogue: temporaryDir === undefined ? kept.catalogue : borrowedCatalogue(own.catalogue, kept.catalogue),
    checkpoints: isEnabled
      ? checkpoints({
          dataDir,
          home: realHome(request.home),
          now: systemClock.now,
          bounds: { bytesMax },
          supplant,
          quietly,
        })
      : NO_CHECKPOINTS,
    meter: meter({ dataDir, onUnwritable: warn }),
  }

  function catalogueIn(folder: string) {
    return catalogue({ dataDir: folder, onUnreadable: warn, dayOf: localDay })
  }
}

/** What reads the sessions of other programs. */
async function foreignReader({ home, env }: HostRequest) {
  const { importers, stamped, summariseForeign } = await import("@skein/foreign")
  const { list, detect, read } = importers({ home, env })
  return {
    ...{ list, detect, summarise: summariseForeign },
    async read(...given: Parameters<typeof read>) {
      const reading = await read(...given)
      if (reading.kind === "unchanged") return reading
      const { drafts, ...rest } = reading
      return { ...rest, events: stamped(drafts, { sessionId: rest.sessionId, newId: systemRandom.id }) }
    },
  }
}

async function cannotKeepRules(): Promise<never> {
  throw new SkeinError("op.unsupported", "Rules cannot be kept beyond a session here. Say it for this session.")
}

const UNCONFINED =
  "WITHOUT A SANDBOX: commands can read, change and send whatever you can. --no-sandbox is for a machine you can lose."

interface HostTape {
  /** Stands in for the network; absent when there is no tape. */
  readonly fetch?: Fetch
  readonly recording?: Recording
  readonly isReplay: boolean
}

function tapeOf(tape: TapeRequest | undefined, through: Fetch): HostTape {
  switch (tape?.kind) {
    case undefined:
      return { isReplay: false }
    case "record": {
      const recorder = recording(through, tape.file, { source: tape.source, label: tape.label })
      return { fetch: recorder, recording: recorder, isReplay: false }
    }
    case "replay":
      return { fetch: replaying(tape.file), isReplay: true }
    case "inline": {
      const pace = tape.isLive ? { sleep: systemClock.sleep } : undefined
      return { fetch: replaying(parseTape(tape.text), { pace }), isReplay: true }
    }
  }
}
