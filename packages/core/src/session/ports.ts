import type { Effort, Revision, Rule, RuleId, Settings, Task, TaskChoice, Tier, Workspace } from "@skein/protocol"
import type { AgentLimits } from "../agents/limits.ts"
import type {
  AgentNamesPort,
  ArtifactsPort,
  AuditPort,
  CataloguePort,
  CheckpointsPort,
  ClockPort,
  CodePort,
  FinderPort,
  HooksPort,
  LayersPort,
  LogsPort,
  McpPort,
  MeterPort,
  ModelPort,
  OriginsPort,
  PluginsPort,
  PolicyPort,
  ProcessesPort,
  PromptsPort,
  RandomPort,
  ShellLinesPort,
  SkillsPort,
  SourcesPort,
  StylesPort,
  TokensPort,
  ToolsPort,
} from "../ports/index.ts"
import type { TurnLimits } from "../turn/decide.ts"
import type { ProfileChoice } from "../turn/ports.ts"
import type { RetryPolicy } from "../turn/retry.ts"

/** All that an engine is made of. The host chooses each. */
export interface EnginePorts {
  readonly model: ModelPort
  readonly tools: ToolsPort
  readonly shellLines: ShellLinesPort
  readonly policy: PolicyPort
  readonly sources: SourcesPort
  readonly logs: LogsPort
  readonly catalogue: CataloguePort
  readonly checkpoints: CheckpointsPort
  readonly meter: MeterPort
  readonly origins: OriginsPort
  /** Finds files by what is typed of their names. Left out, nobody does. */
  readonly finder?: FinderPort | undefined
  readonly clock: ClockPort
  readonly random: RandomPort
  readonly tokens: TokensPort
  readonly limits: TurnLimits
  readonly retry: RetryPolicy
  readonly agents: AgentLimits
  /** Agents that are known by name in a folder, for a person who names one. Absent: none is. */
  readonly agentNames?: AgentNamesPort | undefined
  /** Whether a folder is a worktree that was made for a child of a session in this other folder. Absent: none is. */
  readonly isTreeOf?: ((path: string, of: string) => boolean) | undefined
  /** What happens to a conversation that nearly fills the model's window; within a turn it is compacted either way. */
  readonly whenFull: "compact" | "handoff"
  /** For so long after its newest turn a provider is kept from forgetting an idle session. Absent or 0: not at all. */
  readonly keepAliveMs?: number | undefined
  /**
   * What a new session in this folder starts with, where its client says nothing else. A folder may narrow what holds
   * elsewhere, and one engine serves many. Throws SkeinError when its configuration cannot be used.
   */
  readonly settingsFor: (path: string) => Settings
  /**
   * The model and effort of a tier in this folder, of the provider that serves `model` where nobody chose another. Throws
   * SkeinError that says what to configure.
   */
  readonly tierFor: (
    tier: Tier,
    model: string,
    path: string,
  ) => { readonly model: string; readonly effort?: Effort | undefined }
  /**
   * Who does a task beside a session whose steps `model` is asked for. Without a word of the person's it is nobody but that
   * model's own provider. Throws SkeinError when what the person said cannot be used.
   */
  readonly taskFor: (task: Task, model: string) => TaskChoice
  /** What stands before a conversation that begins with `model` in this folder. Asked once for a session. */
  readonly profileFor: (model: string, path: string) => ProfileChoice
  /** When the day of a moment began, where the person is: milliseconds since the epoch. */
  readonly dayStart: (now: number) => number
  /** The standing rules in this folder, asked for at every judgement: cheap while none changed. Throws as `settingsFor` does. */
  readonly rulesFor: (path: string) => readonly Rule[]
  /**
   * Keeps a rule of scope `project` (of this folder) or `user`. Resolves with the rule that holds now: an identical one
   * that was kept before has its own id; with none, it is the one that was given. Rejects with SkeinError when it cannot.
   */
  readonly keepRule: (rule: Rule, path: string) => Promise<Rule | undefined>
  /** Takes a kept rule back. Rejects with SkeinError `rule.not_found`. */
  readonly dropRule: (ruleId: RuleId) => Promise<void>
  /** What goes on beside turns. Absent: nothing does. */
  readonly processes?: ProcessesPort | undefined
  readonly artifacts?: ArtifactsPort | undefined
  /** Language servers and linters, for a person: throws SkeinError where a tool's would throw ToolFailure. Absent: there are none. */
  readonly code?: Pick<CodePort, "status" | "symbols"> | undefined
  /** The person's own programs at points of a turn. Absent: there are none. */
  readonly hooks?: HooksPort | undefined
  /** Absent: there are no servers. */
  readonly mcp?: McpPort | undefined
  /** Absent: there are none. */
  readonly skills?: SkillsPort | undefined
  /** Absent: there are none but the usual one. */
  readonly styles?: StylesPort | undefined
  /** Packages of such parts, as a client may list them. Absent: there are none. */
  readonly plugins?: PluginsPort | undefined
  /** What `/word` can be besides skein's own commands. Absent: nothing. */
  readonly prompts?: PromptsPort | undefined
  readonly audit: AuditPort
  readonly layers: LayersPort
  readonly version: string
  /** The folder as it really is, and the repository it lies in. Throws SkeinError when there is no such folder. */
  readonly locate: (cwd: string) => Promise<Workspace>
  /** The same for the folder of a session, which may have been renamed or moved. Throws SkeinError when it is gone. */
  readonly relocate: (workspace: Workspace) => Promise<Workspace>
  /** What of its repository a folder is at now; undefined outside of one. Cheap: it runs nothing. */
  readonly revisionOf?: ((path: string) => Revision | undefined) | undefined
  /** Told of every error that is nobody's to handle: for the log file. */
  readonly onDefect: (error: unknown) => void
}
