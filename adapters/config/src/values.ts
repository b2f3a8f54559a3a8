import type {
  ContextProfile,
  Effort,
  Limits,
  Mode,
  Network,
  Optimize,
  Routing,
  Rule,
  Sandbox,
  Task,
  Tier,
  Verbosity,
  WebSearch,
} from "@skein/protocol"
import type { McpValues } from "./mcp.ts"
import type { TuiValues } from "./tui.ts"

/** What is set, in the words of the program. Absent: nobody said anything and there is no default. */
export interface ConfigValues {
  readonly model?: string | undefined
  readonly mode: Mode
  readonly sandbox: Sandbox
  readonly effort?: Effort | undefined
  readonly verbosity?: Verbosity | undefined
  /** By name. */
  readonly outputStyle?: string | undefined
  /** What of the web may be searched, by the model's provider or by our own tool. */
  readonly webSearch: WebSearch
  /** Who our own tool asks. */
  readonly searchEngines?:
    | { readonly engines?: readonly string[] | undefined; readonly searxng?: string | undefined }
    | undefined
  readonly toolRouter: ToolRouterValues
  /** Which of the tiers a session begins with. */
  readonly tier?: Tier | undefined
  /** Whether each turn gets a tier by itself. */
  readonly routing?: Routing | undefined
  readonly optimize?: Optimize | undefined
  readonly tiers: Readonly<Partial<Record<Tier, TierValues>>>
  /** Who does a task: a model, a tier, `session` or `off`; as written. */
  readonly tasks: Readonly<Partial<Record<Task, string>>>
  readonly limits: Limits
  /** Ignored files that a worktree gets besides, as lines of a .gitignore. */
  readonly worktrees: { readonly include: readonly string[] }
  /** Child sessions: how deep, how many of one session at once, and how long one may work. */
  readonly agents: { readonly depthMax: number; readonly runningMax: number; readonly timeoutMs: number }
  /** When a provider's limit that lasts long is waited for, and how long at most. */
  readonly waiting: { readonly waits: "never" | "ask" | "auto"; readonly waitMsMax: number }
  /** What one command may use. */
  readonly edit: {
    /** Whether changed files are brought into their project's form; `auto`: where the project sets a formatter up. */
    readonly format: boolean | "auto"
  }
  readonly bounds: BoundsValues
  /** Absolute. */
  readonly extraRoots: readonly string[]
  /** More folders of scripts that are tools, absolute. */
  readonly toolbox: { readonly paths: readonly string[] }
  /** More folders of skills, absolute; and what is made of the tools that a skill names. */
  readonly skills: { readonly paths: readonly string[]; readonly allowedTools: "grant" | "limit" | "ignore" }
  /** Commands that are checks, beside those that are known to be. */
  readonly checks: readonly string[]
  readonly git: {
    /** `Name <mail>` for a trailer of commits that skein makes; undefined for none. */
    readonly coauthor: string | undefined
  }
  /** Names and globs of tools: the only ones there are, and those that are not; whether a request tells of all in full. */
  readonly tools: {
    readonly enable?: readonly string[] | undefined
    readonly disable: readonly string[]
    readonly areAllInFull: boolean
    /** How long a program of a model's may run, its calls not counted. */
    readonly codeMs: number
  }
  readonly rules: readonly Rule[]
  readonly permissions: {
    /** Whose files of rules are taken over: `claude`, `codex`. */
    readonly imports: readonly string[]
  }
  readonly hooks: {
    readonly isEnabled: boolean
    /** Whose files of hooks are read besides skein's: `claude`, `codex`. */
    readonly imports: readonly string[]
  }
  readonly approvals: {
    /** Whether what would be asked about runs in a layer first, so that what it did is approved. */
    readonly areOfEffects: boolean
  }
  /** Absolute. */
  readonly instructions: { readonly files: readonly string[] }
  readonly session: {
    /** Where logs lie: with the user's data, or in `.skein` of the workspace. */
    readonly location: "user" | "workspace"
  }
  readonly checkpoints: { readonly isEnabled: boolean; readonly bytesMax: number }
  readonly context: {
    /** Share of the model's window at which older context is let go. */
    readonly compactAt: number
    /** What happens then. */
    readonly whenFull: "compact" | "handoff"
    /** Older groups of turns are shown as one line each before anything is summarised. */
    readonly isWindowed: boolean
    /** How much stands before a conversation; `auto`: as the model has room for. */
    readonly profile: "auto" | ContextProfile
    /** Of the repository map before a conversation; 0: none. */
    readonly repoMapTokens: number
  }
  readonly cache: {
    /** How long after its newest turn an idle session is kept in its provider's cache; 0 means not at all. */
    readonly keepAliveMs: number
    /** A provider that marks are set for is to keep what they mark for an hour, and not for five minutes. */
    readonly isLong: boolean
  }
  readonly secrets: {
    /** The only places keys are looked for in; all of them when nothing is said. */
    readonly allow?: readonly SecretSource[] | undefined
    /** Paths and globs, as written: files of secrets that tools may see all the same. */
    readonly show: readonly string[]
  }
  readonly log: { readonly level: "error" | "warn" | "info" | "debug"; readonly file?: string | undefined }
  readonly audit: {
    readonly isEnabled: boolean
    /** Absolute. */
    readonly file?: string | undefined
    /** Of one file; a full one is kept, and the next begun. */
    readonly bytesMax: number
    /** Whether an entry is on disk before its action is done. */
    readonly isSynced: boolean
  }
  readonly tui: TuiValues
  readonly fuzzy: {
    /** As written, from the folder of the session: paths and globs that are offered though ignore rules hide them. */
    readonly includedPaths: readonly string[]
  }
  readonly code: CodeValues
  /** Whose installed plugins are used beside skein's own. */
  readonly plugins: { readonly imports: readonly ("claude" | "codex")[] }
  readonly mcp: McpValues
  readonly network: NetworkValues
  /** What tools' processes may reach. */
  readonly toolsNetwork: Network
  readonly providers: readonly ProviderValues[]
  /** Who is asked when the model stays overloaded, as a person wrote it. */
  readonly fallbackModel?: string | undefined
  /** By `provider/model`. */
  readonly models: Readonly<Record<string, ModelValues>>
}

export type SecretSource = "key_file" | "environment" | "keyring" | "vault" | "file"

/** What language servers and linters may do. */
export interface CodeValues {
  readonly isEnabled: boolean
  /** How long a server is kept that nobody asks. */
  readonly idleMs: number
  /** Of one server with its processes. */
  readonly memoryBytesMax: number
  /** By name: servers of the person's own, and what they say of known ones. */
  readonly servers: Readonly<Record<string, LanguageServerValues>>
  /** By name; what nobody said anything of runs where a project configures it. */
  readonly linters: Readonly<Record<string, boolean>>
}

export interface LanguageServerValues {
  readonly isEnabled?: boolean | undefined
  readonly command?: string | undefined
  readonly args?: readonly string[] | undefined
  readonly extensions?: readonly string[] | undefined
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly initialization?: Readonly<Record<string, unknown>> | undefined
}

/** What one tier stands for, as far as somebody said. */
export interface TierValues {
  readonly model?: string | undefined
  readonly effort?: Effort | undefined
}

/** A small model that makes calls of what a model without tools says that it would do. */
export interface ToolRouterValues {
  readonly isEnabled: boolean
  /** Where a server for it is, that speaks Chat. Absent: the model's own provider. */
  readonly endpoint?: string | undefined
  readonly model?: string | undefined
  /** A GGUF file; absolute. */
  readonly modelPath?: string | undefined
  readonly tokenizerPath?: string | undefined
  readonly arch?: string | undefined
  readonly device?: string | undefined
  readonly outputTokensMax: number
  readonly temperature: number
}

export interface BoundsValues {
  readonly processesMax?: number | undefined
  readonly memoryBytesMax?: number | undefined
  readonly fileBytesMax?: number | undefined
  readonly cpuSecondsMax?: number | undefined
}

export interface NetworkValues {
  /** Until a provider's first byte. */
  readonly timeoutMs: number
  /** Between two pieces of a stream. */
  readonly idleTimeoutMs: number
  /** How often one request is asked again after it failed in a way that may pass. */
  readonly retries: number
  /** The wait before the first retry; it doubles from there. A provider that asks for a longer one gets it. */
  readonly retryBaseMs: number
  readonly caFile?: string | undefined
  readonly proxy?: string | undefined
}

export interface ProviderValues {
  readonly id: string
  readonly name?: string | undefined
  readonly wire?:
    | "anthropic-messages"
    | "openai-responses"
    | "openai-chat"
    | "google-gemini"
    | "ollama-chat"
    | undefined
  readonly baseUrl?: string | undefined
  readonly keyEnv?: string | readonly string[] | undefined
  readonly isBearer?: boolean | undefined
  /** False: reasoning is not to be summed up for a person, which some accounts are refused. */
  readonly hasReasoningSummary?: boolean | undefined
  /** It may keep the conversation, so that only what is new is sent. */
  readonly storesReplies?: boolean | undefined
  /** It searches the web for its models, as the maker of its wire does. */
  readonly hasSearch?: boolean | undefined
  readonly defaultModel?: string | undefined
  readonly proxy?: string | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** Prices in USD per million tokens. */
export interface ModelValues {
  readonly name?: string | undefined
  readonly contextTokens?: number | undefined
  readonly outputTokensMax?: number | undefined
  readonly images?: boolean | undefined
  readonly tools?: boolean | undefined
  readonly reasoning?: boolean | undefined
  readonly price?: PriceValues | undefined
}

export interface PriceValues {
  readonly input?: number | undefined
  readonly output?: number | undefined
  readonly cacheRead?: number | undefined
  readonly cacheWrite?: number | undefined
}
