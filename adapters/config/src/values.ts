import {
  type Effort,
  hostPattern,
  type Limits,
  type Mode,
  type Network,
  type Rule,
  type Sandbox,
  type Tier,
} from "@skein/protocol"
import { type TuiTree, type TuiValues, tuiOf } from "./tui.ts"

/** What is set, in the words of the program. Absent: nobody said anything and there is no default. */
export interface ConfigValues {
  readonly model?: string | undefined
  readonly mode: Mode
  readonly sandbox: Sandbox
  readonly effort?: Effort | undefined
  /** Which of the tiers a session begins with. */
  readonly tier?: Tier | undefined
  readonly tiers: Readonly<Partial<Record<Tier, TierValues>>>
  readonly limits: Limits
  /** What one command may use. */
  readonly bounds: BoundsValues
  /** Absolute. */
  readonly extraRoots: readonly string[]
  readonly rules: readonly Rule[]
  readonly permissions: {
    /** Whose files of rules are taken over: `claude`, `codex`. */
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
  readonly network: NetworkValues
  /** What tools' processes may reach. */
  readonly toolsNetwork: Network
  readonly providers: readonly ProviderValues[]
  /** By `provider/model`. */
  readonly models: Readonly<Record<string, ModelValues>>
}

export type SecretSource = "key_file" | "environment" | "keyring" | "vault" | "file"

/** What one tier stands for, as far as somebody said. */
export interface TierValues {
  readonly model?: string | undefined
  readonly effort?: Effort | undefined
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
  readonly wire?: "anthropic-messages" | "openai-responses" | "openai-chat" | "google-gemini" | undefined
  readonly baseUrl?: string | undefined
  readonly keyEnv?: string | readonly string[] | undefined
  readonly isBearer?: boolean | undefined
  /** False: reasoning is not to be summed up for a person, which some accounts are refused. */
  readonly hasReasoningSummary?: boolean | undefined
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

/** The merged tree, as TOML names it; every leaf was checked against its row of the table. */
export interface ConfigTree {
  model?: string
  mode: Mode
  sandbox: Sandbox
  effort?: Effort
  tier?: Tier
  tiers?: Partial<Record<Tier, { model?: string; effort?: Effort }>>
  limits?: { steps?: number; tokens?: number; usd?: number }
  bounds?: { processes?: number; memory_mb?: number; file_mb?: number; cpu_s?: number }
  extra_roots?: string[]
  rules?: Rule[]
  permissions: { import: string[] }
  approvals: { effects: boolean }
  instructions?: { files?: string[] }
  session: { location: "user" | "workspace" }
  checkpoints: { enabled: boolean; mb: number }
  context: { compact_at: number; when_full: "compact" | "handoff"; windowing: boolean }
  secrets?: { allow?: SecretSource[]; show?: string[] }
  log: ConfigValues["log"]
  audit: { enabled: boolean; file?: string; mb: number; sync: boolean }
  tui: TuiTree
  fuzzy?: { always_include_paths?: string[] }
  network: {
    timeout_ms: number
    idle_timeout_ms: number
    retries: number
    retry_base_ms: number
    ca_file?: string
    proxy?: string
  }
  tools_network: { access: Network["access"]; allow: string[] }
  providers?: Record<string, ProviderTree>
  models?: Record<string, ModelTree>
}

interface ProviderTree {
  name?: string
  wire?: Exclude<ProviderValues["wire"], undefined>
  base_url?: string
  key_env?: string | string[]
  bearer?: boolean
  reasoning_summary?: boolean
  default_model?: string
  proxy?: string
  headers?: Record<string, string>
}

interface ModelTree {
  name?: string
  context_tokens?: number
  output_tokens?: number
  images?: boolean
  tools?: boolean
  reasoning?: boolean
  price?: { input?: number; output?: number; cache_read?: number; cache_write?: number }
}

export function valuesOf(tree: ConfigTree): ConfigValues {
  const { limits = {}, bounds = {}, network, audit } = tree
  return {
    model: tree.model,
    mode: tree.mode,
    sandbox: tree.sandbox,
    effort: tree.effort,
    tier: tree.tier,
    tiers: tree.tiers ?? {},
    limits: {
      stepsMax: limits.steps,
      tokensMax: limits.tokens,
      microUsdMax: limits.usd === undefined ? undefined : Math.max(1, Math.round(limits.usd * 1_000_000)),
    },
    bounds: {
      processesMax: bounds.processes,
      memoryBytesMax: bytesOf(bounds.memory_mb),
      fileBytesMax: bytesOf(bounds.file_mb),
      cpuSecondsMax: bounds.cpu_s,
    },
    extraRoots: tree.extra_roots ?? [],
    rules: tree.rules ?? [],
    permissions: { imports: tree.permissions.import },
    approvals: { areOfEffects: tree.approvals.effects },
    instructions: { files: tree.instructions?.files ?? [] },
    session: tree.session,
    checkpoints: { isEnabled: tree.checkpoints.enabled, bytesMax: tree.checkpoints.mb * 1_000_000 },
    context: {
      compactAt: tree.context.compact_at,
      whenFull: tree.context.when_full,
      isWindowed: tree.context.windowing,
    },
    secrets: { allow: tree.secrets?.allow, show: tree.secrets?.show ?? [] },
    log: tree.log,
    audit: { isEnabled: audit.enabled, file: audit.file, bytesMax: audit.mb * 1_000_000, isSynced: audit.sync },
    tui: tuiOf(tree.tui),
    fuzzy: { includedPaths: tree.fuzzy?.always_include_paths ?? [] },
    network: {
      timeoutMs: network.timeout_ms,
      idleTimeoutMs: network.idle_timeout_ms,
      retries: network.retries,
      retryBaseMs: network.retry_base_ms,
      caFile: network.ca_file,
      proxy: network.proxy,
    },
    toolsNetwork: {
      access: tree.tools_network.access,
      allow: [...new Set(tree.tools_network.allow.map((host) => hostPattern(host) ?? host))],
    },
    providers: Object.entries(tree.providers ?? {}).map(([id, provider]) => providerOf(id, provider)),
    models: Object.fromEntries(Object.entries(tree.models ?? {}).map(([id, model]) => [id, modelOf(model)])),
  }
}

function bytesOf(megabytes: number | undefined): number | undefined {
  return megabytes === undefined ? undefined : megabytes * 1_000_000
}

function providerOf(id: string, provider: ProviderTree): ProviderValues {
  const { name, wire, proxy, headers } = provider
  return {
    id,
    name,
    wire,
    baseUrl: provider.base_url,
    keyEnv: provider.key_env,
    isBearer: provider.bearer,
    hasReasoningSummary: provider.reasoning_summary,
    defaultModel: provider.default_model,
    proxy,
    headers,
  }
}

function modelOf({ context_tokens, output_tokens, price, ...rest }: ModelTree): ModelValues {
  return {
    ...rest,
    contextTokens: context_tokens,
    outputTokensMax: output_tokens,
    price: price && {
      input: price.input,
      output: price.output,
      cacheRead: price.cache_read,
      cacheWrite: price.cache_write,
    },
  }
}
