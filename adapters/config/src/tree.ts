import {
  type ContextProfile,
  type Effort,
  hostPattern,
  type Mode,
  type Network,
  type Optimize,
  type Routing,
  type Rule,
  type Sandbox,
  type SearchLocation,
  type Task,
  type Tier,
  type Verbosity,
  type WebSearch,
} from "@skein/protocol"
import { type McpServersTree, type McpTree, mcpOf, mcpRules } from "./mcp.ts"
import { type ModelTree, modelOf, type ProviderTree, providerOf } from "./model-tree.ts"
import { type TuiTree, tuiOf } from "./tui.ts"
import type { CodeValues, ConfigValues, LanguageServerValues, SecretSource } from "./values.ts"

/** The merged tree, as TOML names it; every leaf was checked against its row of the table. */
export interface ConfigTree {
  model?: string
  mode: Mode
  sandbox: Sandbox
  effort?: Effort
  verbosity?: Verbosity
  output_style?: string
  web_search: WebSearch["access"]
  tools?: {
    enable?: string[]
    disable?: string[]
    exposure?: "few" | "all"
    code_s?: number
    web_search?: {
      context_size?: WebSearch["contextSize"]
      allowed_domains?: string[]
      engines?: string[]
      searxng?: string
      location?: SearchLocation
    }
  }
  tool_router: {
    enabled: boolean
    endpoint?: string
    model?: string
    model_path?: string
    tokenizer_path?: string
    arch?: string
    device?: string
    max_tokens: number
    temperature: number
  }
  tier?: Tier | "auto"
  routing?: Routing | "off"
  optimize?: Optimize
  budget?: { session_usd?: number; day_usd?: number }
  tiers?: Partial<Record<Tier, { model?: string; effort?: Effort }>>
  limits: {
    steps?: number
    tokens?: number
    usd?: number
    wait: "never" | "ask" | "auto"
    wait_minutes_max: number
  }
  agents: { depth_max: number; running_max: number; timeout_minutes: number; worktree_include?: string[] }
  tasks?: Partial<Record<Task, string>>
  bounds?: { processes?: number; memory_mb?: number; file_mb?: number; cpu_s?: number }
  extra_roots?: string[]
  checks?: string[]
  git?: { coauthor?: boolean | string }
  rules?: Rule[]
  permissions: { import: string[] }
  hooks: { enabled: boolean; import: string[] }
  approvals: { effects: boolean }
  instructions?: { files?: string[] }
  toolbox?: { path?: string[] }
  skills?: { path?: string[]; allowed_tools?: "grant" | "limit" | "ignore" }
  edit: { format: boolean | "auto" }
  session: { location: "user" | "workspace" }
  checkpoints: { enabled: boolean; mb: number }
  context: {
    compact_at: number
    when_full: "compact" | "handoff"
    windowing: boolean
    profile: "auto" | ContextProfile
    repo_map_tokens: number
  }
  cache: { keep_alive: number; ttl: "5m" | "1h" }
  secrets?: { allow?: SecretSource[]; show?: string[] }
  log: ConfigValues["log"]
  audit: { enabled: boolean; file?: string; mb: number; sync: boolean }
  tui: TuiTree
  fuzzy?: { always_include_paths?: string[] }
  lsp: { enabled: boolean; idle_minutes: number; memory_mb: number; servers?: Record<string, LanguageServerTree> }
  lint: Record<string, boolean>
  network: {
    timeout_ms: number
    idle_timeout_ms: number
    retries: number
    retry_base_ms: number
    ca_file?: string
    proxy?: string
  }
  tools_network: { access: Network["access"]; allow: string[] }
  plugins: { import: ("claude" | "codex")[] }
  mcp: McpTree
  mcp_servers?: McpServersTree
  providers?: Record<string, ProviderTree>
  models?: { fallback?: string } & Record<string, ModelTree>
}

interface LanguageServerTree extends Omit<LanguageServerValues, "isEnabled"> {
  enabled?: boolean
}

/** Under which skein's part in a commit is told, where a person only says that it is to be. */
const OWN_TRAILER = "skein <skein@localhost>"

function coauthorOf(said: boolean | string | undefined): string | undefined {
  if (said === true) return OWN_TRAILER
  return said === false ? undefined : said
}

/** How long a program of a model's may run, where nobody says: in seconds. */
const CODE_S = 300

/** The tree in the words of the program. */
export function valuesOf(tree: ConfigTree): ConfigValues {
  const { fallback, ...models } = tree.models ?? {}
  const { limits, bounds = {}, network, audit } = tree
  return {
    model: tree.model,
    mode: tree.mode,
    sandbox: tree.sandbox,
    effort: tree.effort,
    verbosity: tree.verbosity,
    outputStyle: tree.output_style,
    webSearch: searchOf(tree),
    ...enginesOf(tree),
    toolRouter: routerOf(tree.tool_router),
    tier: tree.tier === "auto" ? undefined : tree.tier,
    routing: routingOf(tree),
    optimize: tree.optimize,
    tiers: tree.tiers ?? {},
    tasks: tree.tasks ?? {},
    limits: {
      stepsMax: limits.steps,
      tokensMax: limits.tokens,
      microUsdMax: microUsdOf(limits.usd),
      sessionMicroUsdMax: microUsdOf(tree.budget?.session_usd),
      dayMicroUsdMax: microUsdOf(tree.budget?.day_usd),
    },
    worktrees: { include: tree.agents.worktree_include ?? [".env", ".env.*"] },
    agents: {
      depthMax: tree.agents.depth_max,
      runningMax: tree.agents.running_max,
      timeoutMs: tree.agents.timeout_minutes * 60_000,
    },
    waiting: { waits: limits.wait, waitMsMax: limits.wait_minutes_max * 60_000 },
    bounds: {
      processesMax: bounds.processes,
      memoryBytesMax: bytesOf(bounds.memory_mb),
      fileBytesMax: bytesOf(bounds.file_mb),
      cpuSecondsMax: bounds.cpu_s,
    },
    extraRoots: tree.extra_roots ?? [],
    checks: tree.checks ?? [],
    git: { coauthor: coauthorOf(tree.git?.coauthor) },
    tools: {
      enable: tree.tools?.enable,
      disable: tree.tools?.disable ?? [],
      areAllInFull: tree.tools?.exposure === "all",
      codeMs: (tree.tools?.code_s ?? CODE_S) * 1000,
    },
    rules: [...(tree.rules ?? []), ...mcpRules(tree.mcp_servers)],
    permissions: { imports: tree.permissions.import },
    hooks: { isEnabled: tree.hooks.enabled, imports: tree.hooks.import },
    approvals: { areOfEffects: tree.approvals.effects },
    instructions: { files: tree.instructions?.files ?? [] },
    toolbox: { paths: tree.toolbox?.path ?? [] },
    skills: { paths: tree.skills?.path ?? [], allowedTools: tree.skills?.allowed_tools ?? "grant" },
    session: tree.session,
    checkpoints: { isEnabled: tree.checkpoints.enabled, bytesMax: tree.checkpoints.mb * 1_000_000 },
    context: {
      compactAt: tree.context.compact_at,
      whenFull: tree.context.when_full,
      isWindowed: tree.context.windowing,
      profile: tree.context.profile,
      repoMapTokens: tree.context.repo_map_tokens,
    },
    edit: { format: tree.edit.format },
    cache: { keepAliveMs: tree.cache.keep_alive * 60_000, isLong: tree.cache.ttl === "1h" },
    secrets: { allow: tree.secrets?.allow, show: tree.secrets?.show ?? [] },
    log: tree.log,
    audit: { isEnabled: audit.enabled, file: audit.file, bytesMax: audit.mb * 1_000_000, isSynced: audit.sync },
    tui: tuiOf(tree.tui),
    fuzzy: { includedPaths: tree.fuzzy?.always_include_paths ?? [] },
    code: codeOf(tree),
    plugins: { imports: tree.plugins.import },
    mcp: mcpOf(tree.mcp, tree.mcp_servers),
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
    fallbackModel: fallback,
    models: Object.fromEntries(Object.entries(models).map(([id, model]) => [id, modelOf(model)])),
  }
}

function codeOf({ lsp, lint }: ConfigTree): CodeValues {
  const servers = Object.entries(lsp.servers ?? {}).map(([name, { enabled, ...server }]) => {
    return [name, { ...server, ...(enabled === undefined ? {} : { isEnabled: enabled }) }] as const
  })
  return {
    isEnabled: lsp.enabled,
    idleMs: lsp.idle_minutes * 60_000,
    memoryBytesMax: lsp.memory_mb * 1_000_000,
    servers: Object.fromEntries(servers),
    linters: lint,
  }
}

function enginesOf({ tools }: ConfigTree): Pick<ConfigValues, "searchEngines"> {
  const { engines, searxng } = tools?.web_search ?? {}
  return engines === undefined && searxng === undefined ? {} : { searchEngines: { engines, searxng } }
}

function searchOf({ web_search: access, tools }: ConfigTree): WebSearch {
  const { context_size: contextSize, allowed_domains: allowedDomains, location } = tools?.web_search ?? {}
  return {
    access,
    ...(contextSize === undefined ? {} : { contextSize }),
    ...(allowedDomains === undefined ? {} : { allowedDomains }),
    ...(location === undefined ? {} : { location }),
  }
}

function routerOf(tree: ConfigTree["tool_router"]): ConfigValues["toolRouter"] {
  const { enabled, endpoint, model, model_path, tokenizer_path, arch, device, max_tokens, temperature } = tree
  return {
    ...{ isEnabled: enabled, endpoint, model, modelPath: model_path, tokenizerPath: tokenizer_path },
    ...{ arch, device, outputTokensMax: max_tokens, temperature },
  }
}

function routingOf({ routing, tier }: ConfigTree): Routing | undefined {
  if (routing === undefined) return tier === "auto" ? "auto" : undefined
  return routing === "off" ? undefined : routing
}

function microUsdOf(usd: number | undefined): number | undefined {
  return usd === undefined ? undefined : Math.max(1, Math.round(usd * 1_000_000))
}

function bytesOf(megabytes: number | undefined): number | undefined {
  return megabytes === undefined ? undefined : megabytes * 1_000_000
}
