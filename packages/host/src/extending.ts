import type { Directories } from "@skein/config"
import type {
  ArtifactsPort,
  AuditPort,
  CapabilityProvider,
  ExecPort,
  HooksPort,
  McpPort,
  PluginsPort,
  ProcessesPort,
  PromptsPort,
  SkillsPort,
  StylesPort,
  TakeLock,
} from "@skein/core/ports"
import type { Rule } from "@skein/protocol"
import { type CodeMode, codeModeOf } from "./code-mode.ts"
import type { Configs } from "./configs.ts"
import { type ExtensionsAdapter, extensionsOf, type HostExtensions } from "./extensions.ts"
import { type HooksAdapter, hooksOf, type PersonalHooks } from "./hooks.ts"
import { joinedHooks } from "./joined-hooks.ts"
import { joinedPrompts } from "./joined-prompts.ts"
import type { LeftOut } from "./left-out.ts"
import { NPM_REGISTRY } from "./local-models.ts"
import type { LogFile } from "./log-file.ts"
import { type HostMcp, type McpAdapter, mcpOf } from "./mcp.ts"
import type { McpLoginWorld } from "./mcp-logins.ts"
import { type OutputStyles, outputStylesOf, type StylesAdapter } from "./output-styles.ts"
import type { Permissions } from "./permissions.ts"
import { type PromptFilesAdapter, promptFilesOf } from "./prompt-files.ts"
import type { HostRequest } from "./request.ts"
import { type LoadInstalling, type SkillInstalling, skillInstallingOf } from "./skill-installing.ts"
import { type HostSkills, type LoadSkills, skillsOf } from "./skills.ts"
import { type ToolboxAdapter, toolboxOf } from "./toolbox.ts"
import type { Trees } from "./trees.ts"
import type { Trusting } from "./trusting.ts"

/** What everything that extends skein is made of. */
export interface ExtendingOptions {
  /** Adapters, each loaded when it is first needed. */
  readonly load: {
    readonly commands: () => Promise<PromptFilesAdapter & StylesAdapter>
    readonly extensions: () => Promise<ExtensionsAdapter>
    readonly hooks: () => Promise<HooksAdapter>
    readonly installing: LoadInstalling
    readonly mcp: () => Promise<McpAdapter>
    readonly skills: LoadSkills
    readonly toolbox: () => Promise<ToolboxAdapter>
  }
  readonly codeMode: CodeMode
  readonly request: HostRequest
  readonly folders: Directories
  readonly dataDir: string
  readonly configs: Configs
  /** Which plugins are enabled, and where their parts lie. */
  readonly plugins: PluginsPort
  readonly audit: AuditPort
  readonly trust: Trusting
  readonly leftOut: LeftOut
  readonly trees: Pick<Trees, "originOf">
  readonly exec: ExecPort & ProcessesPort
  readonly artifacts: ArtifactsPort
  /** The person's environment without known keys. */
  readonly envWithoutKeys: () => Readonly<Record<string, string | undefined>>
  readonly lock: () => Promise<TakeLock>
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Rejects with the signal's reason. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** The way out for skein's own requests, recorded under what they are for. */
  readonly fetchFor: (purpose: string) => (url: string, init?: RequestInit) => Promise<Response>
  /** Where logins to servers are kept, and who is asked about them. */
  readonly logins: McpLoginWorld
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string
  /** What would be decided about a call. */
  readonly judge: Permissions["judge"]
  readonly rulesIn: (cwd: string) => readonly Rule[]
  /** `provider/model` of a model's name. Throws SkeinError `model.unknown`. */
  readonly resolve: (model: string) => string
  /** Tells the person. */
  readonly warn: (sentence: string) => void
  readonly onDefect: (error: unknown) => void
  /** Where servers and extensions say things of their own. */
  readonly log: Pick<LogFile, "write">
}

/** All that people add to skein: servers, skills, hooks, commands, plugins. Nothing of it is loaded before it is needed. */
export interface Extending {
  /** In the order in which their tools are told. */
  readonly providers: readonly CapabilityProvider[]
  readonly skills: HostSkills & SkillInstalling
  readonly mcp: HostMcp
  readonly extensions: Pick<HostExtensions, "declared">
  /** For the engine. */
  readonly ports: {
    readonly hooks?: HooksPort | undefined
    readonly mcp?: McpPort | undefined
    readonly skills?: SkillsPort | undefined
    readonly prompts?: PromptsPort | undefined
    readonly styles?: StylesPort | undefined
  }
  /** What stands before a conversation, with the output style that a session has. */
  readonly styled: OutputStyles["styled"]
  /** Names of the output styles that can be chosen in a folder. */
  outputStyles(cwd: string): Promise<readonly string[]>
  /** What a person asks of the hooks that files set. */
  readonly hooks: PersonalHooks
  close(): Promise<void>
}

export function extendingOf(options: ExtendingOptions): Extending {
  const { load, request, folders, configs, trust, leftOut, exec, fetchFor } = options
  const fileHooks = hooksOf({ ...options, load: load.hooks })
  const extensions = extensionsOf({ ...options, load: load.extensions })
  const hooks = joinedHooks([fileHooks, extensions.hooks])
  const mcp = mcpOf({ ...options, load: load.mcp, processes: exec, fetch: fetchFor("mcp") })
  const installing = skillInstallingOf({
    ...{ load: load.installing, exec, fetched: fetchFor("skills"), dataDir: folders.data, now: options.now },
    audited: { audit: options.audit, warn: options.warn },
    registry: request.env.npm_config_registry ?? NPM_REGISTRY,
  })
  const skills = skillsOf({
    ...{ load: load.skills, home: request.home, configDir: folders.config, env: request.env, configs, trust, leftOut },
    plugins: options.plugins,
    only: () => request.given?.skills,
    isLoadingProject: request.isLoadingProjectFiles !== false,
  })
  const styles = outputStylesOf(options, options.plugins)
  const isLoadingProject = request.isLoadingProjectFiles !== false
  const toolbox = toolboxOf({ ...options, load: load.toolbox, isLoadingProject })
  const others: readonly CapabilityProvider[] = [mcp.provider, toolbox, extensions.provider]
  const providers = [...others, codeModeOf({ codeMode: options.codeMode, exec, configs, others })]
  const prompts: readonly PromptsPort[] = [
    ...[promptFilesOf(options, options.plugins), skills.prompts, extensions.prompts, mcp.prompts],
  ]
  return {
    ...{ providers, skills: { ...skills, ...installing }, hooks, mcp, extensions },
    ports: { hooks, mcp, skills, prompts: joinedPrompts(prompts), styles: styles.port },
    styled: styles.styled,
    outputStyles: async (cwd) => (await styles.port.list({ cwd })).map(({ name }) => name),
    async close() {
      await Promise.all([fileHooks.close(), extensions.close(), mcp.close()])
    },
  }
}
