import type { Config, Directories } from "@skein/config"
import type { RunningEngine } from "@skein/core"
import type {
  AgentTablePort,
  CommandRisk,
  LayersPort,
  McpPort,
  PolicyPort,
  ShellPort,
  WorktreesPort,
} from "@skein/core/ports"
import type { Rule, Settings } from "@skein/protocol"
import type { PersonalCode } from "./code.ts"
import {
  type AuditRecord,
  type ClosableExec,
  composed,
  type EgressReport,
  type EgressWhich,
  type ExecPolicies,
  type Foreign,
  type HookWords,
  type Models,
  type PersonalLogins,
  type PersonalPlugins,
  type SecretStore,
  type Sources,
  type StoreTools,
  type Trust,
} from "./compose.ts"
import type { Destination } from "./destinations.ts"
import type { HostExtensions } from "./extensions.ts"
import type { PersonalHooks } from "./hooks.ts"
import type { LeftOut } from "./left-out.ts"
import type { LocalModels } from "./local-models.ts"
import type { LogFile } from "./log-file.ts"
import type { HostMcp } from "./mcp.ts"
import type { Permissions } from "./permissions.ts"
import type { ProfileChoice } from "./profiles.ts"
import type { HostRequest } from "./request.ts"
import type { Scheduling } from "./scheduling.ts"
import type { SkillInstalling } from "./skill-installing.ts"
import type { HostSkills } from "./skills.ts"
import type { Workbench } from "./workbench.ts"

/** A running skein: an engine, what it was made of, and the way to end it. */
export interface Host {
  readonly engine: RunningEngine
  /** The folder it was started in. */
  readonly cwd: string
  /** As it holds in the folder the host was started in. */
  readonly config: Config
  readonly directories: Directories
  readonly models: Models
  /** Accounts that are logged in to. What is changed about them is audited. */
  readonly logins: PersonalLogins
  /** Where each provider's key or login was found, for those that have one; never the secret. */
  readonly keySources: ReadonlyMap<string, string>
  /** Where keys can be kept, in the order in which they are asked. Loaded when it is first asked for. */
  stores(): Promise<readonly SecretStore[]>
  /** A key as it can be sent, of what a person typed or piped. Throws SkeinError `config.invalid`, without the value. */
  keyFrom(text: string, from: string): string
  /** A key was kept or taken away: what is kept is asked anew, and holds from now on. */
  renewKey(owner: ReturnType<Models["owners"]>[number]): Promise<void>
  /** Takes out of a text what must not be shown, said or kept. */
  redact(text: string): string
  readonly layers: LayersPort
  readonly exec: ClosableExec
  /** MCP servers. Loaded where there are some. */
  readonly mcp: McpPort & Pick<HostMcp, "imported" | "logins">
  /** Language servers and linters. Loaded when they are first asked. */
  readonly code: PersonalCode
  /** What a command line can run. */
  readonly shell: ShellPort
  /** The kinds of what a command can do. */
  readonly risks: readonly CommandRisk[]
  /** What decides about it. */
  readonly policy: PolicyPort
  /** The standing rules of a folder, from settings and the command line. */
  rulesIn(cwd: string): readonly Rule[]
  /** What a session's context is gathered from, with the reasons. */
  readonly sources: Sources
  /** What stands before a conversation that begins with a model in a folder. Asks no network. */
  profileFor(model: string, path: string): ProfileChoice
  readonly log: LogFile
  /** What of a folder may run or be gone by: whoever is about to asks this. Decisions are audited. */
  readonly trust: Trust
  /** What is left out of folders for want of it, for whoever tells a person. */
  readonly leftOut: LeftOut
  readonly audit: AuditRecord
  /** Where that log lies, and the records without content of all sessions. */
  readonly logFile: string
  readonly recordsDir: string
  /** Every place that anything could be sent to, as things are set now. Asks no network. */
  destinations(): Promise<readonly Destination[]>
  /** What left this machine, and what was kept from leaving: all of it, of one session, or since a time. */
  egressReport(which: EgressWhich): Promise<EgressReport>
  /** The way of a benchmark's results to where the person sends them: recorded, through their proxy, with their certificates. */
  sendResults(url: string, init: RequestInit): Promise<Response>
  /** Models that are files of this machine. Loaded when they are first asked for. */
  localModels(): Promise<LocalModels>
  /** Sessions of other programs. Loaded when it is first asked for, as is the workbench. */
  foreign(): Promise<Foreign>
  /** What a person looks into logs with. */
  workbench(): Promise<Workbench<StoreTools>>
  /** What may be done in the folder the host was started in, and who said so. */
  readonly permissions: Permissions
  /** Who work can be handed to, and the copies of repositories that they work in. Loaded when first asked. */
  readonly agents: AgentTablePort
  readonly worktrees: WorktreesPort
  /** Skills that there are, and where they come from. Loaded when first asked. */
  readonly skills: PersonalSkills
  /** Plugins: what is installed, and how they come and go. Loaded when it is first asked for. */
  plugins(): Promise<PersonalPlugins>
  /** What orders the work of several. Loaded when it is first asked for. */
  scheduling(): Promise<Scheduling>
  /** Codex's policies of commands. Loaded when it is first asked for. */
  execPolicy(): Promise<ExecPolicies>
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
  /** What files set to run at points of a turn. */
  readonly hooks: PersonalHooks
  /** What hooks of a client are told and say, in Claude Code's words. Loaded when it is first asked for. */
  hookWords(): Promise<HookWords>
  /** Names of the output styles that can be chosen in a folder. */
  outputStyles(cwd: string): Promise<readonly string[]>
  /** What the extensions of plugins declare. Loaded where there are some. */
  readonly extensions: Pick<HostExtensions, "declared">
  /** Where the ripgrep is that skein brings, else the machine's. Throws SkeinError `op.unsupported` when there is none. */
  ripgrep(): Promise<string>
  /** Every turn settled, every log let go of, nothing left behind. */
  close(): Promise<void>
}

export type PersonalSkills = Pick<HostSkills, "all" | "open" | "section"> & SkillInstalling

/** Throws SkeinError `config.invalid` when the configuration cannot be used. */
export const compose: (request: HostRequest) => Host = composed
