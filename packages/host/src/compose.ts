import { tmpdir } from "node:os"
import { isAbsolute, join } from "node:path"
import { type AuditReading, type AuditRecord, auditRecord } from "@skein/audit"
import { type PersonalLogins, type SecretStore, secrets, sendable } from "@skein/auth"
import { RUN_CODE_ALIASES, RUN_CODE_FACTS } from "@skein/code-mode/facts"
import { directories } from "@skein/config"
import { createEngine, DEFAULT_RETRY } from "@skein/core"
import { COMMAND_RISKS } from "@skein/core/ports"
import { type EgressReport, type EgressSum, type EgressWhich, outbound } from "@skein/egress"
import type { ForeignSummary, Format, FoundSession, LossReport } from "@skein/foreign"
import { type Models, models, parseTape, reaching, recording, replaying } from "@skein/models"
import { policy, rulebook } from "@skein/policy"
import { type ClosableExec, exec, layeredWorld, layers } from "@skein/sandbox"
import { shell } from "@skein/shell"
import { type Sources, sources } from "@skein/skills"
import { artifacts, catalogue, checkpoints, logs, meter } from "@skein/store"
import { findRipgrep, localFiles, type ToolWorld, tools } from "@skein/tools"
import { type Decision, type FolderTrust, type Item, type Trust, trust } from "@skein/trust"
import { browsers, documents, web } from "@skein/web"
import { loginsAudited, rulesAudited, storesAudited } from "./changes-audited.ts"
import { codeForPerson, codeOf } from "./code.ts"
import { configsOf } from "./configs.ts"
import { decisionsAudited } from "./decisions-audited.ts"
import { delegatesOf, worktreesForPerson } from "./delegates.ts"
import { destinationsOf } from "./destinations.ts"
import { ended } from "./ended.ts"
import { extendingOf } from "./extending.ts"
import { finderOf } from "./finder.ts"
import { formattingOf } from "./formatting.ts"
import { happeningsOf } from "./happenings.ts"
import type { ForeignLogs, ImportedAs } from "./importing.ts"
import { keepingOf } from "./keeping.ts"
import { localModelsOf } from "./local-models.ts"
import { locate, ownRepositoryOf, projectOf, relocatedFrom, sessionsDirOf } from "./locate.ts"
import { logFile } from "./log-file.ts"
import { loginServers } from "./login-servers.ts"
import { foreignLater, workbenchLater } from "./looking-back.ts"
import { modelOptions, secretsIn, withoutKeys } from "./model-options.ts"
import { flock, noCores, supplant } from "./natives.ts"
import { originsIn } from "./origins.ts"
import { outlineOf } from "./outline.ts"
import { ownPlaces, secretsTold } from "./own-places.ts"
import { importsOf, MANAGED_RULES, permissionsOf } from "./permissions.ts"
import { pluginsOf } from "./plugins.ts"
import { profilesOf } from "./profiles.ts"
import { redactingArtifacts, redactingModel } from "./redact/ports.ts"
import { redactingProcesses } from "./redact/processes.ts"
import { redactingTools } from "./redact/tools.ts"
import type { HostRequest } from "./request.ts"
import { revisionOf } from "./revision.ts"
import { ripgrepIn } from "./ripgrep.ts"
import { screenOf } from "./screen-of.ts"
import { keyFileOf, settingsPerFolder, startModelOf } from "./settings.ts"
import { shellLinesOf } from "./shell-lines.ts"
import { tapeOf } from "./tape.ts"
import { tasksOf } from "./tasks.ts"
import { temporaryData } from "./temporary.ts"
import { tiersOf } from "./tiers.ts"
import { toldSources } from "./told-sources.ts"
import { trustInTrees } from "./trees.ts"
import { agentLimitsOf, turnLimitsOf } from "./turn-limits.ts"
import { warningTools } from "./warning-tools.ts"
import { warningsOf } from "./warnings.ts"
import { packedLeader as packed, webOptions } from "./web-options.ts"
import { estimatedTokens, localDayStart, systemClock, systemRandom } from "./world.ts"

export type { PersonalPlugins } from "@skein/plugins"
/** What a host shows of its adapters. */
export type {
  AuditReading,
  AuditRecord,
  ClosableExec,
  Decision,
  FolderTrust,
  Item,
  Models,
  PersonalLogins,
  SecretStore,
  Sources,
  Trust,
}

/** What the store says of the bytes of a log, and makes up. */
export type StoreTools = typeof import("@skein/store/diagnostics")

export type HookWords = typeof import("@skein/hooks/client")
export type ExecPolicies = typeof import("@skein/policy/execpolicy")

/** Sessions of other programs. */
export type Foreign = ForeignLogs<FoundSession, Format, LossReport, ForeignSummary>
export type Imported = ImportedAs<LossReport>
export type { EgressReport, EgressSum, EgressWhich, ForeignSummary, Format, FoundSession, LossReport }

/** The one place where ports get their adapters. Whatever a folder says is read when that folder is first asked about. */
export function composed(request: HostRequest) {
  const { env, home, cwd } = request
  const folders = directories(env, home)
  const configs = configsOf(request, folders)
  const config = configs.in(cwd)
  const { log: logging, network, context } = config.values
  const logPath = logging.file ?? join(folders.data, "log", "skein.log")
  const redact = (text: string) => secret.redact(text)
  const log = logFile({ path: logPath, level: logging.level, now: systemClock.now, redact })
  const { warn, tell, read: warnings, leftOutOf } = warningsOf(request, log)
  const temporary = request.isEphemeral === true ? temporaryData() : undefined
  const dataDir = temporary?.path ?? folders.data
  const onDefect = (error: unknown) =>
    log.write("error", error instanceof Error ? (error.stack ?? error.message) : String(error))
  const out = outbound({
    ...{ file: join(dataDir, "records", "egress.jsonl"), onUnwritable: warn, onDefect, now: systemClock.now },
    fetch: (url, init) => fetch(url, init),
    folders: [env.XDG_RUNTIME_DIR ?? "", tmpdir()].filter(isAbsolute),
    ...{ upstream: { proxy: network.proxy, env }, caFile: network.caFile },
  })
  const tape = tapeOf(request.tape, out.fetchFor("model"), { recording, replaying, parseTape })

  // What leaves nothing behind has its record with all else that goes, unless the person named a place for it.
  const ofRecord = { dataDir: config.values.audit.file === undefined ? dataDir : folders.data, lock: flock }
  const record = auditRecord({ ...config.values.audit, ...ofRecord, now: systemClock.now })
  const trusted = decisionsAudited(
    trust({
      file: join(folders.data, "trust.json"),
      ...{ home, lock: flock, now: systemClock.now, isTrusting: request.isTrusting ?? false },
      repositoryOf: ownRepositoryOf,
    }),
    record,
  )
  const loginFetch = reaching({ proxy: network.proxy, caFile: network.caFile, through: out.fetchFor("login") })
  const secret = secrets({
    ...{ env, home, platform: process.platform, dataDir: folders.data, now: systemClock.now },
    ...config.values.secrets,
    ...{ known: () => secretsIn(config), keyFile: () => keyFileOf(request, configs, port) },
    ...{ fetch: out.fetchFor("vault"), loginFetch },
    ...{ onWarning: warn, ...secretsTold(log) },
  })
  const through = out.fetchFor("download")
  const local = localModelsOf({ load: () => import("@skein/llama"), dataDir: folders.data, env, through })
  const port = models({
    ...{ env, ...local.ofMachine },
    // A replay asks nobody, so it needs no key; any word will do where one is expected.
    key: tape.isReplay ? () => "replay" : secret.key,
    seek: tape.isReplay ? undefined : secret.seek,
    ...{ logins: tape.isReplay ? undefined : secret.logins, troubles: secret.troubles },
    ...{ fetch: tape.fetch, clock: systemClock },
    ...modelOptions(config, out.fetchFor("model"), tape.isReplay ? undefined : folders.config),
  })
  const profileFor = profilesOf(configs, port)
  const settingsFor = settingsPerFolder(configs, request.fallback, port, warn)

  const sessionsDir = sessionsDirOf(config.values.session.location, folders.data, cwd)
  const kept = { dataDir, sessionsDir, recordFile: record.file, hidden: secret.hidden }
  const { layerFolders, own } = ownPlaces(request, folders, kept)
  const outputs = redactingArtifacts(artifacts({ dataDir }), redact)
  const commands = exec({
    artifacts: outputs,
    env: withoutKeys(env, port.owners()),
    ...{ consent: request.consent, bounds: config.values.bounds, egress: out.egress },
    ...{ hidden: own, secretFiles: secret.files.below, isAlwaysConfined: () => book.isAlwaysConfined() },
  })
  const layered = layers({ folders: layerFolders, home, onRepaired: (sentence) => log.write("warn", sentence) })
  // A keep that a kill cut short is not left half done, whether or not a layer is asked for this time.
  layered.repair().catch((error: unknown) => warn(`Layers of a killed skein were not cleaned up: ${String(error)}`))
  const files = localFiles({ supplant })
  const reader = shell()
  const ripgrep = ripgrepIn(folders.cache, findRipgrep)
  const onUnwatched = (why: string) => log.write("info", why)
  const finding = finderOf(async () =>
    (await import("@skein/finder")).finder({ ripgrep, now: systemClock.now, onUnwatched }),
  )
  const outlines = outlineOf(async () => (await import("@skein/outline")).outline({ cacheDir: folders.cache }))
  const [tierFor, taskFor] = [tiersOf(configs, port), tasksOf(configs, port)]
  const given = {
    ...{ request, folders, configs, lock: flock, now: systemClock.now, warn: tell },
    ...{ trust: trustInTrees(trusted, () => delegates.trees), leftOut: leftOutOf(trusted) },
  }
  const plugins = pluginsOf({ ...given, load: () => import("@skein/plugins"), fetchFor: out.fetchFor, audit: record })
  const delegates = delegatesOf({
    load: { agents: () => import("@skein/agents"), worktrees: () => import("@skein/worktrees") },
    ...{ ...given, home, configDir: folders.config, env },
    // Beside the data, not in it: what lies in it no tool opens.
    ...{ folder: `${folders.data}-worktrees`, temporary: tmpdir() },
    ...{ resolve: port.resolve, tierFor, taskFor, plugins: plugins.port },
    happenings: () => happeningsOf({ engine, hooks: extending.hooks, settingsFor, newId: systemRandom.id, warn: tell }),
  })
  const cacheDir = temporary === undefined ? folders.cache : undefined
  const ofWeb = { egress: out.egress, documents: documents(), now: systemClock.now, version: request.version, cacheDir }
  const pages = browsers({ egress: out.egress, path: env.PATH ?? "", cwd, temporary: tmpdir(), packed })
  const code = codeOf({ ...given, load: () => import("@skein/lsp"), exec: commands, path: env.PATH, notify: tell })
  const extending = extendingOf({
    ...{ ...given, dataDir, exec: commands, fetchFor: out.fetchFor, plugins: plugins.port, redact, onDefect, log },
    ...{ artifacts: outputs, audit: record, sleep: systemClock.sleep, trees: delegates.trees },
    logins: { places: secret.serverLogins, know: secret.know, fetch: loginFetch },
    ...{ envWithoutKeys: () => withoutKeys(env, port.owners()), resolve: port.resolve },
    ...{ rulesIn: (path) => rulesIn(path), judge: (...call) => permissions.judge(...call) },
    codeMode: { facts: RUN_CODE_FACTS, aliases: RUN_CODE_ALIASES, load: () => import("@skein/code-mode") },
    load: {
      ...{ hooks: () => import("@skein/hooks"), mcp: () => import("@skein/mcp") },
      ...{ skills: () => import("@skein/skills/skills"), installing: () => import("@skein/skills/install") },
      ...{ commands: () => import("@skein/commands"), extensions: () => import("@skein/extensions") },
      toolbox: () => import("@skein/toolbox"),
    },
  })
  const toolWorld: ToolWorld = {
    ...{ agents: delegates.agents, worktrees: delegates.worktrees },
    ...{ skills: extending.skills, outline: outlines.port, documents: ofWeb.documents, browser: pages },
    web: web(webOptions({ ...ofWeb, search: () => config.values.searchEngines ?? {} })),
    ...{ files, exec: commands, layered: layeredWorld(files), shell: reader, home, code },
    ...{ ripgrep, secrets: own, secretFiles: secret.files, screen: screenOf },
    shown: [join(dataDir, "artifacts"), join(folders.config, "AGENTS.md")],
    format: formattingOf({ formatIn: (path) => configs.in(path).values.edit.format, trustOf: trusted.trustOf }),
  }
  const toolbox = tools(toolWorld, { isAllInFull: config.values.tools.areAllInFull, providers: extending.providers })
  const gathered = sources({
    home,
    ...{ configDir: folders.config, env, now: systemClock.now },
    instructions: () => request.instructions ?? {},
    extraFilesFor: (path) => configs.in(path).values.instructions.files,
    isLoadingProjectFiles: (path) => request.isLoadingProjectFiles !== false && !given.trust.isRefused(path),
  })
  const judging = policy({ home })
  const book = rulebook({
    ...{ configDir: folders.config, managedFile: MANAGED_RULES, home, env, projectOf, warn },
    ...{ imports: importsOf(request, configs), newId: () => systemRandom.id("rul"), now: systemClock.now, lock: flock },
  })
  const rulesIn = (path: string) => [...book.rulesFor(path), ...configs.in(path).values.rules, ...(request.rules ?? [])]
  const keeping = keepingOf(
    { home, config, sessionsDir, temporaryDir: temporary?.path, warn },
    { logs, catalogue, checkpoints, meter },
  )
  const cleaned = warningTools(redactingTools(toolbox, redact, secret.files.below), book.warningsFor)
  const engine = createEngine({
    model: redactingModel(port, redact),
    ...{ tools: cleaned, shellLines: shellLinesOf(cleaned), code: codeForPerson(code) },
    ...{ processes: redactingProcesses(commands, redact), artifacts: outputs },
    ...{ policy: judging, finder: finding.port },
    sources: toldSources(extending.styled(gathered), {
      ...{ tools: toolbox, redact, agents: delegates.custom, skills: extending.skills },
      onUnmapped: (why) => log.write("warn", why),
      learn: (roots) => Promise.all([secret.files.below(roots), noCores().catch(onDefect)]),
    }),
    ...keeping,
    ...{ audit: record, clock: systemClock, random: systemRandom, tokens: estimatedTokens },
    ...{ limits: turnLimitsOf(config), agents: agentLimitsOf(config) },
    ...{ agentNames: delegates.names((path) => settingsFor(path).model), isTreeOf: delegates.trees.isTreeOf },
    retry: { ...DEFAULT_RETRY, attemptsMax: network.retries + 1, baseMs: network.retryBaseMs },
    ...{ whenFull: context.whenFull, keepAliveMs: config.values.cache.keepAliveMs },
    ...{ settingsFor, profileFor, tierFor, taskFor, dayStart: localDayStart },
    origins: { settings: (path) => originsIn(configs.in(path), port.resolve), keys: () => secret.sources },
    dropRule: async (ruleId) => void (await book.drop(ruleId)),
    ...{ layers: layered, version: request.version, plugins: plugins.port, ...extending.ports },
    ...{ locate, relocate: relocatedFrom(cwd), revisionOf, onDefect, rulesFor: rulesIn, keepRule: book.keep },
  })
  const audited = { audit: record, warn: tell }
  const permissions = permissionsOf({
    ...{ book: rulesAudited(book, audited), cwd, tools: toolbox, policy: judging, settingsFor, rulesIn },
    now: systemClock.now,
  })
  return {
    ...{ redact, keyFrom: sendable, renewKey: secret.renew, keySources: secret.sources },
    ...{ logins: loginsAudited(secret.logins, audited), mcp: extending.mcp, extensions: extending.extensions },
    stores: async () => storesAudited(await secret.stores(), audited),
    ...{ code: codeForPerson(code), engine, config, directories: folders, models: port, exec: commands },
    sendResults: reaching({ proxy: network.proxy, caFile: network.caFile, through: out.fetchFor("benchmark") }),
    ...{ profileFor, trust: trusted, leftOut: given.leftOut, audit: record, localModels: local.open },
    ...{ shell: reader, risks: COMMAND_RISKS, policy: judging, rulesIn, outputStyles: extending.outputStyles },
    ...{ permissions, skills: extending.skills, layers: layered, sources: gathered, log },
    ...{ agents: delegates.agents, worktrees: worktreesForPerson(delegates.worktrees) },
    ...{ cwd, plugins: plugins.personal, scheduling: () => import("@skein/tools/schedule") },
    ...{ execPolicy: () => import("@skein/policy/execpolicy"), hookWords: () => import("@skein/hooks/client") },
    ...{ logFile: logPath, recordsDir: join(temporary?.path ?? sessionsDir, "records") },
    destinations: async () =>
      destinationsOf({
        ...{ config, env, rules: rulesIn(cwd), now: systemClock.now(), consent: request.consent },
        ...{ models: await port.destinations(), keySources: secret.sources },
        logins: await loginServers(port.owners(), secret.logins),
      }),
    egressReport: out.report,
    foreign: foreignLater(() => import("@skein/foreign"), {
      ...{ home, env, newId: systemRandom.id, logs: keeping.logs },
      ...{ settingsFor, version: request.version, cwd, redact },
    }),
    workbench: workbenchLater(() => import("@skein/store/diagnostics"), {
      ...{ logs: keeping.logs, logsIn: (folder) => logs({ dataDir: folder }), version: request.version },
      dataDir: temporary?.path ?? sessionsDir,
    }),
    get settings() {
      return settingsFor(cwd)
    },
    get warnings() {
      settingsFor(cwd)
      return warnings()
    },
    ...{ hooks: extending.hooks, ripgrep, startModel: (folder = cwd) => startModelOf(settingsFor(folder), port) },
    close: () =>
      ended(
        [engine, extending, code, pages, keeping.meter, record, { close: () => tape.recording?.saved() }],
        [commands, outlines, finding, local, out, { close: () => temporary?.remove() }],
      ),
  }
}
